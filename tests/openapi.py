"""Write docs/openapi.json and the table of docs/api.md from the API itself: `python -m tests.openapi`."""

import json
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
STORED = ROOT / "docs" / "openapi.json"
PAGE = ROOT / "docs" / "api.md"
MARKS = ("<!-- operations -->", "<!-- end of operations -->")
GROUPS = {
    "competitions": "Competitions",
    "joining": "Taking part",
    "teams": "Teams",
    "submissions": "Submissions",
    "agents": "Agents",
    "matches": "Matches",
    "leaderboards": "Leaderboards",
    "export": "Bulk export",
    "phases": "Seasons and finals",
    "tournaments": "Tournaments",
    "announcements": "Announcements",
    "hosting": "Hosting",
    "arenas": "Arenas",
    "people": "People",
    "notices": "Notices and webhooks",
    "search": "Search",
    "status": "Status",
}
"""Tags in the order of the page, and what each section is called."""


def described() -> dict[str, Any]:
    """Return the description as it is published, without what depends on the machine."""
    from coliseum.api.urls import api

    schema = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
    found: dict[str, Any] = schema
    return found


def text_of(schema: dict[str, Any]) -> str:
    """Return the stored form: a stable order, a line each, so that a change shows in a diff."""
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def tables_of(schema: dict[str, Any]) -> str:
    """Return all operations as tables, a section a tag."""
    rows: dict[str, list[str]] = {tag: [] for tag in GROUPS}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            said = operation["description"].partition("\n")[0].removesuffix(".")
            asked = " ".join(
                f"`?{each['name']}`"
                for each in operation["parameters"]
                if each["in"] == "query" and each["name"] not in {"limit", "cursor"}
            )
            does = f"{said[:1].lower()}{said[1:]}{'; ' if asked else ''}{asked}"
            address, scope = path.removeprefix("/api/v1"), operation["x-scope"] or ""
            rows[operation["tags"][0]].append(f"| {method.upper()} | `{address}` | {scope} | {does} |")
    head = "| method | address | scope | does |\n|---|---|---|---|\n"
    return "\n\n".join(f"### {GROUPS[tag]}\n\n{head}" + "\n".join(rows[tag]) for tag in GROUPS)


def page_with(tables: str, page: str) -> str:
    """Return the page with these tables between its marks."""
    before, _, rest = page.partition(MARKS[0])
    return f"{before}{MARKS[0]}\n\n{tables}\n\n{MARKS[1]}{rest.partition(MARKS[1])[2]}"


def main() -> None:
    """Write both."""
    sys.path.insert(0, str(ROOT / "platform"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coliseum.settings")
    import django

    django.setup()
    schema = described()
    STORED.write_text(text_of(schema), encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(page_with(tables_of(schema), page), encoding="utf-8")


if __name__ == "__main__":
    main()
