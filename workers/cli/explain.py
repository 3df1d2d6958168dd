"""`coliseum explain`: what a code means and what to do, without any network."""

from typing import Any

import click

from workers.cli.names import unknown_name
from workers.cli.output import show_json, show_line
from workers.refusals import OUTCOMES, REFUSALS


@click.command()
@click.argument("code", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def explain(code: str | None, as_json: bool) -> None:
    """Tell what CODE (of a refusal, or an outcome) means and what to do; list all codes without one."""
    if code is None:
        codes = list(dict.fromkeys([*OUTCOMES, *REFUSALS]))
        if as_json:
            show_json({"items": codes})
        else:
            for each in codes:
                show_line(each)
        return
    found = _explained(code.strip().strip("[]").lower())
    if as_json:
        show_json(found)
        return
    show_line(
        f"{found['code']} (exit status {found['exit_status']})" if "exit_status" in found else found["code"]
    )
    for wording in found["wordings"]:
        show_line(f"  {wording['message']}")
        if wording["hint"]:
            show_line(f"    {wording['hint']}")


def _explained(code: str) -> dict[str, Any]:
    """Return what the tables say of a code.

    Raises:
        RefusedError: `cli.unknown_name`.
    """
    if code in OUTCOMES:
        outcome = OUTCOMES[code]
        return {"code": code, "wordings": [{"message": outcome.meaning, "hint": outcome.hint}]}
    if code not in REFUSALS:
        raise unknown_name("code", code, {**OUTCOMES, **REFUSALS})
    refusal = REFUSALS[code]
    wordings = [{"message": each.message, "hint": each.hint} for each in refusal.wordings]
    return {
        "code": code,
        "status": refusal.status,
        "exit_status": int(refusal.exit_code),
        "wordings": wordings,
    }
