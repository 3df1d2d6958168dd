"""Contents of every plot, as the rating job stores them, for three agents."""

from typing import Any

A, B, C = "agent-a", "agent-b", "agent-c"
NAMES = {A: "first v2", B: "<b>second</b> v1", C: "third v1"}
AGENTS = [A, B, C]


CONTENTS: dict[str, dict[str, Any]] = {
    "ladder": {
        "unit": "elo",
        "of": 3,
        "rows": [
            {
                "agent": A,
                "rank": 1,
                "rank_low": 1,
                "rank_high": 2,
                "rating": 1612.0,
                "low": 1550.0,
                "high": 1675.0,
                "band": 0,
                "provisional": False,
            },
            {
                "agent": B,
                "rank": 2,
                "rank_low": 1,
                "rank_high": 2,
                "rating": 1571.0,
                "low": 1500.0,
                "high": 1640.0,
                "band": 0,
                "provisional": True,
            },
            {
                "agent": C,
                "rank": 3,
                "rank_low": 3,
                "rank_high": 3,
                "rating": 1288.0,
                "low": 1200.0,
                "high": 1370.0,
                "band": 1,
                "provisional": False,
            },
        ],
    },
    "heat_map": {
        "agents": AGENTS,
        "of": 3,
        "rate": [[None, 0.56, 0.87], [0.44, None, 0.81], [0.13, 0.19, None]],
        "low": [[None, 0.45, 0.75], [0.33, None, 0.5], [0.05, 0.05, None]],
        "high": [[None, 0.67, 0.95], [0.55, None, 0.95], [0.25, 0.5, None]],
        "points": [[None, 0.6, 0.9], [0.4, None, None], [0.1, None, None]],
        "episodes": [[None, 20, 10], [20, None, 0], [10, 0, None]],
    },
    "residual_map": {
        "agents": AGENTS,
        "of": 3,
        "elo": [[None, 42.0, -42.0], [-42.0, None, None], [42.0, None, None]],
        "z": [[None, 1.1, -4.4], [-1.1, None, None], [4.4, None, None]],
        "episodes": [[None, 20, 10], [20, None, 0], [10, 0, None]],
        "tau": 61.0,
        "flagged": [[2, 0]],
    },
    "style_disc": {"agents": AGENTS, "of": 3, "x": [1.0, -0.5, -0.5], "y": [0.0, 0.87, -0.87], "share": 0.71},
    "superiority": {
        "agents": AGENTS,
        "of": 3,
        "p": [[None, 0.74, 0.999], [0.26, None, 0.99], [0.001, 0.01, None]],
    },
    "lineage": {
        "unit": "elo",
        "lines": [
            {
                "team": "t1",
                "name": "Four Seasons",
                "is_house": False,
                "points": [
                    {
                        "agent": "old",
                        "number": 1,
                        "at": "2026-11-01T10:00:00+00:00",
                        "rating": 1400.0,
                        "low": 1350.0,
                        "high": 1450.0,
                        "rank": None,
                        "active": False,
                    },
                    {
                        "agent": A,
                        "number": 2,
                        "at": "2026-11-03T10:00:00+00:00",
                        "rating": 1612.0,
                        "low": 1550.0,
                        "high": 1675.0,
                        "rank": 1,
                        "active": True,
                    },
                    {
                        "agent": "new",
                        "number": 3,
                        "at": "2026-11-04T10:00:00+00:00",
                        "rating": None,
                        "low": None,
                        "high": None,
                        "rank": None,
                        "active": False,
                    },
                ],
            },
        ],
    },
    "convergence": {
        "points": [
            {"matches": 10, "episodes": 6.7, "tau": -0.33, "error": 120.0},
            {"matches": 30, "episodes": 20.0, "tau": 1.0, "error": 40.0},
        ],
        "wanted": [{"error": 25.0, "episodes": 190.0}],
        "kappa": 0.9,
    },
    "opponents": {
        "of": 3,
        "mean": 20.0,
        "agents": AGENTS,
        "played": [30, 20, 10],
        "share": [0.5, 0.33, 0.17],
        "opponents": [2, 1, 1],
        "histogram": [{"from": 1, "to": 2, "agents": 3}],
    },
    "seats_and_roles": {
        "unit": "elo",
        "seats": [
            {"seat": 0, "role": "", "rating": 21.0, "low": 3.0, "high": 39.0},
            {"seat": 1, "role": "", "rating": -21.0, "low": -39.0, "high": -3.0},
        ],
        "roles": [
            {
                "role": "wolf",
                "advantage": None,
                "agents": [{"agent": A, "rating": 1500.0, "low": 1400.0, "high": 1600.0, "episodes": 9}],
            }
        ],
    },
    "rank_distribution": {
        "agents": AGENTS,
        "of": 3,
        "places": 3,
        "shares": [[0.74, 0.26, 0.0], [0.26, 0.73, 0.01], [0.0, 0.01, 0.99]],
    },
    "performance_profiles": {
        "thresholds": [0.0, 50.0, 100.0],
        "profiles": [
            {"agent": A, "share": [1.0, 0.8, 0.2], "low": [1.0, 0.7, 0.1], "high": [1.0, 0.9, 0.3]},
            {"agent": B, "share": [1.0, 0.5, 0.0], "low": [1.0, 0.4, 0.0], "high": [1.0, 0.6, 0.1]},
        ],
        "iqm": [{"agent": A, "rating": 71.5, "low": 66.0, "high": 77.0}],
        "common_seeds": 40,
    },
    "cross_play": {
        "agents": AGENTS,
        "of": 3,
        "value": [[3.0, 5.0, None], [4.0, None, 1.0], [None, 2.0, None]],
        "episodes": [[2, 4, 0], [4, 0, 4], [0, 4, 0]],
        "least": 1.0,
        "most": 5.0,
    },
    "calibration": {
        "bins": [
            {
                "from": 0.5,
                "to": 0.6,
                "predicted": 0.55,
                "observed": 0.52,
                "low": 0.45,
                "high": 0.59,
                "results": 200,
            },
            {
                "from": 0.9,
                "to": 1.0,
                "predicted": 0.94,
                "observed": 0.95,
                "low": 0.88,
                "high": 0.98,
                "results": 80,
            },
            {
                "from": 0.6,
                "to": 0.7,
                "predicted": 0.65,
                "observed": 0.0,
                "low": 0.0,
                "high": 0.0,
                "results": 0,
            },
        ],
        "results": 280,
        "log_loss": 0.512,
        "log_loss_coin": 0.693,
        "brier": 0.17,
    },
}
