"""Plots along an axis: versions, convergence, calibration, profiles of scores; and the disc of styles."""

import math
from datetime import datetime

from django.utils.translation import gettext as _

from coliseum.pages.charts.axes import Axes, padded
from coliseum.pages.charts.figures import Content, Figure, Names, between, known, percent, unit_of, written
from coliseum.pages.charts.marks import (
    ACCENT,
    LINE,
    SEATS,
    SOFT,
    WIDTH,
    area,
    clipped,
    dot,
    line,
    path,
    picture,
    words,
)
from coliseum.pages.wording import counted


def draw_lineage(content: Content, names: Names) -> Figure:
    """Draw how each team's agents got better (or not) from version to version."""
    kept = [
        (each, [point for point in each["points"] if point["rating"] is not None])
        for each in content["lines"]
    ]
    kept = [(each, points) for each, points in kept if points]
    if not kept:
        return _nothing(_("No agent is rated yet."))
    times = [_day(point["at"]) for each, points in kept for point in points]
    first, last = min(times), max(times)
    values = [value for each, points in kept for point in points for value in (point["low"], point["high"])]
    axes = Axes(*padded(0.0, (last - first) or 1.0), *padded(min(values), max(values)))
    marks = axes.drawn(_("days since the first upload"), unit_of(content))
    for number, (each, points) in enumerate(kept):
        colour = SOFT if each["is_house"] else SEATS[number % len(SEATS)]
        places = [axes.at(_day(point["at"]) - first, point["rating"]) for point in points]
        marks.append(path(places, colour, width=1.2 if each["is_house"] else 2.0, title=each["name"]))
        for place, point in zip(places, points, strict=True):
            x = place[0]
            marks.append(line((x, axes.y(point["low"])), (x, axes.y(point["high"])), colour, width=0.8))
            title = f"{each['name']} v{point['number']}: {written(point['rating'], content)}"
            marks.append(dot(place, 3.4 if point["active"] else 2.2, colour, title=title))
    gains = [
        (points[-1]["rating"] - points[0]["rating"], each["name"]) for each, points in kept if len(points) > 1
    ]
    best = max(gains, default=None)
    told = (
        _("%(team)s gained most since its first version: %(points)s.")
        % {"team": best[1], "points": f"{best[0]:+.0f}"}
        if best
        else _("Every team has one version.")
    )
    return Figure(
        svg=picture(axes.whole_height, told, marks),
        summary=told,
        columns=(_("Team"), _("Version"), _("Uploaded"), unit_of(content).capitalize(), "95 %"),
        rows=tuple(
            (
                each["name"],
                f"v{point['number']}",
                point["at"][:10],
                written(point["rating"], content),
                between(written(point["low"], content), written(point["high"], content)),
            )
            for each, points in kept
            for point in points
        ),
    )


def _day(at: str) -> float:
    return datetime.fromisoformat(at).timestamp() / 86_400


def draw_convergence(content: Content, names: Names) -> Figure:
    """Draw how close the order came to that of now, and how sure, with the matches played."""
    points = content["points"]
    if not points:
        return _nothing(_("Too few matches to say."))
    axes = Axes(0.0, max(point["episodes"] for point in points) or 1.0, 0.0, 1.0)
    marks = axes.drawn(_("episodes an agent"), _("agreement with the order of now (tau)"))
    marks.append(
        path([axes.at(point["episodes"], max(0.0, point["tau"])) for point in points], ACCENT, width=2)
    )
    for point in points:
        title = _("%(episodes)s episodes an agent: tau %(tau)s, error %(error)s") % {
            "episodes": f"{point['episodes']:.0f}",
            "tau": f"{point['tau']:.2f}",
            "error": f"{point['error']:.0f}",
        }
        marks.append(dot(axes.at(point["episodes"], max(0.0, point["tau"])), 3.2, ACCENT, title=title))
    now = points[-1]
    wanted = ", ".join(
        _("±%(error)s after %(episodes)s")
        % {"error": f"{1.96 * goal['error']:.0f}", "episodes": f"{goal['episodes']:.0f}"}
        for goal in content["wanted"]
    )
    error = f"{now['error']:.0f}"
    summary = (
        _(
            "After %(episodes)s episodes an agent the standard error is %(error)s points. "
            "A 95 %% interval of %(wanted)s episodes in all."
        )
        % {"episodes": f"{now['episodes']:.0f}", "error": error, "wanted": wanted}
        if wanted
        else _("Mean standard error %(error)s.") % {"error": error}
    )
    return Figure(
        svg=picture(axes.whole_height, summary, marks),
        summary=summary,
        columns=(_("Matches"), _("Episodes an agent"), _("Tau to now"), _("Mean standard error")),
        rows=tuple(
            (
                str(point["matches"]),
                f"{point['episodes']:.0f}",
                f"{point['tau']:.2f}",
                f"{point['error']:.0f}",
            )
            for point in points
        ),
    )


def draw_calibration(content: Content, names: Names) -> Figure:
    """Draw what came true of what the ratings promised before the matches."""
    bins = [each for each in content["bins"] if each["results"]]
    if not bins:
        return _nothing(_("Too few matches to say."))
    axes = Axes(0.5, 1.0, 0.0, 1.0)
    marks = axes.drawn(_("promised share of points"), _("share that came true"))
    marks.append(line(axes.at(0.5, 0.5), axes.at(1.0, 1.0), SOFT, dashes="4 4"))
    for each in bins:
        x = axes.x(each["predicted"])
        title = _("promised %(promised)s, came %(came)s") % {
            "promised": percent(each["predicted"]),
            "came": percent(each["observed"]),
        }
        marks.append(line((x, axes.y(each["low"])), (x, axes.y(each["high"])), ACCENT, width=1.4))
        marks.append(dot((x, axes.y(each["observed"])), 3.6, ACCENT, title=title))
    off = (
        sum(each["results"] * abs(each["observed"] - each["predicted"]) for each in bins) / content["results"]
    )
    summary = _(
        "%(results)s results, predicted beforehand: off by %(off)s on average. "
        "Log-loss %(loss)s; a coin has %(coin)s."
    ) % {
        "results": counted(content["results"]),
        "off": percent(off),
        "loss": f"{content['log_loss']:.3f}",
        "coin": f"{content['log_loss_coin']:.3f}",
    }
    return Figure(
        svg=picture(axes.whole_height, summary, marks),
        summary=summary,
        columns=(_("Promised"), _("Came true"), "95 %", _("Results")),
        rows=tuple(
            (
                percent(each["predicted"]),
                percent(each["observed"]),
                between(percent(each["low"]), percent(each["high"])),
                str(each["results"]),
            )
            for each in bins
        ),
    )


def draw_performance_profiles(content: Content, names: Names) -> Figure:
    """Draw, for each agent, the share of scenarios with a score above each threshold."""
    kept = [each for each in content["profiles"] if each["agent"] in names]
    thresholds = content["thresholds"]
    if not kept or len(thresholds) < 2:
        return _nothing(_("Too few scenarios to say."))
    axes = Axes(thresholds[0], thresholds[-1], 0.0, 1.0)
    marks = axes.drawn(_("score"), _("share of scenarios above it"))
    for number, each in enumerate(kept):
        colour = SEATS[number % len(SEATS)]
        upper = [axes.at(x, y) for x, y in zip(thresholds, each["high"], strict=True)]
        lower = [axes.at(x, y) for x, y in zip(thresholds, each["low"], strict=True)]
        marks.append(area([*upper, *reversed(lower)], colour, opacity=0.1))
        places = [axes.at(x, y) for x, y in zip(thresholds, each["share"], strict=True)]
        marks.append(path(places, colour, width=2, title=names[each["agent"]]))
        marks.append(dot((60 + 180 * (number % 2), axes.whole_height + 8 + 15 * (number // 2)), 4, colour))
        key = (68 + 180 * (number % 2), axes.whole_height + 12 + 15 * (number // 2))
        marks.append(words(key, clipped(names[each["agent"]], 24), size=10.5))
    best = content["iqm"][0] if content["iqm"] else None
    first = names.get(best["agent"], "") if best else ""
    summary = _("%(count)s common scenarios.") % {"count": content["common_seeds"]}
    if best and first:
        interval = between(f"{best['low']:.2f}", f"{best['high']:.2f}")
        leader = {"agent": first, "score": f"{best['rating']:.2f}", "interval": interval}
        summary = " ".join((summary, _("Best: %(agent)s %(score)s (%(interval)s).") % leader))
    return Figure(
        svg=picture(axes.whole_height + 14 + 15 * math.ceil(len(kept) / 2), summary, marks),
        summary=summary,
        columns=(_("Agent"), _("Score"), "95 %"),
        rows=tuple(
            (names[bar["agent"]], f"{bar['rating']:.2f}", between(f"{bar['low']:.2f}", f"{bar['high']:.2f}"))
            for bar in content["iqm"]
            if bar["agent"] in names
        ),
    )


def draw_style_disc(content: Content, names: Names) -> Figure:
    """Draw styles on a disc: an agent does better than its rating against those counter-clockwise of it."""
    labels, at = known(content, names)
    middle, radius = WIDTH / 2, WIDTH / 2 - 74
    turn = [
        (middle + radius * math.cos(step / 60 * math.tau), middle + radius * math.sin(step / 60 * math.tau))
        for step in range(61)
    ]
    marks = [path(turn, LINE), dot((middle, middle), 2, SOFT)]
    marks.append(
        words(
            (middle, 16),
            _("each beats what lies counter-clockwise of it ↺"),
            anchor="middle",
            size=11,
            fill=SOFT,
        )
    )
    for number, (name, index) in enumerate(zip(labels, at, strict=True)):
        # The picture's y grows downwards, the plot's upwards.
        x = middle + radius * content["x"][index]
        y = middle - radius * content["y"][index]
        marks.append(dot((x, y), 4, SEATS[number % len(SEATS)], title=name))
        if number < 16:
            side = "start" if x >= middle else "end"
            marks.append(
                words((x + (7 if x >= middle else -7), y + 4), clipped(name, 14), anchor=side, size=10)
            )
    summary = _(
        "The two axes hold %(share)s of all results that ratings cannot explain. "
        "Agents near the middle have no style of their own."
    ) % {"share": percent(content["share"])}
    return Figure(
        svg=picture(WIDTH - 30, summary, marks),
        summary=summary,
        columns=(_("Agent"), "x", "y"),
        rows=tuple(
            (name, f"{content['x'][index]:+.2f}", f"{content['y'][index]:+.2f}")
            for name, index in zip(labels, at, strict=True)
        ),
    )


def _nothing(told: str) -> Figure:
    return Figure(svg=picture(30, told, [words((0, 20), told)]), summary=told)
