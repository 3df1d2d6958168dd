"""Measurements as a table for people: the results section of docs/benchmarks.md."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias

from workers.refusals import RefusedError

BEGIN: Final = "<!-- results: written by coliseum bench all --into -->"
END: Final = "<!-- end of results -->"

Row: TypeAlias = Mapping[str, Any]  # Any: rows as they are printed as JSON.


def results_section(runs: Sequence[Sequence[Row]], laws: Sequence[Row], machines: Sequence[Row]) -> str:
    """Return measurements of one or more runs as Markdown.

    Args:
        runs: for each run the rows of its workloads.
        laws: the growth laws.
        machines: what the machine was like before each run.
    """
    parts = [_machine(machines)]
    if any(runs):
        parts += [_goals(runs), "### All variants, first run", _variants(runs[0])]
    if laws:
        parts += ["### Growth", _laws(laws)]
    return "\n\n".join(parts)


def write_section(path: Path, section: str, *, marks: tuple[str, str] = (BEGIN, END)) -> None:
    """Put a section between the two marks of a file.

    Raises:
        RefusedError: `cli.usage`, the file cannot be read or written, or has no marks.
    """
    try:
        text = path.read_text(encoding="utf-8")
        head, begin, rest = text.partition(marks[0])
        _, end, tail = rest.partition(marks[1])
        if not (begin and end):
            raise RefusedError("cli.usage", problem=f"{path} lacks the lines {marks[0]} and {marks[1]}.")
        path.write_text(f"{head}{begin}\n\n{section}\n\n{end}{tail}", encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError("cli.usage", problem=f"{path} cannot be rewritten: {error}.") from error


def _machine(machines: Sequence[Row]) -> str:
    first = machines[0]
    loads = ", ".join(str(each["load"]) for each in machines)
    is_busy = any(each["busy"] for each in machines)
    busy = (
        " **The machine was busy with other work: these figures are a trial of the method.**"
        if is_busy
        else ""
    )
    return (
        f"{date.today().isoformat()}, {first['processor']}, {first['cores']} cores, Linux {first['kernel']}, "
        f"Python {first['python']}, isolation {first['isolation']}; load before each run: {loads}.{busy}"
    )


def _goals(runs: Sequence[Sequence[Row]]) -> str:
    head = ["goal", "workload", "what", *(f"run {number}" for number in range(1, len(runs) + 1))]
    head += ["goal", "aim", "reached"]
    rows = []
    for place, first in enumerate(runs[0]):
        for which, goal in enumerate(first["goals"] or [_no_goal(first)]):
            found = [(run[place]["goals"] or [_no_goal(run[place])])[which] for run in runs]
            rows.append(
                [
                    goal["id"],
                    first["name"],
                    goal["what"],
                    *map(_with_range, found),
                    _number(goal["goal"]),
                    _number(goal["aim"]),
                    _verdict(found),
                ]
            )
    return _table(head, rows)


def _no_goal(row: Row) -> Row:
    """Return the ratio of a workload that has no goal, in the form of one."""
    ratio = {name: row[name] for name in ("min", "max")}
    what = f"{row['unit']}, over bare"
    return {"id": "", "what": what, "value": row["ratio"], **ratio, "goal": None, "aim": None, "reached": ""}


def _verdict(found: Sequence[Row]) -> str:
    """Return the worst of all runs."""
    verdicts = [str(each["reached"]) for each in found]
    order = ("not measured", "missed", "goal", "aim")
    return next((each for each in order if each in verdicts), "")


def _with_range(goal: Row) -> str:
    if goal["value"] is None:
        return "not measured"
    return f"{_number(goal['value'])} ({_number(goal['min'])} to {_number(goal['max'])})"


def _variants(rows: Sequence[Row]) -> str:
    lines = [
        [
            row["name"] if number == 0 else "",
            name,
            f"{_number(variant['rate'])} {row['unit']}",
            f"{_number(variant['ratio'])} ({_number(variant['min'])} to {_number(variant['max'])})",
            variant["over"],
        ]
        for row in rows
        for number, (name, variant) in enumerate(row["variants"].items())
    ]
    return _table(["workload", "variant", "median", "ratio (least to greatest)", "over"], lines)


def _laws(laws: Sequence[Row]) -> str:
    rows = [
        [
            law["name"],
            f"{law['says']}.",
            ", ".join(f"{size:g}" for size in law["sizes"]),
            ", ".join(_number(cost) for cost in law["costs"]) + f" {law['unit']}",
            ("lost in the noise" if law["slope"] is None else f"{law['slope']:.3g}")
            + (f", {_number(law['fixed'])} at 0" if "fixed" in law else ""),
            f"{law['bound']:g}" + (f", {law['most_fixed']:g} at 0" if "fixed" in law else ""),
            "yes" if law["ok"] else "no",
        ]
        for law in laws
    ]
    return _table(["law", "what", "sizes", "costs", "slope", "bound", "holds"], rows)


def _number(value: float | None) -> str:
    """Return a figure with three digits that count, without an exponent."""
    if value is None:
        return ""
    digits = max(0, 2 - len(str(int(abs(value)))) + 1) if abs(value) >= 1 else 3
    return f"{value:,.{digits}f}" if isinstance(value, float) else f"{value:,}"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
