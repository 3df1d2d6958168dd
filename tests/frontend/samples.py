"""The context of templates/styleguide.html: every part of the kit once, with the awkward cases."""

from typing import Any

from django import forms


class TeamForm(forms.Form):
    name = forms.CharField(label="Team name", help_text="Shown on the leaderboard.", max_length=30)
    slug = forms.SlugField(label="Short name", help_text="Small letters, digits and dashes.")
    arena = forms.ChoiceField(label="Arena", choices=[("c4", "Connect Four"), ("ll", "Lunar Lander")])
    is_open = forms.BooleanField(
        label="Others may ask to join", required=False, help_text="Change it any time."
    )


OUTCOMES = {
    "ok": "ok",
    "load_failed": "failed to load",
    "crashed": "crashed",
    "timed_out": "timed out",
    "illegal_action": "illegal action",
    "protocol_violation": "protocol violation",
    "out_of_memory": "out of memory",
    "resource_limit": "resource limit",
    "security_violation": "security violation",
    "infrastructure_error": "our fault",
    "aborted": "aborted",
}
STATES = (
    "queued",
    "running",
    "finished",
    "failed",
    "cancelled",
    "uploaded",
    "validating",
    "ready",
    "rejected",
    "retired",
    "open",
    "closed",
    "draft",
    "waiting",
    "skipped",
    "done",
    "won",
    "lost",
    "provisional",
    "baseline",
    "mine",
)

NAMES = (
    ("minimax-in-a-trenchcoat", "ann"),
    ("Column Three", "Team Sieve"),
    ("four-seasons", "bob"),
    ("greedy-with-regrets-and-a-very-long-name-indeed", "eve"),
    ("uniform-random", "Coliseum"),
)


def standing(index: int, name: str, owner: str) -> dict[str, Any]:
    rating = 1710 - index * 83
    margin = 31 + index * 14
    wins, draws, losses = 88 - index * 17, 6 + index, 14 + index * 18
    played = wins + draws + losses
    return {
        "anchor": "mine" if index == 2 else f"agent-{index}",
        "rank": str(index + 1),
        "rank_range": "" if index == 0 else f"{max(1, index)}-{index + 3}",
        "agent": name,
        "agent_url": f"/agents/{index}/",
        "owner": owner,
        "owner_url": "" if index == 4 else f"/people/{index}/",
        "rating": str(rating),
        "margin": str(margin),
        "bar_start": round((rating - margin - 1200) / 6, 2),
        "bar_width": round(margin / 3, 2),
        "bar_point": round((rating - 1200) / 6, 2),
        "matches": str(played),
        "wins": wins,
        "draws": draws,
        "losses": losses,
        "wins_width": round(100 * wins / played, 2),
        "draws_start": round(100 * wins / played, 2),
        "draws_width": round(100 * draws / played, 2),
        "losses_start": round(100 * (wins + draws) / played, 2),
        "losses_width": round(100 * losses / played, 2),
        "change": ("+12", "-3", "", "-40", "")[index],
        "change_word": "up" if index == 0 else "down",
        "is_mine": index == 2,
        "is_baseline": index == 4,
        "is_provisional": index == 3,
    }


def match_seat(seat: int, name: str, score: str, outcome: str = "ok", *, won: bool = False) -> dict[str, Any]:
    return {
        "seat": seat,
        "name": name,
        "url": f"/agents/{name}/",
        "score": score,
        "outcome": outcome,
        "outcome_label": OUTCOMES[outcome],
        "is_winner": won,
        "is_clean": outcome == "ok",
    }


def match_rows() -> list[dict[str, Any]]:
    common = {
        "url": "/matches/1/",
        "kind": "league",
        "arena": "Connect Four",
        "when_at": "2026-11-20T09:30:00+00:00",
    }
    long_name = NAMES[3][0]
    fault = match_seat(0, "Column Three", "", "infrastructure_error")
    return [
        {
            **common,
            "state": "running",
            "state_label": "running",
            "turns": "",
            "when": "now",
            "seats": [match_seat(0, "four-seasons", ""), match_seat(1, "Column Three", "")],
        },
        {
            **common,
            "state": "finished",
            "state_label": "finished",
            "turns": "31 turns",
            "when": "3 min ago",
            "seats": [
                match_seat(0, long_name, "0", "timed_out"),
                match_seat(1, "four-seasons", "1", won=True),
            ],
        },
        {
            **common,
            "state": "failed",
            "state_label": "failed",
            "turns": "",
            "when": "1 h ago",
            "seats": [fault, match_seat(1, "four-seasons", "")],
        },
    ]


EVIDENCE = """Traceback (most recent call last):
  File "agent.py", line 24, in act
    return int(self.model(observation["board"]).argmax())
ValueError: expected a tensor of shape (1, 6, 7, 2), got (6, 7, 2)"""


def check_steps() -> list[dict[str, str]]:
    rows = (
        ("received", "Received", "done", "0.2 s", "agent.zip, 1.4 MB"),
        ("inspected", "Inspected", "done", "0.1 s", ""),
        ("queued", "Queued", "done", "3.1 s", ""),
        ("started", "Started in the sandbox", "done", "1.2 s", ""),
        ("self_play", "Plays itself", "running", "", "Episode 2 of 4"),
        ("versus_random", "Plays the random agent", "failed", "0.4 s", ""),
        ("rated", "Rated", "waiting", "", ""),
    )
    steps = [
        {"key": key, "label": label, "state": state, "state_label": state, "took": took, "note": note}
        for key, label, state, took, note in rows
    ]
    steps[5] |= {
        "code": "crashed",
        "cause": "act() raised ValueError at turn 7 in seat 1.",
        "evidence": EVIDENCE,
        "fix": "Add the batch dimension before the call: observation['board'][None].",
    }
    return steps


COMPETITION = {
    "title": "Connect Four Cup",
    "url": "/competitions/c4/",
    "summary": "Seven columns, six rows, and no luck at all.",
    "image_url": "/static/img/art/connect_four.svg",
    "state": "open",
    "state_label": "open",
    "arena": "Connect Four",
    "agents": "42 agents",
    "deadline": "6 days left",
    "deadline_at": "2026-11-28T12:00:00+00:00",
    "is_mine": True,
}
CLOSED_COMPETITION = COMPETITION | {
    "title": "Lunar Landing Open",
    "image_url": "/static/img/art/lander.svg",
    "state": "closed",
    "state_label": "closed",
    "arena": "Lunar Lander",
    "deadline": "",
    "is_mine": False,
}
ARENA = {
    "title": "Connect Four",
    "url": "/arenas/connect_four-v3/",
    "id": "connect_four-v3",
    "summary": "Drop discs; four in a row win.",
    "image_url": "",
    "seats": "2 seats",
    "kind": "turn by turn",
}
TABS = (("Overview", ""), ("Rules", ""), ("Leaderboard", "42"), ("Matches", "1 204"), ("Submit", ""))
FRAME = {
    "csrf_token": "x",
    "theme": "auto",
    "section": "competitions",
    "viewer": {
        "name": "ann",
        "url": "/people/ann/",
        "links": [
            {"url": "/people/ann/", "label": "My agents", "icon": "agent"},
            {"url": "/settings/", "label": "Settings", "icon": "fix"},
        ],
    },
    "messages": [],
}
PARTS = {
    "quick_start": "pip install coliseum-rl\ncoliseum init my-agent\ncoliseum run my-agent random",
    "stats": [
        {"label": "agents", "value": "128"},
        {"label": "matches today", "value": "4 207"},
        {"label": "arenas", "value": "10"},
    ],
    "chips": [{"word": word, "label": label} for word, label in OUTCOMES.items()]
    + [{"word": word, "label": word} for word in STATES],
    "eight_seats": range(8),
    "competitions": [COMPETITION, CLOSED_COMPETITION],
    "arenas": [ARENA],
    "tabs_label": "Connect Four Cup",
    "tabs": [
        {"url": f"#{name}", "label": name, "count": count, "is_current": name == "Leaderboard"}
        for name, count in TABS
    ],
    "scale": {"low": "1200", "high": "1800"},
    "caption": "Connect Four Cup",
    "pagination": {
        "previous_url": "",
        "next_url": "?page=2",
        "pages": [
            {"label": "1", "url": "?page=1", "is_current": True},
            {"label": "2", "url": "?page=2"},
            {"is_gap": True},
            {"label": "9", "url": "?page=9"},
        ],
    },
    "progress": {"label": "Matches played", "done": 37, "total": 120, "left": "about 4 min left"},
    "facts": [
        {"label": "Seed", "value": "1830457721", "is_code": True},
        {"label": "Digest", "value": "a0abb04f2f45a1f8" * 4, "is_code": True},
        {"label": "Arena", "value": "connect_four-v3", "url": "/arenas/connect_four-v3/"},
        {"label": "PettingZoo", "value": "1.27.0"},
    ],
    "drop": {
        "name": "package",
        "label": "Drop agent.py, agent.zip or policy.onnx here",
        "help": "At most 50 MB. Nothing runs before the check.",
        "accept": ".py,.zip,.onnx",
        "max_bytes": 50_000_000,
        "max_label": "50 MB",
        "errors": [],
    },
    "confirm": {
        "key": "delete",
        "button": "Delete competition",
        "title": "Delete Connect Four Cup?",
        "text": "All 42 agents leave it and its 1 204 matches are removed. This cannot be undone.",
        "action": "/competitions/c4/delete/",
        "slug": "connect-four-cup",
        "submit_label": "Delete for good",
    },
    "empty": {
        "icon": "match",
        "title": "No matches yet",
        "text": "The first ones start as soon as two agents are ready.",
        "action_url": "/submit/",
        "action_label": "Submit an agent",
    },
}


def style_guide(replay_url: str, board: str, seat_count: int = 2) -> dict[str, Any]:
    """Return the whole context of the style guide."""
    seats = [{"seat": seat, "name": NAMES[seat][0], "url": f"/agents/{seat}/"} for seat in range(seat_count)]
    replay = {
        "url": replay_url,
        "board": board,
        "title": "minimax-in-a-trenchcoat against Column Three",
        "download_url": replay_url,
        "seats": seats,
    }
    filled = {"team-name": "Sieve", "team-slug": "no spaces please", "team-arena": "c4"}
    return {
        **FRAME,
        **PARTS,
        "standings": [standing(index, *pair) for index, pair in enumerate(NAMES)],
        "matches": match_rows(),
        "steps": check_steps(),
        "form": TeamForm(filled, prefix="team"),
        "replay": replay,
    }
