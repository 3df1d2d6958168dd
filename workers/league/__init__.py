"""League arithmetic: ratings, score tables and pairings as pure functions on arrays."""

from workers.league.board import PairingRules, PairingState
from workers.league.comparisons import Comparisons, ComparisonsError, empty_comparisons
from workers.league.intervals import superiority
from workers.league.pairing import Pairing, choose_pairs, choose_solos
from workers.league.rating import ESTIMATOR_VERSION, Fit, Settings, fit
from workers.league.results import Episode, compare_episodes
from workers.league.returns import Returns, ReturnTable, fit_returns
from workers.league.scores import ScoreSettings, ScoreTable, fit_scores

__all__ = [
    "ESTIMATOR_VERSION",
    "Comparisons",
    "ComparisonsError",
    "Episode",
    "Fit",
    "Pairing",
    "PairingRules",
    "PairingState",
    "ReturnTable",
    "Returns",
    "ScoreSettings",
    "ScoreTable",
    "Settings",
    "choose_pairs",
    "choose_solos",
    "compare_episodes",
    "empty_comparisons",
    "fit",
    "fit_returns",
    "fit_scores",
    "superiority",
]
