"""Trials as rows to print: against whom, how it stands, how long it will take."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coliseum import clock
from coliseum.league.gates import most_episodes
from coliseum.pages.rows import Row, agent_url
from coliseum.pages.wording import took
from coliseum.submissions.models import Purpose, Submission, Trial, Verdict
from coliseum.submissions.queries import trials_of

_WORDS = {
    Verdict.OPEN: "running",
    Verdict.BETTER: "success",
    Verdict.NOT_BETTER: "finished",
    Verdict.UNDECIDED: "provisional",
    Verdict.DROPPED: "cancelled",
}
_FOUND = {
    Verdict.BETTER: gettext_lazy("it beats it"),
    Verdict.NOT_BETTER: gettext_lazy("it does not beat it"),
}
_MEANINGS = {
    Verdict.OPEN: gettext_lazy("Its matches move no rating; a verdict falls as soon as it is clear."),
    Verdict.BETTER: gettext_lazy("It is better: so good a result would come by chance once in twenty times."),
    Verdict.NOT_BETTER: gettext_lazy(
        "It is not better by 50 points of rating: that would be missed once in twenty times."
    ),
    Verdict.UNDECIDED: gettext_lazy("The two are too close to tell within the episodes there are for it."),
    Verdict.DROPPED: gettext_lazy("It was broken off: one of the two, or the competition, is out."),
}


def trial_rows(submission: Submission) -> list[Row]:
    """Return what submissions/_trials.html prints."""
    return [trial_row(trial) for trial in trials_of(submission)]


def trial_row(trial: Trial) -> Row:
    """Return how one trial stands."""
    verdict = Verdict(trial.verdict)
    is_gate = trial.purpose == Purpose.GATE
    return {
        "title": _("Better than") if is_gate else trial.get_purpose_display().capitalize(),
        "opponent": str(trial.opponent),
        "opponent_url": agent_url(trial.opponent),
        "word": _WORDS[verdict],
        "label": verdict.label,
        "found": _FOUND.get(verdict, verdict.label),
        "meaning": _MEANINGS[verdict] if is_gate or verdict in {Verdict.OPEN, Verdict.DROPPED} else "",
        "waits": is_gate and trial.submission.only_if_better and verdict == Verdict.OPEN,
        "points": _("%(share)s of the points") % {"share": f"{trial.points:.1%}"}
        if trial.points is not None
        else "",
        "progress": {
            "label": _("Episodes judged"),
            "done": min(trial.episodes, most_episodes(trial)),
            "total": most_episodes(trial),
            "left": _left(trial) if verdict == Verdict.OPEN else "",
        },
    }


def _left(trial: Trial) -> str:
    """Say how long it takes at most, at the pace so far."""
    if not trial.episodes:
        return ""
    passed = (clock.now() - trial.started_at).total_seconds()
    left = passed / trial.episodes * (most_episodes(trial) - trial.episodes)
    return _("at most %(time)s left") % {"time": took(left)}
