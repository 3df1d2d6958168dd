"""Replaces the names of people whose account is gone in the plots of boards; numbers stay."""

import json

from coliseum.accounts.erasing import Names
from coliseum.leaderboards.models import Plot


def rename_in_plots(competitions: list[str], names: Names) -> None:
    """Put the pseudonym into the plots of some competitions."""
    for plot in Plot.objects.filter(phase__competition__in=competitions).iterator(chunk_size=20):
        written = json.dumps(plot.content, ensure_ascii=False)
        if names.stand_in(written):
            Plot.objects.filter(pk=plot.pk).update(content=_renamed(plot.content, names))


def _renamed(content: object, names: Names) -> object:
    if isinstance(content, str):
        return names.replaced(content)
    if isinstance(content, list):
        return [_renamed(each, names) for each in content]
    if isinstance(content, dict):
        return {key: _renamed(each, names) for key, each in content.items()}
    return content
