"""Tournament pages: what everybody, an owner and a host see, and what a host can do."""

import re

import pytest

from coliseum.tournaments.models import Tournament, TournamentState
from tests.platform.pages.conftest import text_of
from tests.platform.tournaments.conftest import cards, noughts  # noqa: F401 - fixtures
from tests.platform.tournaments.playing import (
    enter_agents,
    open_tournament,
    play_all,
    play_batch,
    started,
)

FORM = {"title": "Spring Masters", "source": "active", "seeding": "draw", "release": "at_once"}
ALL = {
    "round_robin": {"cycles": "2", "matches": "1"},
    "swiss": {"rounds": "3", "matches": "1"},
    "single_elimination": {"best_of": "3", "final_best_of": "5", "third_place": "on"},
    "double_elimination": {"best_of": "3", "final_best_of": "0", "reset": "on"},
    "groups_and_knockout": {"groups": "2", "cycles": "1", "cut": "4", "best_of": "1", "third_place": "on"},
    "swiss_and_cut": {"rounds": "3", "cut": "4", "best_of": "1"},
    "tables": {"rounds": "3", "matches": "1"},
}


def page(tournament: Tournament, more: str = "") -> str:
    return f"/tournaments/{tournament.pk}/{more}"


@pytest.mark.parametrize("form", ALL)
def test_a_host_opens_one_of_each_format_and_everybody_sees_its_champion(browser, host, noughts, form):  # noqa: F811
    enter_agents(noughts, 6)
    visitor = browser(host)
    assert "Swiss and top cut" in text_of(visitor.get("/competitions/noughts/tournaments/new"))
    answer = visitor.post(f"/competitions/noughts/tournaments/new?format={form}", **FORM, **ALL[form])
    assert answer.status_code == 302, text_of(answer)
    made = Tournament.objects.get()
    draft = text_of(visitor.get(page(made)))
    assert re.search(r"6 entrants: \d+ rounds?, \d+ pairings", draft)
    assert browser().get(page(made)).status_code == 404
    assert visitor.post(page(made, "act"), act="start").status_code == 302
    running = text_of(browser().get(page(made)))
    assert "matches are being played" in running
    play_all()
    over = text_of(browser().get(page(made)))
    # Drawn tables of two, and a Swiss of few rounds, may leave several unbeaten.
    assert ("hampion" if form in {"tables", "swiss"} else "Champion Agent 001") in over
    assert "Agent 006" in over
    assert "Champion" in text_of(browser().get("/competitions/noughts/tournaments"))


def test_a_host_without_tournaments_is_led_to_the_form_and_others_to_the_board(browser, host, noughts):  # noqa: F811
    assert "New tournament" in text_of(browser(host).get("/competitions/noughts/tournaments"))
    assert "See the leaderboard" in text_of(browser().get("/competitions/noughts/tournaments"))


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"best_of": "4"}, "best_of", "[tournament.bad_format]"),
        ({"best_of": "-1"}, "best_of", ""),
        ({"best_of": ""}, "best_of", ""),
        ({"title": ""}, "title", ""),
        ({"source": "friends"}, "source", ""),
        ({"source": "top"}, "size", "[tournament.bad_setting]"),
        ({"source": "chosen", "chosen": "x" * 18}, "chosen", ""),
        ({"starts_at": "2001-01-01T10:00"}, "starts_at", "[tournament.bad_setting]"),
        ({"starts_at": "soon"}, "starts_at", ""),
    ],
)
def test_a_bad_field_is_refused_beside_it(browser, host, noughts, changes, field, words):  # noqa: F811
    fields = FORM | ALL["single_elimination"] | changes
    answer = browser(host).post("/competitions/noughts/tournaments/new?format=single_elimination", **fields)
    assert answer.status_code == 400
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert words in answer.content.decode()
    assert not Tournament.objects.exists()


def test_only_fitting_formats_are_offered(browser, host, cards):  # noqa: F811
    text = text_of(browser(host).get("/competitions/cards/tournaments/new"))
    assert "Tables" in text
    assert "Double elimination" not in text
    assert browser(host).get("/competitions/cards/tournaments/new?format=swiss").status_code == 400


def test_a_draft_is_changed_until_it_starts(browser, host, noughts):  # noqa: F811
    enter_agents(noughts, 4)
    draft = open_tournament(noughts, "swiss")
    visitor = browser(host)
    fields = FORM | ALL["swiss"] | {"title": "Autumn Masters", "rounds": "2"}
    assert visitor.post(page(draft, "change"), **fields).status_code == 302
    assert "Autumn Masters" in text_of(visitor.get(page(draft)))
    visitor.post(page(draft, "act"), act="start")
    for answer in (visitor.get(page(draft, "change")), visitor.post(page(draft, "change"), **fields)):
        assert answer.status_code == 409
        assert "tournament.started" in text_of(answer)


def test_too_few_entrants_are_said_before_and_at_the_start(browser, host, noughts):  # noqa: F811
    enter_agents(noughts, 1)
    draft = open_tournament(noughts, "swiss")
    visitor = browser(host)
    assert "1 entrant: it takes at least 2." in text_of(visitor.get(page(draft)))
    answer = visitor.post(page(draft, "act"), act="start")
    assert answer.status_code == 400
    assert "tournament.bad_setting" in text_of(answer)


def test_every_state_is_said_in_words(browser, host, noughts):  # noqa: F811
    enter_agents(noughts, 3)
    visitor = browser(host)
    running = started(noughts, "round_robin")
    visitor.post(page(running, "act"), act="pause", reason="lunch")
    assert "Paused: what is being played ends, nothing new begins. lunch" in text_of(
        browser().get(page(running))
    )
    visitor.post(page(running, "act"), act="resume")
    assert visitor.post(page(running, "act"), act="resume").status_code == 409
    assert visitor.post(page(running, "act"), act="explode").status_code == 400
    for typed in ("", "yes"):
        assert visitor.post(page(running, "cancel"), confirm=typed).status_code == 400
    visitor.post(page(running, "cancel"), confirm="cancel", reason="a storm")
    assert "Cancelled; there is no champion. a storm" in text_of(browser().get(page(running)))


def test_held_results_are_on_no_page_but_the_hosts(browser, host, noughts, client_of):  # noqa: F811
    enter_agents(noughts, 4)
    tournament = started(noughts, "single_elimination", options={"best_of": 1}, release="by_round")
    play_all()
    text = text_of(browser().get(page(tournament)))
    assert "Results from round 1 on are not released yet" in text
    assert "Champion" not in text
    assert "winner of semi-final 1" in text
    seen = text_of(browser(host).get(page(tournament)))
    assert "Champion Agent 001" in seen
    assert "Release round 1" in seen
    for address in ("/matches/", "/competitions/noughts/matches", "/competitions/noughts/tournaments"):
        assert "Agent 00" not in text_of(browser().get(address))
    browser(host).post(page(tournament, "act"), act="release")
    after = text_of(browser().get(page(tournament, "course")))
    assert "winner of semi-final 1" not in after
    assert "Results from round 2 on are not released yet" in after
    browser(host).post(page(tournament, "act"), act="release-all")
    assert "Champion Agent 001" in text_of(browser().get(page(tournament)))


def test_pairings_lead_to_their_matches_and_back(browser, noughts):  # noqa: F811
    enter_agents(noughts, 2)
    tournament = started(noughts, "single_elimination", options={"best_of": 1})
    play_all()
    html = browser().get(page(tournament)).content.decode()
    (match,) = set(re.findall(r'href="(/matches/[0-9a-z]{18}/)"', html))
    facts = browser().get(match).content.decode()
    assert f'href="{page(tournament)}?stage=1&amp;round=1#p1-1-1"' in facts
    assert "Seed 1 against seed 2. Final, best of 1." in text_of(browser().get(match))
    assert 'id="p1-1-1"' in html


def test_an_owner_withdraws_his_own_agent_only(browser, ann, eve, host, noughts):  # noqa: F811
    agents = enter_agents(noughts, 3)
    agents[0].entry.team.members.add(ann)
    tournament = started(noughts, "round_robin")
    fields = {"agent": agents[0].pk, "confirm": str(agents[0]), "kind": "disqualified", "reason": "broken"}
    assert browser(eve).post(page(tournament, "leave"), **fields).status_code == 404
    assert (
        browser(ann).post(page(tournament, "leave"), **(fields | {"agent": agents[1].pk})).status_code == 404
    )
    assert browser(ann).post(page(tournament, "leave"), **(fields | {"confirm": "x"})).status_code == 400
    assert browser(ann).post(page(tournament, "leave"), **fields).status_code == 302
    # A team cannot disqualify, not even itself.
    assert tournament.stages.get().departures.get().kind == "withdrawn"
    assert "withdrawn broken" in text_of(browser().get(page(tournament)))
    fields = {"agent": agents[1].pk, "confirm": str(agents[1]), "kind": "disqualified"}
    assert browser(host).post(page(tournament, "leave"), **fields).status_code == 400
    assert browser(host).post(page(tournament, "leave"), **fields, reason="copied").status_code == 302
    assert "in tournament Spring Masters copied" in text_of(browser().get("/competitions/noughts/log"))


def test_the_crowning_probability_says_how_far_it_is(browser, noughts):  # noqa: F811
    enter_agents(noughts, 3)
    tournament = started(noughts, "round_robin")
    assert "crowns the best agent: being computed" in text_of(browser().get(page(tournament)))
    Tournament.objects.update(crowning_runs=340, crowning_sum=170)
    assert "50 % ± 5 so far; being computed, 340 of 2,000" in text_of(browser().get(page(tournament)))
    Tournament.objects.update(crowning_runs=2000, crowning_sum=1240)
    assert "62 % ± 2 , from 2,000 simulated" in text_of(browser().get(page(tournament)))


def test_a_page_costs_few_queries_however_many_matches(browser, noughts, django_assert_max_num_queries):  # noqa: F811
    enter_agents(noughts, 12)
    tournament = started(noughts, "round_robin")
    play_batch()
    with django_assert_max_num_queries(45):
        browser().get(page(tournament))


def test_an_arena_that_is_gone_is_said(browser, host, noughts):  # noqa: F811
    enter_agents(noughts, 2)
    tournament, draft = started(noughts, "round_robin"), open_tournament(noughts, "swiss")
    type(noughts).objects.update(arena="gone-v1")
    for visitor in (browser(), browser(host)):
        assert "gone-v1 is not installed" in text_of(visitor.get(page(tournament)))
    assert browser(host).post(page(draft, "act"), act="start").status_code == 400
    assert browser(host).post(page(tournament, "cancel"), confirm="cancel").status_code == 302
    assert "No format suits" in text_of(browser(host).get("/competitions/noughts/tournaments/new"))


def test_contradicting_rows_do_not_break_the_page(browser, noughts):  # noqa: F811
    enter_agents(noughts, 4)
    tournament = started(noughts, "round_robin")
    row = tournament.stages.get().pairings.first()
    row.lineup = [99, 98]
    row.save()
    Tournament.objects.update(state=TournamentState.PAUSED, reason="The rows contradict each other.")
    assert "contradict" in text_of(browser().get(page(tournament)))


def test_a_long_tournament_shows_one_round_at_a_time(browser, noughts, monkeypatch):  # noqa: F811
    monkeypatch.setattr("coliseum.pages.tournament_rounds.MOST_PAIRINGS", 5)
    enter_agents(noughts, 4)
    tournament = started(noughts, "round_robin")
    html = browser().get(page(tournament)).content.decode()
    assert (html.count('class="round '), "p1-1-1" in html) == (1, True)
    play_all()
    html = browser().get(page(tournament)).content.decode()
    assert (html.count('class="round '), "p1-3-1" in html) == (1, True)
    chosen = browser().get(page(tournament) + "?stage=1&round=2")
    assert "p1-2-1" in chosen.content.decode()
    assert f'data-live-url="{page(tournament)}course?stage=1&amp;round=2"' in chosen.content.decode()
    assert browser().get(page(tournament) + "?stage=1&round=99").status_code == 200
    assert browser().get(page(tournament) + "?stage=x").status_code == 400
