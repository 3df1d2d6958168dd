"""League arithmetic: ratings, score tables and pairings as pure functions on arrays."""

from workers.league.board import PairingRules, PairingState
from workers.league.comparisons import Comparisons, ComparisonsError, empty_comparisons
from workers.league.evidence import Evidence, Gathering
from workers.league.intervals import superiority
from workers.league.likelihood import Frozen
from workers.league.pairing import Pairing, choose_pairs, choose_solos
from workers.league.rating import ESTIMATOR_VERSION, Fit, Settings, fit, freeze
from workers.league.refining import covariance_between, refine
from workers.league.residuals import pair_residuals, watch_pairs
from workers.league.results import Episode, compare_episodes
from workers.league.returns import Returns, ReturnTable, fit_returns
from workers.league.roles import RoleTable, rate_roles
from workers.league.scores import ScoreSettings, ScoreTable, fit_scores
from workers.league.sequential import Claim, Gate, GateRules, compare_two, judge_submission

__all__ = [
    "ESTIMATOR_VERSION",
    "Claim",
    "Comparisons",
    "ComparisonsError",
    "Episode",
    "Evidence",
    "Fit",
    "Frozen",
    "Gate",
    "GateRules",
    "Gathering",
    "Pairing",
    "PairingRules",
    "PairingState",
    "ReturnTable",
    "Returns",
    "RoleTable",
    "ScoreSettings",
    "ScoreTable",
    "Settings",
    "choose_pairs",
    "choose_solos",
    "compare_episodes",
    "compare_two",
    "covariance_between",
    "empty_comparisons",
    "fit",
    "fit_returns",
    "fit_scores",
    "freeze",
    "judge_submission",
    "pair_residuals",
    "rate_roles",
    "refine",
    "superiority",
    "watch_pairs",
]
