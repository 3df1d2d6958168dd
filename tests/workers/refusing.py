"""What an upload is refused for, as the tests of the inspection ask it."""

import pytest

from tests.workers.zips import AGENT, Entry, ordinary
from workers.package import inspect_package
from workers.refusals import RefusedError

AGENT_ENTRY = Entry(b"agent.py", AGENT)


def refusal(content, file_name="agent.zip", **options):
    with pytest.raises(RefusedError) as caught:
        inspect_package(content, file_name=file_name, **options)
    assert caught.value.field == "file"
    return caught.value.code, caught.value.message


def source_refusal(source):
    """The same refusal must come for a single file and for agent.py in a zip."""
    alone = refusal(source, "agent.py")
    assert refusal(ordinary({"agent.py": source})) == alone
    return alone
