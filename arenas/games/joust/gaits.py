"""Ways to walk and to stand: the choices of the discrete variant, from what the walker itself feels.

How it works. A gait swings hips and knees to the drum, half a beat apart, and turns both hips by what the
hull leans, turns and drifts. To stand is a gait without swing that keeps the leg ahead which is ahead now.
The numbers were found by `tune.py`, see TRAINING.md.
"""

from math import pi, sin
from typing import Final, NamedTuple

from arenas.games.joust.physics import HIP, KNEE, LANCE, Five, Walker


class Gait(NamedTuple):
    """One way to walk or to stand; angles in radians."""

    swing: float
    """How far the hips swing with the beat."""
    hips: float
    """Where both hips are turned."""
    split: float
    """How much further the leg ahead is turned, and the one behind less."""
    lift: float
    """How far the knees bend with the beat."""
    knees: float
    """Where both knees are bent."""
    lead: float
    """How far the knees are ahead of the hips in the beat."""
    lean: float
    """Turn of both hips for each radian that the hull leans back."""
    turn: float
    """The same for each radian a second by which it leans further."""
    drift: float
    """The same for each metre a second above the pace."""
    pace: float
    """The speed that is held, metres a second."""


def legs(gait: Gait, walker: Walker, beat: float) -> tuple[float, float, float, float]:
    """Return hip and knee of one leg, hip and knee of the other."""
    hips = (
        gait.hips + gait.lean * walker.angle + gait.turn * walker.spin + gait.drift * (walker.vx - gait.pace)
    )
    split = gait.split if walker.bends[0] >= walker.bends[2] else -gait.split
    wave, wave_two = sin(beat + gait.lead), sin(beat + gait.lead + pi)
    swing = gait.swing * sin(beat)
    return (
        hips + split + swing,
        gait.knees - gait.lift * max(0.0, wave),
        hips - split - swing,
        gait.knees - gait.lift * max(0.0, wave_two),
    )


BRACE: Final = Gait(0.0, 0.1, 0.65, 0.0, -0.467, 0.0, -0.267, 0.042, -0.13, 0.0)
WALK: Final = Gait(0.458, 0.266, 0.0, 0.364, -0.361, 1.855, -0.309, 0.165, -0.309, 1.204)
BACK: Final = Gait(-0.182, -0.362, 0.0, 0.229, 0.031, 1.743, 0.005, 0.068, -0.283, -1.355)
LUNGE: Final = Gait(0.338, -0.38, 0.791, 0.139, -0.404, 0.824, -0.019, -0.014, 0.222, 0.392)

WAYS: Final = (BRACE, WALK, BACK, LUNGE)
AIMS: Final = (None, LANCE.high, LANCE.low)
"""Where a choice turns the lance: it stays as it is, goes up, goes down."""
CHOICES: Final = tuple((way, aim) for aim in AIMS for way in WAYS)
"""What the numbers of the discrete variant stand for; 0 is to stand braced with the lance as it is."""


def goals_of(choice: int, walker: Walker, beat: float) -> Five:
    """Return the angles that a choice asks of the joints.

    Args:
        choice: 0 to 11, a place in `CHOICES`.
        walker: who shall do it.
        beat: where its drum is, radians.
    """
    way, aim = CHOICES[choice]
    hip, knee, hip_two, knee_two = legs(way, walker, beat)
    return (
        min(HIP.high, max(HIP.low, hip)),
        min(KNEE.high, max(KNEE.low, knee)),
        min(HIP.high, max(HIP.low, hip_two)),
        min(KNEE.high, max(KNEE.low, knee_two)),
        walker.bends[4] if aim is None else aim,
    )
