"""Plots with a row an agent: the ladder, chances of places, seats, bars of scores."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coliseum.pages.charts.figures import Content, Figure, Names, between, percent, unit_of, written
from coliseum.pages.charts.marks import (
    ACCENT,
    INK,
    LINE,
    SOFT,
    WIDTH,
    Point,
    clipped,
    dot,
    line,
    picture,
    rect,
    tick_words,
    ticks,
    words,
)

_LEFT, _RIGHT, _ROW, _TOP = 112.0, 12.0, 17.0, 20.0


def _scale(low: float, high: float) -> tuple[float, float]:
    """Return factor and offset that lay values between the names and the right edge."""
    factor = (WIDTH - _LEFT - _RIGHT) / ((high - low) or 1.0)
    return factor, _LEFT - low * factor


def _grid(low: float, high: float, top: float, bottom: float) -> list[SafeString]:
    factor, offset = _scale(low, high)
    marks = []
    for value in ticks(low, high):
        x = value * factor + offset
        marks.append(line((x, top - 4), (x, bottom), LINE))
        marks.append(words((x, top - 8), tick_words(value), anchor="middle", size=10, fill=SOFT))
    return marks


_Entry = tuple[str, str, float, float, float]
"""Name, title, value, low and high."""


def _whiskers(rows: Sequence[_Entry], *, zero: bool = False, top: float = _TOP) -> list[SafeString]:
    """Draw name, interval and point of each row."""
    low, high = min(row[3] for row in rows), max(row[4] for row in rows)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    room = 0.02 * (high - low) or 0.5
    low, high = low - room, high + room
    factor, offset = _scale(low, high)
    bottom = top + _ROW * len(rows)
    marks = _grid(low, high, top, bottom)
    if zero:
        marks.append(line((offset, top - 4), (offset, bottom), SOFT))
    for number, (name, title, value, least, most) in enumerate(rows):
        y = top + _ROW * (number + 0.5)
        marks.append(words((_LEFT - 6, y + 4), clipped(name, 15), anchor="end", title=name))
        at: Point = (least * factor + offset, y - 2.5)
        marks.append(rect(at, ((most - least) * factor, 5), ACCENT, opacity=0.35, title=title))
        marks.append(dot((value * factor + offset, y), 3.2, ACCENT, title=title))
    return marks


def draw_ladder(content: Content, names: Names) -> Figure:
    """Draw rating and interval of every agent; stripes hold those that cannot be told apart."""
    rows = [row for row in content["rows"] if row["agent"] in names]
    entries = []
    for row in rows:
        name = names[row["agent"]]
        title = f"{row['rank']}. {_told(name, row, content)}"
        entries.append((name, title, row["rating"], row["low"], row["high"]))
    bottom = _TOP + _ROW * len(rows)
    stripes = [
        rect((0, _TOP + _ROW * number), (WIDTH, _ROW), SOFT, opacity=0.12)
        for number, row in enumerate(rows)
        if row["band"] % 2
    ]
    bands = len({row["band"] for row in rows})
    first = entries[0][1] if entries else _("Nobody is rated yet")
    summary = _("%(first)s. %(count)s of %(all)s agents in %(groups)s groups that cannot be told apart.") % {
        "first": first,
        "count": len(rows),
        "all": content["of"],
        "groups": bands,
    }
    return Figure(
        svg=picture(bottom + 6, summary, [*stripes, *(_whiskers(entries) if entries else [])]),
        summary=summary,
        columns=(_("Rank"), _("Agent"), unit_of(content).capitalize(), "95 %", _("Group")),
        rows=tuple(
            (
                f"{row['rank']} ({row['rank_low']}-{row['rank_high']})",
                names[row["agent"]],
                written(row["rating"], content),
                between(written(row["low"], content), written(row["high"], content)),
                str(row["band"] + 1),
            )
            for row in rows
        ),
    )


def draw_rank_distribution(content: Content, names: Names) -> Figure:
    """Draw how likely each place is for the first agents, as bars along the places."""
    kept = [
        (names[agent], shares)
        for agent, shares in zip(content["agents"], content["shares"], strict=True)
        if agent in names
    ]
    places, row = content["places"], 34.0
    step = (WIDTH - _LEFT - _RIGHT) / max(1, places)
    bottom = _TOP + row * len(kept)
    tallest = max((max(shares) for name, shares in kept), default=1.0) or 1.0
    marks = []
    for value in sorted({1, places, *(tick for tick in range(5, places, 5))}):
        x = _LEFT + step * (value - 0.5)
        marks.append(words((x, _TOP - 8), f"{value}", anchor="middle", size=10, fill=SOFT))
    for number, (name, shares) in enumerate(kept):
        floor = _TOP + row * (number + 1) - 3
        marks.append(words((_LEFT - 6, floor - 6), clipped(name, 15), anchor="end", title=name))
        marks.append(line((_LEFT, floor), (WIDTH - _RIGHT, floor), LINE))
        for place, share in enumerate(shares):
            height = (row - 8) * share / tallest
            title = _("%(agent)s: place %(place)s with %(chance)s") % {
                "agent": name,
                "place": place + 1,
                "chance": percent(share),
            }
            marks.append(
                rect((_LEFT + step * place, floor - height), (step * 0.86, height), ACCENT, title=title)
            )
    likely = [f"{name} {percent(shares[0])}" for name, shares in kept if shares and shares[0] >= 0.005]
    summary = (
        _("Chance of the first place: %(agents)s.") % {"agents": ", ".join(likely)}
        if likely
        else _("Chance of the first place: nobody stands out.")
    )
    return Figure(
        svg=picture(bottom + 4, summary, marks),
        summary=summary,
        columns=(_("Agent"), _("First"), _("Among three"), _("Likeliest place")),
        rows=tuple(
            (
                name,
                percent(shares[0]),
                percent(sum(shares[:3])),
                str(max(range(len(shares)), key=shares.__getitem__) + 1),
            )
            for name, shares in kept
        ),
    )


def draw_seats_and_roles(content: Content, names: Names) -> Figure:
    """Draw what each seat is worth, and below it each agent's rating by role."""
    seats: list[_Entry] = []
    for seat in content["seats"]:
        name = _("Seat %(number)s") % {"number": seat["seat"] + 1}
        name = f"{name}, {seat['role']}" if seat["role"] else name
        seats.append((name, _told(name, seat, content), seat["rating"], seat["low"], seat["high"]))
    roles: list[_Entry] = []
    by_role = {"unit": content.get("role_unit", content.get("unit"))}
    for role in content["roles"]:
        for row in role["agents"]:
            if row["agent"] in names:
                name = _("%(agent)s as %(role)s") % {"agent": names[row["agent"]], "role": role["role"]}
                roles.append((name, _told(name, row, by_role), row["rating"], row["low"], row["high"]))
    if not seats and not roles:
        summary = _(
            "Every match is played in all seatings with the same seed, so that no seat gives an edge."
        )
        return Figure(
            svg=picture(30, summary, [words((0, 20), _("Seats cancel out."), fill=INK)]), summary=summary
        )
    below = _TOP + (_ROW * len(seats) + 34 if seats else 0)
    marks = _whiskers(seats, zero=True) if seats else []
    marks += _whiskers(roles, top=below) if roles else []
    widest = max(seats or roles, key=lambda entry: abs(entry[2]))
    summary = _("Largest effect: %(effect)s. A seat whose bar crosses zero gives no sure edge.") % {
        "effect": widest[1]
    }
    return Figure(
        svg=picture((below + _ROW * len(roles) if roles else _TOP + _ROW * len(seats)) + 6, summary, marks),
        summary=summary,
        columns=(_("What"), _("Value with 95 %")),
        rows=tuple((name, title.partition(": ")[2]) for name, title, *_ in (*seats, *roles)),
    )


def _told(name: str, row: Content, content: Content) -> str:
    interval = between(written(row["low"], content), written(row["high"], content))
    return f"{name}: {written(row['rating'], content)} ({interval})"


def draw_opponents(content: Content, names: Names) -> Figure:
    """Draw how many matches each agent has played, the mean marked: whether all get their share."""
    kept = [
        (names[agent], matches, opponents, share)
        for agent, matches, opponents, share in zip(
            content["agents"], content["played"], content["opponents"], content["share"], strict=True
        )
        if agent in names
    ]
    most = max((row[1] for row in kept), default=1) or 1
    factor = (WIDTH - _LEFT - _RIGHT - 40) / most
    bottom = _TOP + _ROW * len(kept)
    mean = _LEFT + content["mean"] * factor
    marks = [
        words(
            (mean, _TOP - 8),
            _("mean %(mean)s") % {"mean": f"{content['mean']:.0f}"},
            anchor="middle",
            size=10,
            fill=SOFT,
        ),
        line((mean, _TOP - 4), (mean, bottom), SOFT, dashes="3 3"),
    ]
    for number, (name, matches, opponents, share) in enumerate(kept):
        y = _TOP + _ROW * (number + 0.5)
        title = _("%(agent)s: %(matches)s matches, %(opponents)s opponents, %(share)s of all seats") % {
            "agent": name,
            "matches": matches,
            "opponents": opponents,
            "share": percent(share),
        }
        marks.append(words((_LEFT - 6, y + 4), clipped(name, 15), anchor="end", title=name))
        marks.append(rect((_LEFT, y - 4), (matches * factor, 8), ACCENT, opacity=0.6, title=title))
        marks.append(words((_LEFT + matches * factor + 4, y + 3.5), f"{opponents}", size=9.5, fill=SOFT))
    least = min((row[1] for row in kept), default=0)
    summary = _(
        "%(count)s agents played %(mean)s matches each on average, %(least)s to %(most)s. "
        "The number behind a bar counts different opponents."
    ) % {"count": content["of"], "mean": f"{content['mean']:.0f}", "least": least, "most": most}
    return Figure(
        svg=picture(bottom + 6, summary, marks),
        summary=summary,
        columns=(_("Agent"), _("Matches"), _("Opponents"), _("Share of all seats")),
        rows=tuple(
            (name, str(matches), str(met), f"{100 * share:.1f} %") for name, matches, met, share in kept
        ),
    )
