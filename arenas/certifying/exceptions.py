"""Known faults of the libraries' own environments that hurt nobody here, each with its reason.

An entry excuses one check of one arena, and the certificate shows the reason; nothing passes in silence.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

EXCEPTIONS: Final[Mapping[tuple[str, str], str]] = MappingProxyType({})
"""Arena id and name of the check to why its failure is harmless."""
