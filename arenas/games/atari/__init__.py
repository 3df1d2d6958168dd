"""The 24 Atari games of PettingZoo for two and four players, and Pong in grey pictures.

How they are scored. Where one player's gain is the other's loss, who is ahead at the end has won. Where both
earn for themselves, each is rated by its own points. Where players are on one side, one agent plays them all.
"""

from typing import Final

from arenas.games import RANDOM
from arenas.games.atari.spec import (
    DIRECTIONS,
    FIRE_SIDEWAYS,
    FOLDER,
    GREY,
    PADDLE,
    atari,
)
from arenas.spec import ArenaSpec, Baseline, Control


def _agents(name: str, title: str, description: str) -> tuple[Baseline, ...]:
    return (RANDOM, Baseline(name, title, FOLDER / "baselines" / f"{name}.py", description))


_DUELS: Final = (
    atari(
        "basketball_pong-v3",
        "Basketball Pong",
        "Throw the ball into the other's hoop without ever setting foot on the other's side.",
        controls=PADDLE,
        tags=("duel", "sport"),
    ),
    atari(
        "boxing-v2",
        "Boxing",
        "Two minutes in the ring: long jabs count one, close punches two, a hundred is a knock-out.",
        baselines=_agents("jab", "In line and jab", "Lines up with the other, keeps arm's length and hits."),
        tags=("duel", "sport"),
    ),
    atari(
        "combat_plane-v2",
        "Combat: Planes",
        "Two jets circle each other with missiles that can be steered after the shot.",
        version={"game_version": "jet", "guided_missile": True},
        tags=("duel", "shooting"),
    ),
    atari(
        "combat_tank-v2",
        "Combat: Tanks",
        "Two tanks hunt each other through a maze; who is hit is thrown through the walls.",
        version={"has_maze": True, "is_invisible": False, "billiard_hit": True},
        tags=("duel", "shooting"),
    ),
    atari(
        "double_dunk-v3",
        "Double Dunk",
        "Street basketball, two against two: choose a play in time, then throw, block and rebound.",
        tags=("duel", "sport"),
    ),
    atari(
        "entombed_competitive-v3",
        "Entombed: Race",
        "Both run down a maze that never ends; who gets stuck first has lost.",
        tags=("duel", "maze"),
    ),
    atari(
        "flag_capture-v2",
        "Flag Capture",
        "Search a field for the hidden flag by hints and numbers, and remember what the other found.",
        tags=("duel", "memory"),
    ),
    atari(
        "ice_hockey-v2",
        "Ice Hockey",
        "Two against two on ice, always in command of the player nearest to the puck.",
        tags=("duel", "sport"),
    ),
    atari(
        "maze_craze-v3",
        "Maze Craze",
        "First out of the maze wins, unless one of the two robbers in it gets hold of you.",
        version={"game_version": "robbers", "visibilty_level": 0},
        tags=("duel", "maze"),
    ),
    atari(
        "othello-v3",
        "Othello",
        "The board game with a joystick: move the cursor, drop a disc, turn the other's discs over.",
        tags=("duel", "board"),
    ),
    atari(
        "pong-v3",
        "Pong",
        "The classic: two bats, one ball, twenty-one points, and two seconds to serve.",
        controls=PADDLE,
        baselines=_agents(
            "track", "Track the ball", "Reads the ball's height from memory and holds the bat there."
        ),
        tags=("duel", "sport"),
    ),
    atari(
        "pong_grey-v3",
        "Pong, grey",
        "Pong as networks like it: four grey pictures of 84 by 84, one behind the other.",
        game="pong-v3",
        wrappers=GREY,
        controls=PADDLE,
        baselines=_agents("look", "Look for the ball", "Finds ball and bat in the newest picture."),
        tags=("duel", "sport", "images", "wrappers"),
    ),
    atari(
        "space_war-v2",
        "Space War",
        "Two ships with real inertia and few missiles fight in empty space.",
        tags=("duel", "shooting"),
    ),
    atari(
        "surround-v2",
        "Surround",
        "Both leave a wall behind them and never stop: who hits a wall gives the point away.",
        controls=DIRECTIONS,
        tags=("duel", "planning"),
    ),
    atari(
        "tennis-v3",
        "Tennis",
        "Run, hit, change ends: every ball that the other does not reach is a point.",
        tags=("duel", "sport"),
    ),
    atari(
        "video_checkers-v4",
        "Video Checkers",
        "Checkers with a joystick and ten seconds a move: jump over the other's men.",
        # This console game knows no idle hand: it waits for people, who have ten seconds of its own clock.
        idle_action=None,
        controls=(
            Control(0, "take or drop", (" ",)),
            Control(1, "up right", ("e",)),
            Control(2, "up left", ("q",)),
            Control(3, "down right", ("d",)),
            Control(4, "down left", ("a",)),
        ),
        tags=("duel", "board"),
    ),
)

_TEAM_GAMES: Final = tuple(
    atari(
        name,
        title,
        summary,
        seats=4,
        objective="return",
        # First and third against second and fourth: one agent plays both partners, in a process each.
        team_of_seat=(0, 1, 0, 1),
        # A point, won or lost or thrown away by not serving, takes a second at least.
        forfeit_score=-250.0,
        controls=PADDLE,
        tags=("teams", "sport"),
    )
    for name, title, summary in (
        (
            "foozpong-v3",
            "Foozpong",
            "Table football for two teams of two: pass the ball through rows of bats.",
        ),
        (
            "quadrapong-v4",
            "Quadrapong",
            "Four bats guard four sides, two of them each team's, and the ball may come from anywhere.",
        ),
        (
            "volleyball_pong-v3",
            "Volleyball Pong",
            "Two against two with a net between and a jump to reach higher.",
        ),
    )
)

_OTHERS: Final = (
    atari(
        "warlords-v3",
        "Warlords",
        "Four castles, one fireball: shield your walls and be the last king alive.",
        seats=4,
        objective="rank",
        controls=PADDLE,
        tags=("free-for-all",),
    ),
    atari(
        "entombed_cooperative-v3",
        "Entombed: Together",
        "Both run down the same maze and clear the way for each other.",
        objective="return",
        # The reward is shared, so one agent plays both.
        team_of_seat=(0, 0),
        forfeit_score=-1.0,
        tags=("cooperative", "maze"),
    ),
    atari(
        "joust-v3",
        "Joust",
        "Two riders on birds strike from above, at each other or at waves of knights.",
        objective="return",
        # Both may earn by beating the waves: what one gains the other need not lose.
        zero_sum=False,
        forfeit_score=-1.0,
        tags=("mixed",),
    ),
    atari(
        "mario_bros-v3",
        "Mario Bros.",
        "Two plumbers knock pests off the floor from below and race to kick them away.",
        objective="return",
        zero_sum=False,
        forfeit_score=-1.0,
        tags=("mixed",),
    ),
    atari(
        "space_invaders-v2",
        "Space Invaders",
        "Two ships with three lives together shoot at what comes down, and may leave the other to it.",
        objective="return",
        zero_sum=False,
        forfeit_score=-1.0,
        controls=FIRE_SIDEWAYS,
        tags=("mixed", "shooting"),
    ),
    atari(
        "wizard_of_wor-v3",
        "Wizard of Wor",
        "Two warriors clear dungeons of worms, and each other, for a thousand points.",
        objective="return",
        zero_sum=False,
        forfeit_score=-1.0,
        controls=(Control(0, "fire", (" ",)), *DIRECTIONS),
        tags=("mixed", "shooting", "maze"),
    ),
)

SPECS: tuple[ArenaSpec, ...] = (*_DUELS, *_TEAM_GAMES, *_OTHERS)
