"""Make the certificates that ship with the package: `python -m tests.certificates [ARENA ...]`.

Without arguments it does those that are missing or no longer hold, so it may be stopped and started again;
`--again` does all, `--table` only prints what the stored ones say.
"""

import argparse

import msgspec

from arenas import registry
from arenas.certifying.certificate import SHIPPED, Certificate, file_name, fingerprint_of, keep_certificate
from arenas.certifying.checks import BRIEF, QUICK, THOROUGH
from arenas.extras import is_installed
from arenas.spec import ArenaSpec
from workers.certifying.supervising import certify

HEAD = (
    "| arena | certificate | turns/s bare | sandboxed | replay, bytes | preview, bytes | seat 1, Elo | luck |"
)


def stored(spec: ArenaSpec) -> Certificate | None:
    """Return the shipped certificate of exactly this arena."""
    path = SHIPPED / file_name(spec.id)
    if not path.is_file():
        return None
    found = msgspec.json.decode(path.read_bytes(), type=Certificate)
    return found if found.fingerprint == fingerprint_of(spec) else None


def row(certificate: Certificate) -> str:
    """Return a certificate as a row of the table."""
    values = {check.name: check.value for check in certificate.checks}

    def told(name: str, form: str) -> str:
        value = values.get(name)
        return "" if value is None else format(value, form)

    verdict = "ok" if certificate.ok else "; ".join(f"{c.name}: {c.detail}" for c in certificate.failed)
    figures = [
        told("speed", ",.0f"),
        told("speed_sandboxed", ",.0f"),
        told("recorder", ",.0f"),
        told("preview", ",.0f"),
        told("seat_advantage", "+.0f"),
        told("luck", ".2f"),
    ]
    return f"| {' | '.join([certificate.id, verdict, *figures])} |"


def main() -> None:
    """Make what is missing, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.certificates", description=__doc__)
    parser.add_argument("arenas", nargs="*", help="ids; all by default")
    parser.add_argument("--again", action="store_true", help="also those that hold")
    parser.add_argument("--thorough", action="store_true", help="play more")
    parser.add_argument("--brief", action="store_true", help="play little; made anew by the next full run")
    parser.add_argument("--table", action="store_true", help="make none, print the stored ones")
    told = parser.parse_args()
    specs = [registry.get(name) for name in told.arenas or registry.names()]
    specs.sort(key=lambda spec: bool(spec.extra))  # Those that everybody has first.
    print(HEAD, "|---|---|---|---|---|---|---|---|", sep="\n")
    for spec in specs:
        found = stored(spec)
        if found is None and not is_installed(spec):
            print(f"| {spec.id} | not installed here (extra {spec.extra}) | | | | | | |")
            continue
        is_enough = (
            found is not None and found.ok and found.sheet and (told.brief or found.effort != BRIEF.name)
        )
        if not told.table and (not is_enough or told.again or told.arenas):
            made = certify(spec, BRIEF if told.brief else THOROUGH if told.thorough else QUICK)
            found = made.certificate
            keep_certificate(found, made.preview, SHIPPED)
        print(row(found) if found else f"| {spec.id} | none | | | | | | |", flush=True)


if __name__ == "__main__":
    main()
