"""A competition opened from its file, changed by it, and given back as it."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from coliseum import clock
from coliseum.competitions import files
from coliseum.competitions.announcements import set_forum
from coliseum.competitions.calibrations import league_arena
from coliseum.competitions.models import Act, Competition
from coliseum.competitions.services import move_competition
from coliseum.league import opening
from coliseum.submissions.models import Submission
from coliseum.tournaments.models import Tournament
from coliseum.tournaments.services import cancel_tournament
from tests.workers.hosting.files import HEAD, competition_files
from workers.hosting.file import CompetitionFile
from workers.hosting.reading import find_all, read_toml
from workers.hosting.writing import write_toml
from workers.refusals import RefusedError

WHOLE = (
    HEAD
    + """\
overview = "**Four** in a row."
rules = '''
1. Be fair.
2. Be kind.
'''

[dates]
opens_at = 2027-04-01T12:00:00+02:00
closes_at = 2027-05-01T12:00:00+02:00
zone = "Europe/Berlin"

[limits]
step_seconds = 0.5
memory_bytes = 268435456

[quotas]
daily_submissions = 3
target_matches = 120

[league]
swap = "always"
episodes = 2
baselines = ["random", "heuristic"]

[final]
prize_places = 5
cuts = [32, 128]

[[tournament]]
name = "Warm-up"
format = "round_robin"
cycles = 2
starts_at = 2027-04-20T18:00:00+02:00

[[tournament]]
name = "Grand final"
entrants = "top"
size = 16
release = "by_round"
best_of = 5
"""
)


def told(text: str = WHOLE) -> CompetitionFile:
    return read_toml(text.encode())


@pytest.fixture
def opened(host) -> Competition:
    """Return the competition of the file, a draft."""
    return opening.open_from_file(host=host, file=told())


def refusal_of(competition: Competition, host, text: str) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        opening.change_from_file(competition=competition, actor=host, file=told(text))
    return caught.value


def test_a_file_becomes_a_draft_with_its_tournaments_and_baselines(opened, host) -> None:
    assert (opened.state, opened.title, opened.target_matches) == ("draft", "Spring Cup", 120)
    assert opened.opens_at == datetime(2027, 4, 1, 10, tzinfo=UTC)
    assert opened.limits == {"step_seconds": 0.5, "memory_bytes": 268435456}
    assert opened.options["league"]["swap"] == "always"
    assert opened.options["final"]["prize_places"] == 5
    assert "calibration" not in opened.options, "the file says how matches are played"
    assert opened.hosts.get() == host
    assert sorted(Submission.objects.values_list("baseline", flat=True)) == ["heuristic", "random"]
    titles = Tournament.objects.order_by("created_at").values_list("title", "format", "state")
    assert list(titles) == [("Warm-up", "round_robin", "draft"), ("Grand final", "swiss_and_cut", "draft")]


def test_what_was_opened_is_given_back_as_the_same_file(opened) -> None:
    text = opening.text_of(opened)
    assert read_toml(text.encode()) == told()
    assert "opens_at = 2027-04-01T12:00:00+02:00" in text


def test_the_smallest_file_is_enough(host) -> None:
    made = opening.open_from_file(host=host, file=told(HEAD + "[league]\nbaselines = []\n"))
    assert made.summary == "Drop discs into seven columns; the first four in a row wins."
    assert (made.limits, made.closes_at, made.daily_submissions) == ({}, None, 5)
    assert made.options["calibration"]["state"] == "wanted"
    assert not Submission.objects.exists()
    given_back = read_toml(opening.text_of(made).encode())
    assert given_back.dates.opens_at == made.opens_at
    assert given_back.competition.summary == ""


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(competition_files())
def test_any_file_comes_back_from_the_row_the_same(host, file) -> None:
    Competition.objects.all().delete()
    made = files.create_from_file(host=host, file=file)
    made.refresh_from_db()
    back = files.file_of(made, file.tournament)
    expected = msgspec.structs.replace(
        file,
        dates=msgspec.structs.replace(file.dates, opens_at=file.dates.opens_at or made.opens_at),
    )
    assert back == expected
    assert read_toml(write_toml(back).encode()) == back
    assert files.change_from_file(competition=made, actor=host, file=back) == ()


def test_the_same_file_again_changes_nothing(opened, host) -> None:
    acts = Act.objects.count()
    assert opening.change_from_file(competition=opened, actor=host, file=told()) == ()
    assert Act.objects.count() == acts
    assert (Tournament.objects.count(), Submission.objects.count()) == (2, 2)


def test_a_draft_may_change_in_everything_but_address_and_arena(opened, host) -> None:
    text = (
        WHOLE.replace("step_seconds = 0.5", "step_seconds = 0.75")
        .replace("2027-04-01", "2027-04-02")
        .replace("target_matches = 120", "target_matches = 150")
        .replace('format = "round_robin"\ncycles = 2', 'format = "swiss"\nrounds = 5')
        .replace("[final]\nprize_places = 5\ncuts = [32, 128]\n", "")
    )
    changed = opening.change_from_file(competition=opened, actor=host, file=told(text))
    assert changed == (
        "dates.opens_at",
        "limits.step_seconds",
        "quotas.target_matches",
        "final",
        "tournament[0]",
    )
    assert read_toml(opening.text_of(opened).encode()) == told(text)
    act = Act.objects.filter(verb="changed").get()
    assert act.subject == "dates.opens_at, limits.step_seconds, quotas.target_matches, final"
    assert refusal_of(opened, host, HEAD.replace("connect_four-v3", "tictactoe-v3")).field == "arena"
    assert refusal_of(opened, host, WHOLE.replace("spring-cup", "summer-cup")).code == "hosting.other_slug"


def test_after_the_start_the_rules_stay_and_all_keys_that_broke_them_are_named(
    opened, host, monkeypatch
) -> None:
    move_competition(competition=opened, to="open", actor=host)
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 4, 2, tzinfo=UTC))
    text = (
        WHOLE.replace("step_seconds = 0.5", "step_seconds = 5")
        .replace("target_matches = 120", "target_matches = 12")
        .replace('swap = "always"', 'swap = "never"')
        .replace("2027-05-01", "2027-06-01")
    )
    refused = refusal_of(opened, host, text)
    assert (refused.code, refused.status) == ("competition.started", 409)
    assert "limits.step_seconds, quotas.target_matches, league.swap." in refused.message
    opened.refresh_from_db()
    assert opened.limits["step_seconds"] == 0.5
    assert opened.closes_at == datetime(2027, 5, 1, 10, tzinfo=UTC)


def test_after_the_start_texts_end_and_quotas_may_still_change(opened, host, monkeypatch) -> None:
    move_competition(competition=opened, to="open", actor=host)
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 4, 2, tzinfo=UTC))
    text = WHOLE.replace("Be kind.", "Be very kind.").replace("2027-05-01", "2027-06-01")
    text = text.replace("daily_submissions = 3", "daily_submissions = 4")
    changed = opening.change_from_file(competition=opened, actor=host, file=told(text))
    assert changed == ("competition.rules", "dates.closes_at", "quotas.daily_submissions")


def test_before_its_start_an_opened_competition_may_still_change(opened, host) -> None:
    move_competition(competition=opened, to="open", actor=host)
    assert not files.has_started(opened)
    text = WHOLE.replace("target_matches = 120", "target_matches = 12")
    assert opening.change_from_file(competition=opened, actor=host, file=told(text)) == (
        "quotas.target_matches",
    )


def test_a_tournament_that_started_stays_as_it_is(opened, host, submission, rival) -> None:
    row = Tournament.objects.get(title="Warm-up")
    Tournament.objects.filter(pk=row.pk).update(state="running", started_at=clock.now())
    changed_text = WHOLE.replace("cycles = 2", "cycles = 3")
    refused = refusal_of(opened, host, changed_text.replace("Be kind.", "Be cruel."))
    assert (refused.code, refused.field) == ("competition.started", "tournament[0]")
    opened.refresh_from_db()
    assert "Be cruel." not in opened.rules
    assert opening.change_from_file(competition=opened, actor=host, file=told()) == ()


def test_a_cancelled_tournament_is_not_in_the_file(opened, host) -> None:
    cancel_tournament(tournament=Tournament.objects.get(title="Warm-up"), actor=host, reason="rain")
    assert [each.name for each in opening.file_of(opened).tournament] == ["Grand final"]


@pytest.mark.parametrize(
    ("options", "swaps", "episodes"),
    [
        ({}, True, 1),
        ({"league": {"swap": "never", "episodes": 3}}, False, 3),
        ({"calibration": {"swaps": False, "episodes": 4}}, False, 4),
        ({"calibration": {"swaps": False, "episodes": 4}, "league": {"swap": "always"}}, True, 4),
        ({"calibration": {"swaps": True, "episodes": 4}, "league": {"episodes": 2}}, True, 2),
    ],
)
def test_the_host_decides_how_league_matches_are_played_or_the_calibration(
    competition, options, swaps, episodes
) -> None:
    competition.options = options
    arena = league_arena(competition)
    assert (arena.id, arena.swaps_seats, arena.episodes) == ("connect_four-v3", swaps, episodes)


def test_what_the_file_does_not_say_is_kept(opened, host) -> None:
    Competition.objects.update(options=opened.options | {"calibration": {"swaps": True, "episodes": 2}})
    opening.change_from_file(competition=opened, actor=host, file=told(WHOLE.replace("Be kind", "Be bold")))
    opened.refresh_from_db()
    assert opened.options["calibration"] == {"swaps": True, "episodes": 2}
    assert opened.options["league"]["episodes"] == 2


def test_an_address_that_is_taken_makes_nothing(opened, host) -> None:
    with pytest.raises(RefusedError) as caught:
        opening.open_from_file(host=host, file=told())
    assert caught.value.code == "competition.bad_setting"
    assert (Competition.objects.count(), Tournament.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    "url",
    [
        "http://forum.example/",
        "https://a:b@forum.example/",
        "javascript:alert(1)",
        'https://x.example/"',
        "x",
    ],
)
def test_a_forum_is_a_plain_https_address_wherever_it_is_said(competition, host, url):
    tables = {"competition": {"slug": "c4", "title": "T", "arena": "connect_four-v3", "forum_url": url}}
    assert [each.place for each in find_all(tables)] == [("competition", "forum_url")]
    with pytest.raises(RefusedError):
        set_forum(competition=competition, actor=host, url=url)
