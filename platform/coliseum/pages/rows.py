"""Finished rows for cards and lists, so that templates only print them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from arenas import registry
from arenas.errors import UnknownArenaError
from arenas.spec import ArenaSpec
from coliseum import clock
from coliseum.competitions.models import Competition, CompetitionState
from coliseum.matches.models import Match, MatchState, Seat
from coliseum.pages.wording import ago, amount, outcome_label, score, until
from coliseum.submissions.models import Submission, SubmissionState
from workers.spec import Outcome

Row = dict[str, Any]  # Any: what the template it is named for prints

KINDS = {
    "aec": gettext_lazy("turn by turn"),
    "parallel": gettext_lazy("all at once"),
    "gymnasium": gettext_lazy("alone"),
    "open_spiel": gettext_lazy("turn by turn"),
}
ART = {
    "connect_four": "connect_four",
    "tictactoe": "tictactoe",
    "chess": "chess",
    "leduc_holdem": "cards",
    "CartPole": "cart",
    "LunarLander": "lander",
    "BipedalWalker": "walker",
    "multiwalker": "walker",
    "spiel_connect_four": "connect_four",
    "spiel_tic_tac_toe": "tictactoe",
    "spiel_chess": "chess",
    "spiel_go_9x9": "go",
    "spiel_leduc": "cards",
    "spiel_hanabi": "cards",
    "spiel_hearts": "cards",
    "go": "go",
    "hanabi": "cards",
    "texas_holdem": "cards",
    "texas_holdem_no_limit": "cards",
    "rps": "throws",
    "Blackjack": "cards",
    "FrozenLake": "grid",
    "FrozenLake8x8": "grid",
    "CliffWalking": "grid",
    "CliffWalkingSlippery": "grid",
    "Taxi": "town",
    "Acrobot": "pendulum",
    "Pendulum": "pendulum",
    "MountainCar": "mountain",
    "MountainCarContinuous": "mountain",
    "LunarLanderContinuous": "lander",
    "BipedalWalkerHardcore": "walker",
    "CarRacing": "track",
    "CarRacingDiscrete": "track",
    "coliseum/sumo": "sumo",
    "coliseum/harvest": "commons",
    "coliseum/harvest_focal": "commons",
    "coliseum/cleanup": "commons",
    "coliseum/cleanup_focal": "commons",
    "coliseum/sumo_discrete": "sumo",
    "coliseum/joust": "joust",
    "coliseum/joust_discrete": "joust",
    "coliseum/tank_duel": "tank_duel",
    "coliseum/tank_duel_discrete": "tank_duel",
    "coliseum/air_hockey": "air_hockey",
    "coliseum/air_hockey_discrete": "air_hockey",
    "coliseum/air_hockey_2v2": "air_hockey",
    "collect_treasure": "particles",
    "cooperative_pong": "paddles",
    "cooperative_pong_grey": "paddles",
    "knights_archers_zombies": "zombies",
    "pursuit": "pursuit",
    "magent/battle": "crowd",
    "magent/adversarial_pursuit": "crowd",
}
"""Pictures of arenas by name; others have their family's or the general one."""
FAMILIES = {"simple": "particles", "atari/": "console"}
BOARDS = {
    "connect_four": "connect_four",
    "tictactoe": "tictactoe",
    "chess": "chess",
    "spiel_connect_four": "connect_four",
    "spiel_tic_tac_toe": "tictactoe",
    "spiel_chess": "black-first",
    "spiel_go_9x9": "black-first",
}
"""Colours of the seats by arena: a name of tokens.css; others have the general ones."""
_PUBLIC_STATES = (SubmissionState.READY.value, SubmissionState.RETIRED.value)


def spec_of(arena: str) -> ArenaSpec | None:
    """Return an arena's spec, or None while its plug-in is missing or broken."""
    try:
        return registry.get(arena)
    except UnknownArenaError:
        return None


def arena_title(arena: str) -> str:
    """Return an arena's title, or its id while it is not to be had."""
    spec = spec_of(arena)
    return spec.title if spec else arena


def arena_picture(arena: str) -> str:
    """Return the address of an arena's picture."""
    name = arena.rpartition("-v")[0]
    family = next((drawn for start, drawn in FAMILIES.items() if name.startswith(start)), "arena")
    drawn = ART.get(name, family)
    return static(f"img/art/{drawn}.svg")


def moment(value: datetime | None) -> str:
    """Return a time for a `datetime` attribute."""
    return value.isoformat(timespec="seconds") if value else ""


def dated_fact(label: str, at: datetime) -> Row:
    """Return a line of parts/_facts.html that names a time, which js/times.js shows in the reader's zone."""
    value = f"{at:%Y-%m-%d %H:%M} UTC"
    return {"label": label, "value": value, "url": "", "is_code": False, "at": moment(at)}


def competition_card(competition: Competition, joined: set[str]) -> Row:
    """Return what parts/_competition_card.html prints; needs `entry_count`."""
    deadline = competition.closes_at
    is_over = competition.state == CompetitionState.CLOSED or bool(deadline and deadline < clock.now())
    is_ahead = not is_over and competition.opens_at > clock.now()
    opens = _("opens %(when)s") % {"when": until(competition.opens_at)}
    return {
        "title": competition.title,
        "url": reverse("competition", args=[competition.slug]),
        "summary": competition.summary,
        "image_url": arena_picture(competition.arena),
        "state": state_word(competition.state),
        "state_label": opens if is_ahead else competition.get_state_display(),
        "arena": arena_title(competition.arena),
        "agents": amount(getattr(competition, "entry_count", 0), "team", "teams"),
        "deadline": _("ends %(when)s") % {"when": until(deadline)} if deadline and not is_over else "",
        "deadline_at": moment(deadline),
        "is_mine": competition.pk in joined,
        "is_over": is_over,
    }


def state_word(state: str) -> str:
    """Return the chip's word for a competition's state; the kit has none for paused."""
    return "provisional" if state == CompetitionState.PAUSED else state


def arena_card(spec: ArenaSpec) -> Row:
    """Return what parts/_arena_card.html prints."""
    return {
        "title": spec.title,
        "url": reverse("arena", args=[spec.id]),
        "id": spec.id,
        "summary": _(spec.summary),
        "image_url": arena_picture(spec.id),
        "seats": amount(spec.seats, "seat", "seats"),
        "kind": KINDS[spec.kind],
    }


def agent_url(submission: Submission) -> str:
    """Return where an agent is shown; one that is not validated has its submission page only."""
    name = "agent" if submission.state in _PUBLIC_STATES else "submission"
    return reverse(name, args=[submission.pk])


def match_rows(matches: Iterable[Match]) -> list[Row]:
    """Return what parts/_match_list.html prints."""
    return [_match_row(match) for match in matches]


def _match_row(match: Match) -> Row:
    seats = list(match.seats.all())
    happened = match.finished_at or match.queued_at
    return {
        "anchor": f"match-{match.pk}",
        "url": reverse("match", args=[match.pk]),
        "state": match.state,
        "state_label": match.get_state_display(),
        "seats": seat_rows(match, seats),
        "kind": match_kind(match.kind),
        "arena": arena_title(match.competition.arena),
        "when": ago(happened),
        "when_at": moment(happened),
        "turns": "",
    }


_MATCH_KINDS = {
    "validation": gettext_lazy("validation"),
    "league": gettext_lazy("league"),
    "tournament": gettext_lazy("tournament"),
    "scrimmage": gettext_lazy("scrimmage"),
    "audit": gettext_lazy("audit"),
    "gate": gettext_lazy("gate"),
}


def match_kind(kind: str) -> str:
    """Return why a match is played, in a word."""
    return str(_MATCH_KINDS.get(kind, kind))


def seat_rows(match: Match, seats: list[Seat]) -> list[Row]:
    """Return one row for each member of the line-up."""
    best = winner_of(match, seats)
    return [
        {
            "seat": seat.position,
            "name": str(seat.submission),
            "team": seat.submission.entry.team.name,
            "url": agent_url(seat.submission),
            "score": score(seat.score),
            "outcome": seat.outcome,
            "outcome_label": outcome_label(seat.outcome),
            "is_winner": seat is best,
            "is_clean": seat.outcome in {"", Outcome.OK.value},
        }
        for seat in seats
    ]


def winner_of(match: Match, seats: list[Seat]) -> Seat | None:
    """Return the one member of the line-up that did best, if there is one."""
    if match.state != MatchState.FINISHED or len(seats) < 2:
        return None
    best = [seat for seat in seats if seat.rank == 1]
    return best[0] if len(best) == 1 else None
