"""Names that are not there, with those that were probably meant."""

from collections.abc import Iterable

from workers.refusals import RefusedError


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """Return the names that look most alike, the best first; none where all are far."""
    # It takes three milliseconds to import, which nobody who types right should wait for.
    import difflib

    return difflib.get_close_matches(name.lower(), list(names), n=3, cutoff=0.5)


def unknown_name(kind: str, name: str, names: Iterable[str]) -> RefusedError:
    """Return the refusal of a name, with the nearest ones there are."""
    meant = nearest(name, names)
    if not meant:
        return RefusedError("cli.unknown_name", kind=kind, name=name)
    return RefusedError("cli.unknown_name", kind=kind, name=name, meant=" or ".join(meant))
