"""Two people change the same thing by the same form: what one leaves alone stays as the other made it.

How it works. A form carries a mark of each value that it showed. A field that comes back with the mark it
had was left alone, so that whatever is kept by then stays. One that was changed here and elsewhere is asked
about.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Final, TypeAlias

Raw: TypeAlias = "str | bool | list[str] | None"
"""A value as a form sends it."""
FIELD: Final = "shown"
"""Of the hidden field with the marks."""
_LONGEST: Final = 50_000


def mark(raw: Raw) -> str:
    """Return what tells whether two values of a field are the same."""
    if isinstance(raw, list):
        raw = "\n".join(sorted(raw))
    text = "" if raw is None else str(raw).replace("\r\n", "\n").strip()
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def write_marks(marks: Mapping[str, str]) -> str:
    """Return the marks as they stand in the form."""
    return json.dumps(marks, sort_keys=True, separators=(",", ":"))


def read_marks(sent: str) -> dict[str, str]:
    """Return the marks that a form brought back; none where they cannot be read."""
    try:
        found = json.loads(sent[:_LONGEST]) if sent else {}
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(each) for name, each in found.items()} if isinstance(found, dict) else {}
