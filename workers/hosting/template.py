"""A competition.toml to start from: every key with its sentence, those with a default as a comment."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from textwrap import wrap
from typing import Final

import msgspec

from arenas.spec import ArenaSpec
from workers.hosting.file import (
    OPTIONS_FROM,
    TABLES,
    CompetitionFile,
    LimitOverrides,
    Table,
    Tournament,
    captions,
)
from workers.hosting.writing import write_value
from workers.league.formats.named import FORMATS, formats_for

_HEAD: Final = """\
# A competition in one file. #key = value shows a default: take the # away to change it.
# Test it:  coliseum host check {name}
# Open it:  coliseum host open {name} --server https://coliseum.example
"""
_RULES: Final = """\
1. One submission is one `.py` file, one `.onnx` model, or one zip with `agent.py`.
2. Agents run in a sandbox without network.
3. A fault of an agent loses the episode. A fault of the platform never costs anybody a point.
"""
_WIDTH: Final = 110


def make_template(arena: ArenaSpec, *, now: datetime, name: str = "competition.toml") -> str:
    """Return a commented file that `read_toml` takes.

    Args:
        arena: to play in.
        now: aware; the competition opens the next day and runs for four weeks.
        name: of the file, for its first lines.
    """
    start = now.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)
    given: dict[str, dict[str, object]] = {
        "competition": {
            "slug": re.sub("[^a-z0-9]+", "-", arena.name.lower())[:50].strip("-") + "-cup",
            "title": f"{arena.title} Cup"[:80],
            "arena": arena.id,
            "rules": _RULES,
        },
        "dates": {"opens_at": start, "closes_at": start + timedelta(weeks=4)},
    }
    fitting = [form.name for form in formats_for(arena.lineup)]
    if fitting:
        chosen = "swiss_and_cut" if "swiss_and_cut" in fitting else fitting[0]
        given["tournament"] = {"name": "Closing tournament", "format": chosen}
    examples = {
        **{name: getattr(arena.limits, name) for name in LimitOverrides.__struct_fields__},
        "summary": arena.summary,
        "overview": f"**{arena.title}** against everybody else's agents.",
        "baselines": [baseline.name for baseline in arena.baselines],
        "zone": "Europe/Berlin",
        "cuts": [32, 64, 128, 256],
        "starts_at": start + timedelta(weeks=4, hours=2),
        "merge_until": start + timedelta(weeks=3),
        "evaluation": "The leaderboard decides.",
        "prizes": "Fame.",
        "forum_url": "https://forum.example.org/",
        "faq": "**May I enter several agents?** As many as the quotas allow.",
    }
    texts = captions(CompetitionFile)
    parts = [_HEAD.format(name=name)]
    for key, table in TABLES.items():
        if key == "tournament" and not fitting:
            continue
        keys = _keys(table, given.get(key, {}), examples)
        # A final is held only where its table stands; the template shows it without asking for it.
        header = "#[final]" if key == "final" else f"[[{key}]]" if table is Tournament else f"[{key}]"
        parts.append("\n".join([*_comment(texts[key]), header, *keys]) + "\n")
    return "\n".join(parts)


def _keys(table: type[Table], given: Mapping[str, object], examples: Mapping[str, object]) -> Iterator[str]:
    texts = captions(table)
    form = FORMATS.get(str(given.get("format", "")))
    options = {option.name: option.default for option in form.options} if form else {}
    for place, field in enumerate(msgspec.structs.fields(table)):
        name = field.name
        if table is Tournament and place >= OPTIONS_FROM and name not in options:
            continue
        yield from _comment(texts[name])
        if name in given:
            yield f"{name} = {write_value(given[name])}"
        else:
            default = field.default if field.default is not None else options.get(name)
            yield f"#{name} = {write_value(default or examples.get(name, default))}"


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in wrap(text, _WIDTH - 2)]
