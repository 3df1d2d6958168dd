"""Write the list of modules in ARCHITECTURE.md from their captions: `make rooms`."""

import re
from pathlib import Path

from tests.test_docs import modules

ROOT = Path(__file__).resolve().parents[1]
START, END = "<!-- rooms: made by `make rooms` -->", "<!-- end of rooms -->"


def table() -> str:
    """Return one table a room, in order of the tree."""
    rooms: dict[str, list[str]] = {}
    for name in modules():
        caption = (ROOT / name).read_text(encoding="utf-8").split('"""')[1].strip().splitlines()[0]
        rooms.setdefault(name.rpartition("/")[0], []).append(f"| `{name}` | {caption} |")
    parts = [
        f"### `{room}/`\n\n| module | what is in it |\n|---|---|\n" + "\n".join(rows)
        for room, rows in rooms.items()
    ]
    return "\n\n".join(parts)


if __name__ == "__main__":
    path = ROOT / "ARCHITECTURE.md"
    text = path.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(START) + ".*?" + re.escape(END), re.S)
    path.write_text(pattern.sub(lambda _: f"{START}\n\n{table()}\n\n{END}", text), encoding="utf-8")
