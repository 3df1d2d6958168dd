import contextlib
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.unpack import UnpackError, unpack


def archive(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return buffer.getvalue()


def test_one_file_becomes_agent_py(tmp_path):
    unpack(b"x = 1", "my bot.py", str(tmp_path), 100)
    assert (tmp_path / "agent.py").read_bytes() == b"x = 1"


def test_an_archive_keeps_its_folders(tmp_path):
    unpack(archive({"agent.py": "a", "net/": "", "net/w.bin": "b"}), "agent.zip", str(tmp_path), 100)
    assert (tmp_path / "net" / "w.bin").read_text() == "b"


def test_the_size_is_that_of_what_is_written_and_not_of_what_is_claimed(tmp_path):
    with pytest.raises(UnpackError, match="larger"):
        unpack(archive({"a": b"x" * 60, "b": b"x" * 60}), "agent.zip", str(tmp_path), 100)
    with pytest.raises(UnpackError, match="larger"):
        unpack(b"x" * 101, "agent.py", str(tmp_path / "."), 100)


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/x", "a\\b", "..", "a/./b"])
def test_no_path_leads_out(tmp_path, name):
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(UnpackError, match="unsafe path"):
        unpack(archive({name: "x"}), "agent.zip", str(inside), 100)
    assert [path.name for path in tmp_path.rglob("*")] == ["inside"]


GOOD = archive({"agent.py": "x" * 50, "b/c": "y" * 50})


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_archive_is_unpacked_or_refused_and_nothing_else(tmp_path_factory, changes):
    damaged = bytearray(GOOD)
    for at, value in changes:
        damaged[at] = value
    folder = tmp_path_factory.mktemp("package") / "inside"
    folder.mkdir()
    with contextlib.suppress(UnpackError):
        unpack(bytes(damaged), "agent.zip", str(folder), 200)
    assert list(folder.parent.iterdir()) == [folder]
