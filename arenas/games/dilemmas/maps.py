"""The lands of the social dilemmas, drawn in letters."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

HARVEST: Final = """
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@P   P     A     P     P     A    P@
@    A    AAA        A      AAA    @
@   AAA  AAAAA  A   AAA  A AAAAA   @
@  AAAAA  AAA  AAA AAAAA    AAA  A @
@   AAA    A    A   AAA      A  AAA@
@ A  A   P             A  P      A @
@AAA    A      P  A       A       P@
@ A    AAA       AAA     AAA   A   @
@P    AAAAA  A  AAAAA   AAAAA AAA  @
@  A   AAA  AAA  AAA  A  AAA   A   @
@ AAA   A    A    A  AAA  A      P @
@  A        P         A     A      @
@    P  A       A  P       AAA  A  @
@      AAA  P  AAA    P     A  AAA @
@P      A       A   P        P  A P@
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
"""
"""`@` wall, `A` orchard with an apple at the start, `P` where agents appear."""

CLEANUP: Final = """
@@@@@@@@@@@@@@@@@@@@@@@@@
@RRRRRR        P  AAAAAA@
@RRRRRR   P      AAAAAAA@
@RRRRR      P     AAAAAA@
@RRRRRR  P     P AAAAAAA@
@RRRRRR       P   AAAAAA@
@RRRRR   P       AAAAAAA@
@RRRRRR     P     AAAAAA@
@RRRRRR  P     P AAAAAAA@
@RRRRR      P     AAAAAA@
@RRRRRR        P AAAAAAA@
@RRRRRR   P   P   AAAAAA@
@RRRRR  P        AAAAAAA@
@RRRRRR     P  P  AAAAAA@
@RRRRRR   P      AAAAAAA@
@RRRRR         P  AAAAAA@
@@@@@@@@@@@@@@@@@@@@@@@@@
"""
"""`@` wall, `R` river, `A` orchard, empty at the start, `P` where agents appear."""


def letters(drawn: str) -> NDArray[np.str_]:
    """Return a map as an array of letters, (rows, columns)."""
    return np.array([list(row) for row in drawn.strip("\n").splitlines()])
