"""Particle worlds of mpe2: discs that glide on a plane, some of them with something to say."""

from pathlib import Path
from typing import Final

from arenas.games import RANDOM
from arenas.games.mpe.spec import ARROWS, particle_world
from arenas.spec import ArenaSpec, Baseline, Control

_BASELINES: Final = Path(__file__).parent / "baselines"
_LETTERS: Final = tuple(
    Control(action, f"say {letter}", (letter.lower(),)) for action, letter in enumerate("ABCD")
)


def _agents(name: str, title: str, description: str) -> tuple[Baseline, ...]:
    return (RANDOM, Baseline(name, title, _BASELINES / f"{name}.py", description))


SPECS: tuple[ArenaSpec, ...] = (
    particle_world(
        id="simple-v3",
        title="Go There",
        summary="One agent glides to one landmark and stops on it: the hello world of particle worlds.",
        turns=50,
        seats=1,
        objective="score",
        # Fleeing from the landmark with all its strength, an agent loses 1,900 in 50 turns.
        forfeit_score=-2500.0,
        episodes=20,
        baselines=_agents("go", "Straight there", "Accelerates to the landmark and brakes in time."),
        controls=ARROWS,
        tags=("particles", "control"),
    ),
    particle_world(
        id="simple_adversary-v3",
        title="Decoy",
        summary="Two agents know which of two landmarks counts; the adversary watches them to find out.",
        turns=50,
        roles=("adversary", "agent", "agent"),
        # One agent is the adversary, the other both good agents; then they change places.
        team_of_seat=(0, 1, 1),
        forfeit_score=-500.0,
        baselines=_agents(
            "decoy",
            "One goal, one decoy",
            "Good agents cover both landmarks, so that nothing is given away; the adversary stands between.",
        ),
        controls=ARROWS,
        tags=("particles", "roles", "mixed", "hidden-information"),
        hidden="arenas.games.mpe.hiding:move_goal",
    ),
    particle_world(
        id="simple_crypto-v3",
        title="Secret Message",
        summary="Alice sends Bob one bit under a key they share; Eve hears every word and wants it too.",
        turns=25,
        roles=("eve", "bob", "alice"),
        # One agent listens in as Eve, the other is Alice and Bob.
        team_of_seat=(0, 1, 1),
        # The most that can be lost is 2 a turn.
        forfeit_score=-60.0,
        baselines=_agents(
            "cipher", "One-time pad", "Alice adds the key to the bit, Bob takes it off, Eve guesses."
        ),
        controls=_LETTERS,
        tags=("particles", "communication", "roles", "hidden-information"),
        hidden="arenas.games.mpe.hiding:deal_key",
    ),
    particle_world(
        id="simple_push-v3",
        title="Keep Away",
        summary="One agent knows where to go; the other has to guess the place and push it away.",
        turns=50,
        roles=("adversary", "agent"),
        forfeit_score=-700.0,
        baselines=_agents(
            "shove",
            "Go and shove",
            "The agent goes straight to its landmark; the adversary throws itself at the agent's way.",
        ),
        controls=ARROWS,
        tags=("particles", "roles", "mixed", "hidden-information"),
        hidden="arenas.games.mpe.hiding:swap_goals",
    ),
    particle_world(
        id="simple_reference-v3",
        title="Tell Me Where",
        summary="Each of two agents knows only where the other one must go, and can say one of ten words.",
        turns=50,
        # One agent speaks and listens in both seats: the reward is shared.
        team_of_seat=(0, 0),
        forfeit_score=-500.0,
        baselines=_agents(
            "name_it", "Name the landmark", "Says the landmark's number, goes where it is told."
        ),
        tags=("particles", "communication", "cooperative", "hidden-information"),
        hidden="arenas.games.mpe.hiding:move_own_goal",
    ),
    particle_world(
        id="simple_speaker_listener-v4",
        title="Speaker and Listener",
        summary="One agent knows the landmark but cannot move, the other moves but does not know.",
        turns=50,
        roles=("speaker", "listener"),
        team_of_seat=(0, 0),
        forfeit_score=-2500.0,
        baselines=_agents(
            "point", "Colour by number", "The speaker says the colour's number, the listener goes."
        ),
        tags=("particles", "communication", "cooperative", "roles", "hidden-information"),
        hidden="arenas.games.mpe.hiding:move_listeners_goal",
    ),
    particle_world(
        id="simple_world_comm-v3",
        title="Hunt in the Woods",
        summary="Four hunters, one of them giving orders, chase two who eat and hide in the woods.",
        turns=100,
        roles=("leader", "predator", "predator", "predator", "prey", "prey"),
        # One agent hunts in four seats, the other is both prey.
        team_of_seat=(0, 0, 0, 0, 1, 1),
        episodes=2,
        # The prey that leaves the square loses 20 a turn on each axis, and 20 more while it is caught.
        forfeit_score=-6000.0,
        baselines=_agents(
            "hunt",
            "Hunt, eat and flee",
            "Hunters cut off the nearest prey they see; prey eats while nobody is near and flees otherwise.",
        ),
        controls=ARROWS,
        tags=("particles", "communication", "roles", "mixed", "hidden-information"),
        hidden="arenas.games.mpe.hiding:change_unseen",
    ),
    particle_world(
        id="collect_treasure-v1",
        title="Treasure Hunt",
        summary="Six collectors bring treasures of two colours to two banks that may come to meet them.",
        turns=100,
        roles=("collector",) * 6 + ("bank",) * 2,
        # One agent plays all eight: most of the reward is shared.
        team_of_seat=(0,) * 8,
        episodes=2,
        # Six collectors on one spot lose 25 each in every turn.
        forfeit_score=-3000.0,
        baselines=_agents(
            "carry", "Nearest treasure first", "Collectors share out treasures, banks come nearer."
        ),
        controls=ARROWS,
        tags=("particles", "cooperative", "roles"),
    ),
    particle_world(
        id="simple_formation-v1",
        title="Circle",
        summary="Four agents stand evenly on a circle round a landmark without seeing each other.",
        turns=50,
        team_of_seat=(0,) * 4,
        # No more than 2 a turn is lost.
        forfeit_score=-120.0,
        baselines=_agents("stations", "Own station", "Every seat has its own corner of the circle."),
        controls=ARROWS,
        tags=("particles", "cooperative"),
    ),
    particle_world(
        id="simple_line-v1",
        title="Line Up",
        summary="Four agents spread evenly on the line between two landmarks without seeing each other.",
        turns=50,
        team_of_seat=(0,) * 4,
        forfeit_score=-120.0,
        baselines=_agents("rank", "Own place in the rank", "Every seat has its own part of the line."),
        controls=ARROWS,
        tags=("particles", "cooperative"),
    ),
)
