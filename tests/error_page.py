"""Write docs/errors.md from the table of refusals: `python -m tests.error_page`."""

from pathlib import Path

from workers.refusals import ABORTED, INFRASTRUCTURE_ERROR, OUTCOMES, REFUSALS, REJECTED, Refusal

PAGE = Path(__file__).resolve().parents[1] / "docs" / "errors.md"
HEAD = """\
# Errors and outcomes

One table for pages, API and command line. The API answers every refusal with its status and

```json
{"error": {"code": "upload.empty", "message": "The file agent.py is empty.", "field": "file",
           "hint": "Check that the file was saved.", "request_id": "01k9..."}}
```

The command line prints `error [code] message`, then the hint, and ends with the exit status. Exit 5 may
simply be tried again. Words in braces are filled in. This page is made by `python -m tests.error_page`; a
test compares it.

## Outcomes

What became of an agent's seat in a match, or of an upload in its validation. What the platform does wrong
is never charged to an agent.

| outcome | shown as | means | what to do |
|---|---|---|---|
"""
GROUPS = {
    "upload": "Uploads",
    "archive": "Archives",
    "source": "Source",
    "package": "Packages",
    "manifest": "Models without code",
    "onnx": "Models without code",
    "submission": "Submissions",
    "competition": "Competitions",
    "team": "Teams",
    "exploit": "Submissions",
    "role": "Submissions",
    "panel": "Submissions",
    "arena": "Arenas",
    "match": "Matches",
    "play": "Playing oneself",
    "tournament": "Tournaments",
    "season": "Seasons and finals",
    "final": "Seasons and finals",
    "ledger": "Ledgers",
    "auth": "Who asks",
    "request": "Requests",
    "name": "Names",
    "image": "Pictures",
    "lease": "Workers",
    "result": "Workers",
    "worker": "Workers",
    "cli": "Command line",
    "ops": "Operators",
}


def cell(text: str) -> str:
    """Return a text as it can stand in a table."""
    return text.replace("|", "\\|").replace("<", "&lt;")


def rows(refusal: Refusal) -> list[str]:
    """Return a row for each wording of a code."""
    made = []
    for number, wording in enumerate(refusal.wordings):
        code = f"`{refusal.code}`" if number == 0 else ""
        status = wording.status or refusal.status
        text = f"{cell(wording.message)}" + (f" *{cell(wording.hint)}*" if wording.hint else "")
        made.append(f"| {code} | {status} | {int(refusal.exit_code)} | {text} |")
    return made


def page() -> str:
    """Return the whole page."""
    parts = [HEAD]
    for name, words in OUTCOMES.items():
        parts.append(f"| `{name!s}` | {cell(words.label)} | {cell(words.meaning)} | {cell(words.hint)} |\n")
    notes = f"\n`{REJECTED}`, `{INFRASTRUCTURE_ERROR}` and `{ABORTED}` never stand on a seat.\n"
    parts.append(notes)
    groups: dict[str, list[Refusal]] = {}
    for refusal in REFUSALS.values():
        head, dot, _ = refusal.code.partition(".")
        groups.setdefault(GROUPS[head] if dot and head in GROUPS else "Everywhere", []).append(refusal)
    for title in dict.fromkeys((*GROUPS.values(), "Everywhere")):
        if title in groups:
            parts.append(
                f"\n## {title}\n\n| code | status | exit | message *and hint* |\n|---|---|---|---|\n"
            )
            parts += [f"{line}\n" for refusal in groups[title] for line in rows(refusal)]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
