"""What the wizard says of every key of competition.toml: label, help, and the words for choices."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

STEPS: Final[dict[int, Words]] = {
    1: _("Arena and title"),
    2: _("Dates"),
    3: _("Who takes part"),
    4: _("Limits and format"),
    5: _("Texts and what is shown"),
}
LABELS: Final[dict[str, Words]] = {
    "competition.title": _("Title"),
    "competition.slug": _("Short name in the address"),
    "competition.arena": _("Arena"),
    "competition.summary": _("Summary"),
    "competition.overview": _("Overview"),
    "competition.rules": _("Rules"),
    "competition.evaluation": _("Evaluation"),
    "competition.prizes": _("Prizes"),
    "competition.faq": _("Questions that are asked often"),
    "competition.forum_url": _("Address of the forum"),
    "dates.zone": _("Time zone"),
    "dates.opens_at": _("Opens"),
    "dates.closes_at": _("Closes"),
    "eligibility.who": _("Who may join"),
    "eligibility.invited": _("Invited people"),
    "eligibility.link": _("An invitation link lets people in too"),
    "eligibility.domains": _("E-mail domains"),
    "teams.max_members": _("Most people of a team"),
    "teams.merge_until": _("Teams may merge until"),
    "reveal.replays": _("Who sees replays"),
    "reveal.code": _("Who may download agents"),
    "limits.load_seconds": _("Loading, in seconds"),
    "limits.reset_seconds": _("Beginning an episode, in seconds"),
    "limits.step_seconds": _("A turn, in seconds"),
    "limits.bank_seconds": _("To spare for a match, in seconds"),
    "limits.memory_bytes": _("Memory"),
    "limits.scratch_bytes": _("Private disk"),
    "limits.threads": _("Threads and processes"),
    "limits.log_bytes": _("Log that is kept"),
    "quotas.daily_submissions": _("Submissions a day and team"),
    "quotas.active_submissions": _("Agents in play for each team"),
    "quotas.target_matches": _("Rated matches for an agent"),
    "league.swap": _("Seats"),
    "league.episodes": _("Episodes of a match"),
    "league.baselines": _("Baselines that take part"),
    "final.finalists_per_owner": _("Finalists each owner names"),
    "final.prize_places": _("Places that must be told apart"),
    "final.budget_episodes": _("Most episodes of a finalist"),
    "final.cuts": _("Cuts, in episodes"),
    "tournament.name": _("Name of the tournament"),
    "tournament.format": _("Format"),
    "tournament.entrants": _("Who takes part in it"),
    "tournament.size": _("How many of the best"),
    "tournament.seeding": _("Order of the seeds"),
    "tournament.release": _("Results are shown"),
    "tournament.starts_at": _("Starts by itself at"),
    "tournament.rounds": _("Rounds"),
    "tournament.matches": _("Matches of a pairing"),
    "tournament.cycles": _("Cycles"),
    "tournament.accelerated": _("The strong meet earlier"),
    "tournament.best_of": _("Best of"),
    "tournament.final_best_of": _("Best of, in the final"),
    "tournament.third_place": _("Match for third place"),
    "tournament.reset": _("Who comes unbeaten to the final must lose twice"),
    "tournament.groups": _("Groups"),
    "tournament.cut": _("How many go on"),
    "tournament.by_score": _("Tables of like scores"),
}
HELP: Final[dict[str, Words]] = {
    "competition.slug": _("Small letters, digits and single dashes, as spring-cup. It never changes."),
    "competition.arena": _("What is played. It never changes. The page Arenas shows them all."),
    "competition.summary": _("One sentence for cards and lists. Empty: that of the arena."),
    "competition.overview": _("Markdown. What it is about, shown on its first page."),
    "competition.rules": _(
        "Markdown. Whoever joins accepts them. If you change them later, everybody has to accept them again "
        "before the next submission; the page shows exactly what changed."
    ),
    "competition.evaluation": _("Markdown. How agents are evaluated, beyond what the site says by itself."),
    "competition.prizes": _("Markdown."),
    "competition.faq": _("Markdown."),
    "competition.forum_url": _("https only. Empty: there is none."),
    "dates.zone": _("As Europe/Berlin. The times below are meant in it. Empty: UTC."),
    "dates.opens_at": _(
        "From then on teams can submit. Empty: at once. Nothing is public until you open the competition."
    ),
    "dates.closes_at": _("No submissions after this. Empty: until you close it."),
    "eligibility.invited": _(
        "Names of accounts or e-mail addresses, one a line; only where invited people may join. "
        "Nobody but the hosts sees them. An address counts once its owner has confirmed it."
    ),
    "eligibility.link": _(
        "Only where invited people may join. You find the link on the page of requests and can renew it."
    ),
    "eligibility.domains": _(
        "One a line, as example.org; only where people of e-mail domains may join. Parts of a domain "
        "count, as cs.example.org. The address must be confirmed."
    ),
    "teams.max_members": _("1: everybody alone."),
    "teams.merge_until": _("Empty: until the end."),
    "limits.bank_seconds": _("What a turn takes beyond its limit is taken from this."),
    "limits.memory_bytes": _("As 256 MiB. Beyond the interpreter and its libraries."),
    "limits.scratch_bytes": _("As 64 MiB."),
    "limits.log_bytes": _("As 16 KiB; of its head and of its tail."),
    "quotas.daily_submissions": _("A day begins at 00:00 UTC; rejected submissions do not count."),
    "quotas.target_matches": _("The league stops scheduling an agent that has this many."),
    "league.swap": _("Playing a match in every seating on the same seed takes luck out of it."),
    "league.episodes": _("In each seating. 0: as a trial of the baselines advises."),
    "league.baselines": _("Agents of the house, so that there is somebody to meet."),
    "final.finalists_per_owner": _("Who names none enters the best and the latest."),
    "final.prize_places": _("Before that the final does not stop, while there is budget."),
    "final.budget_episodes": _("Places that are still open then are shared."),
    "final.cuts": _(
        "Growing numbers, as 32, 64, 128, 256: after so many episodes those without a chance of a "
        "prize leave. Empty: these."
    ),
    "tournament.name": _("Each has its own; empty: no tournament here."),
    "tournament.size": _("Only where the best of the leaderboard take part."),
    "tournament.starts_at": _("Empty: when you start it."),
    "tournament.rounds": _("Swiss and tables. 0: as many as the field needs."),
    "tournament.matches": _("Round robin, Swiss, tables."),
    "tournament.cycles": _("Round robin and groups: how often each meets each."),
    "tournament.accelerated": _("Swiss."),
    "tournament.best_of": _("Eliminations: matches of a series at most; an odd number."),
    "tournament.final_best_of": _("0: like the others."),
    "tournament.third_place": _("Eliminations."),
    "tournament.reset": _("Double elimination."),
    "tournament.groups": _("Groups and knockout."),
    "tournament.cut": _("Formats of two stages."),
    "tournament.by_score": _("Tables."),
}
CHOICES: Final[dict[str, dict[str, Words]]] = {
    "eligibility.who": {
        "open": _("Everybody with an account"),
        "invited": _("People I invite"),
        "domain": _("People with an e-mail address of certain domains"),
        "approval": _("Whoever asks and I let in"),
    },
    "reveal.replays": {
        "public": _("Everybody"),
        "participants": _("Whoever has joined"),
        "after_close": _("Until the end only the teams of a match, then everybody"),
    },
    "reveal.code": {
        "never": _("Nobody but their teams"),
        "after_close": _("Everybody, once the competition is closed"),
    },
    "league.swap": {
        "calibrated": _("As a trial of the baselines advises"),
        "always": _("Every match in every seating"),
        "never": _("One seating, drawn"),
    },
    "tournament.format": {
        "round_robin": _("Round robin"),
        "swiss": _("Swiss"),
        "single_elimination": _("Single elimination"),
        "double_elimination": _("Double elimination"),
        "groups_and_knockout": _("Groups and knockout"),
        "swiss_and_cut": _("Swiss, then elimination"),
        "tables": _("Tables"),
    },
    "tournament.entrants": {
        "active": _("All agents in play"),
        "top": _("The best of the leaderboard"),
    },
    "tournament.seeding": {"rating": _("By rating"), "draw": _("By lot")},
    "tournament.release": {
        "at_once": _("At once"),
        "by_round": _("Round by round, when I say so"),
        "at_end": _("All together at the end"),
    },
}
