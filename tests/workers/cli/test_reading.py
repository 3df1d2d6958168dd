"""The read side: lists, boards, what one agent did, replays, a whole competition as files."""

import csv
import io
import json

import pytest

from tests.workers.shapes import answer
from workers.client.answers.agent_answers import AgentDetail, Versus
from workers.client.answers.board_answers import (
    ExportList,
    ExportTable,
    Leaderboard,
    PastLeaderboard,
    PastStandingRow,
    StandingRow,
)
from workers.client.answers.competition_answers import (
    CompetitionDetail,
    CompetitionPage,
    CompetitionRow,
    EntryRow,
)
from workers.client.answers.match_answers import (
    EpisodeRow,
    EpisodeSeat,
    MatchDetail,
    MatchPage,
    MatchRow,
    MatchSeat,
    ReplayFile,
    SeatRow,
)
from workers.client.answers.submission_answers import (
    CheckRow,
    SubmissionDetail,
    SubmissionPage,
    SubmissionRow,
)
from workers.client.answers.tournament_answers import (
    EntrantRow,
    PairedMatchRow,
    PairingRow,
    PlaceRow,
    StageRow,
    TournamentDetail,
)

GONE = "http://127.0.0.1:9"
ASKING = [
    ("status", "s1"),
    ("leaderboard", "ttt"),
    ("matches", "ttt"),
    ("submissions",),
    ("versus", "a", "b"),
    ("replay", "m1"),
    ("pull", "ttt"),
    ("submit", "mine.py", "-c", "ttt", "--no-check"),
]
STANDING = {
    **{"rank": 1, "rank_low": 1, "rank_high": 2, "agent": "evil\x1b[2J\u202e", "rating": 12.345},
    **{"low": -3.0, "high": 20.0, "matches": 7, "provisional": True, "team": "=cmd()", "version": 3},
}


@pytest.mark.parametrize("command", ASKING)
def test_b80_who_is_not_signed_in_is_told_so(coliseum, command):
    run = coliseum(*command)
    assert (run.status, run.out) == (3, "")
    assert run.err.startswith("error [cli.not_signed_in] Not signed in. Run: coliseum login\n  ")
    run = coliseum(*command, "--json")
    assert (run.status, run.error["code"]) == (3, "cli.not_signed_in")


@pytest.mark.parametrize("command", ASKING)
def test_b80_an_unreachable_server_is_told_and_nothing_was_sent(coliseum, command):
    run = coliseum(*command, "--server", GONE)
    assert (run.status, run.out) == (5, "")
    assert "[cli.unreachable] Cannot reach 127.0.0.1:9: Connection refused. Nothing was sent." in run.err
    assert coliseum(*command, "--server", GONE, "--json").error["code"] == "cli.unreachable"
    assert coliseum(*command, "--server", "http://a..b").status == 2


@pytest.mark.parametrize(
    ("status", "code", "exit_status"),
    [
        (401, "auth.bad_token", 3),
        (404, "not_found", 4),
        (409, "submission.duplicate", 1),
        (426, "cli.version", 1),
        (500, "internal", 5),
        (418, "never.heard", 1),
        (599, "never.heard", 5),
    ],
)
def test_b83_what_the_server_refuses_is_shown_in_its_words(coliseum, signed_in, status, code, exit_status):
    signed_in.refuse("/competitions/ttt/leaderboard", status, code, "Nö: \x1b[2J€", "Try later.")
    run = coliseum("leaderboard", "ttt")
    assert (run.status, run.out) == (exit_status, "")
    assert run.err == f"error [{code}] Nö: \\x1b[2J€\n  Try later.\n"
    run = coliseum("leaderboard", "ttt", "--json")
    assert (run.status, run.error["message"]) == (exit_status, "Nö: \x1b[2J€")


@pytest.mark.parametrize(
    "other",
    [
        (200, b"<html>hello</html>"),
        (200, b"\xff\xfe\xfa"),
        (200, b"[" * 100_000),
        (200, []),
        (200, {}),
        (200, {"items": [{"rank": "x"}], "id": 5, "name": []}),
        (502, b"<html>Bad gateway</html>"),
        (500, {"error": "text"}),
        (500, {"error": {"code": "internal"}}),
        (302, b"", ("Location", "http://nosuch.invalid/")),
        (302, b"", ("Location", "file:///etc/passwd")),
    ],
)
def test_an_answer_of_another_kind_is_told_and_never_a_traceback(coliseum, signed_in, other):
    paths = ("/me", "/submissions/s1", "/competitions/ttt/leaderboard", "/competitions/ttt/submissions")
    for path in (*paths, "/matches/m1/replay", "/matches/m1"):
        signed_in.put(path, other)
    for command in (
        ("login", signed_in.address, "--token", "x"),
        ("status", "s1"),
        ("leaderboard", "ttt"),
        ("submit", "mine.py", "-c", "ttt", "--no-check"),
        ("verify", "m1"),
        ("logs", "m1"),
    ):
        run = coliseum(*command, "--json")
        assert (run.status, run.error["code"]) == (5, "cli.bad_answer"), command


def test_a_token_does_not_follow_a_redirect_to_another_host(coliseum, signed_in):
    elsewhere = signed_in.address.replace("127.0.0.1", "localhost") + "/api/v1/submissions/s2"
    signed_in.put("/submissions/s1", (302, b"", ("Location", elsewhere)))
    signed_in.put("/submissions/s2", answer(SubmissionDetail, state="ready"))
    assert coliseum("status", "s1").status == 5
    assert {entry[1] for entry in signed_in.requests} == {"/api/v1/submissions/s1"}
    signed_in.put("/submissions/s1", (302, b"", ("Location", "/api/v1/submissions/s2")))
    assert coliseum("status", "s1").out == "ready\n"


def test_names_are_quoted_on_their_way(coliseum, signed_in):
    assert coliseum("status", "a b/../ü?x#y").status == 5
    assert signed_in.requests[0][1] == "/api/v1/submissions/a%20b%2F..%2F%C3%BC%3Fx%23y"


def test_a_leaderboard_is_a_table_and_foreign_names_cannot_steer_the_terminal(coliseum, signed_in):
    row = answer(StandingRow, **STANDING)
    board = answer(Leaderboard, items=[row], next="1", total=2)
    rest = board | {"items": [row | {"provisional": False, "baseline": "random"}], "next": None}
    signed_in.put("/competitions/ttt/leaderboard", board, rest)
    run = coliseum("leaderboard", "ttt")
    assert run.status == 0
    assert "\x1b" not in run.out
    assert "\u202e" not in run.out
    assert all(cell in run.out for cell in ("1 (1-2)", " v3", "12.35", "provisional", "baseline"))
    signed_in.put("/competitions/ttt/leaderboard", board)
    run = coliseum("leaderboard", "ttt", "--most", "1", "--phase", "final-1")
    assert "1 more; --most 2 shows them." in run.err
    assert "phase=final-1" in signed_in.requests[-1][1]
    signed_in.put("/competitions/ttt/leaderboard", rest)
    assert coliseum("leaderboard", "ttt", "--json").json["items"][0]["agent"] == STANDING["agent"]
    (found,) = csv.DictReader(io.StringIO(coliseum("leaderboard", "ttt", "--csv").out))
    assert (found["rating"], found["team"]) == ("12.345", "'=cmd()")
    signed_in.put("/competitions/ttt/leaderboard", answer(Leaderboard))
    assert coliseum("leaderboard", "ttt").err == "No rated match yet.\n"


def test_a_board_is_searched_by_the_site(coliseum, signed_in):
    signed_in.put("/competitions/ttt/leaderboard", answer(Leaderboard))
    run = coliseum("leaderboard", "ttt", "--search", "deep\x1b[2J")
    assert "No agent and no team here has deep" in run.err
    assert "\x1b" not in run.err
    assert "q=deep%1B%5B2J" in signed_in.requests[-1][1]


def test_the_board_of_a_past_day_is_a_table(coliseum, signed_in):
    rows = [
        answer(PastStandingRow, agent="deep", version=2, rank=1),
        answer(PastStandingRow, agent="", rank=2),
    ]
    board = answer(PastLeaderboard, items=rows, total=2)
    signed_in.put("/competitions/ttt/leaderboard/days/2026-11-20", board)
    run = coliseum("leaderboard", "ttt", "--on", "2026-11-20")
    assert "deep v2" in run.out
    assert "(gone)" in run.out
    assert coliseum("leaderboard", "ttt", "--on", "2026-11-20", "--json").json["total"] == 2
    run = coliseum("leaderboard", "ttt", "--on", "2026-11-20", "--search", "deep")
    assert (run.status, "leave out --on" in run.err) == (2, True)


def test_a_board_that_was_fitted_anew_between_two_pages_is_read_again(coliseum, signed_in):
    first, again = (
        answer(Leaderboard, items=[answer(StandingRow, agent=name)], total=2, next=after, computed_at=at)
        for name, after, at in (("old", "1", "2026-11-22T12:00:00Z"), ("new", None, "2026-11-22T12:00:05Z"))
    )
    signed_in.put("/competitions/ttt/leaderboard", first, again)
    assert [each["agent"] for each in coliseum("leaderboard", "ttt", "--json").json["items"]] == ["new"]


def test_a_wrong_competition_is_asked_back_with_the_nearest(coliseum, signed_in):
    for path in ("leaderboard", "matches", "join"):
        signed_in.refuse(f"/competitions/conect-four/{path}", 404, "not_found", "There is none.")
    signed_in.refuse("/competitions/conect-four", 404, "not_found", "There is none.")
    names = [answer(CompetitionRow, slug=slug) for slug in ("connect-four", "noughts")]
    signed_in.put("/competitions", answer(CompetitionPage, items=names))
    for command in (
        ("leaderboard", "conect-four"),
        ("matches", "conect-four"),
        ("join", "conect-four", "--yes"),
    ):
        run = coliseum(*command)
        assert (run.status, run.out) == (4, "")
        assert "There is no competition conect-four. Did you mean connect-four?" in run.err


def test_lists_are_read_page_by_page(coliseum, signed_in):
    rows = [answer(SubmissionRow, id=f"s{number}", name="ann", number=number) for number in range(3)]
    pages = [answer(SubmissionPage, items=rows[:2], next="c"), answer(SubmissionPage, items=rows[2:])]
    signed_in.put("/submissions", *pages)
    assert [each["id"] for each in coliseum("submissions", "--json").json["items"]] == ["s0", "s1", "s2"]
    assert [each[1].partition("?")[2] for each in signed_in.requests] == ["limit=20", "limit=20&cursor=c"]
    signed_in.put("/submissions", *pages)
    out = coliseum("submissions", "-c", "ttt", "-n", "1").out
    assert out.count("\n") == 2
    assert "competition=ttt" in signed_in.requests[-1][1]
    signed_in.put("/competitions", answer(CompetitionPage, items=[answer(CompetitionRow, slug="ttt")]))
    assert "ttt" in coliseum("competitions").out
    signed_in.put("/submissions", answer(SubmissionPage, items=rows[:1], next="c"))
    assert coliseum("submissions", "--json").error["code"] == "cli.bad_answer", "a list without end"


SEATS = [
    answer(SeatRow, agent="loser", rank=2, outcome="crashed", position=0),
    answer(SeatRow, agent="winner", rank=1, outcome="ok", position=1),
]


def test_matches_are_filtered_by_the_server_and_told_in_a_line_each(coliseum, signed_in):
    row = answer(MatchRow, id="m1", kind="league", state="finished", seats=SEATS)
    signed_in.put("/competitions/ttt/matches", answer(MatchPage, items=[row]))
    run = coliseum("matches", "ttt", "--agent", f"{signed_in.address}/agents/s1/", "--outcome", "crashed")
    assert "1. winner, 2. loser (crashed)" in run.out
    assert signed_in.requests[0][1].endswith("?agent=s1&outcome=crashed&limit=20")
    assert coliseum("matches", "ttt", "--json").json["items"][0]["id"] == "m1"
    (found,) = csv.DictReader(io.StringIO(coliseum("matches", "ttt", "--csv").out))
    assert json.loads(found["seats"])[0]["agent"] == "loser"
    assert coliseum("matches", "ttt", "--outcome", "exploded").status == 2


def test_two_agents_are_compared(coliseum, signed_in):
    for name in "ab":
        agent = answer(AgentDetail, id=name, name=f"agent {name}", number=1, competition="ttt")
        signed_in.put(f"/agents/{name}", agent)
    found = answer(
        Versus, a="a", b="b", unit="matches", meetings=9, won=6, level=2, lost=1, share=0.75, better="a"
    )
    signed_in.put("/competitions/ttt/versus", found)
    run = coliseum("versus", "a", "b")
    assert "agent a v1 won 6, level 2, lost 1" in run.out
    assert "agent a v1 is better" in run.out
    assert signed_in.requests[-1][1].endswith("versus?a=a&b=b")
    signed_in.put("/competitions/ttt/versus", found | {"better": None})
    assert "Nobody may be called better yet." in coliseum("versus", "a", "b").out
    signed_in.put("/competitions/ttt/versus", found | {"share": None})
    assert "have not met" in coliseum("versus", "a", "b").err


def played(**facts):
    own = answer(MatchSeat, agent="mine", version=2, outcome="crashed", usage={"log": "hello\x1b\nworld"})
    seat = answer(EpisodeSeat, outcome="crashed", failed_turn=7, message="It fell.", evidence="IndexError")
    episode = answer(EpisodeRow, seed=5, turns=8, seats=[seat])
    facts = {"id": "m1", "state": "finished", "seats": [own], "episodes": [episode]} | facts
    return answer(MatchDetail, url="http://site/matches/m1/", **facts)


def test_logs_show_what_the_own_agent_printed_and_where_it_fell(coliseum, signed_in):
    signed_in.put("/matches/m1", played())
    run = coliseum("logs", "m1")
    assert run.out.splitlines() == [
        "hello\\x1b",
        "world",
        "  | episode 1, turn 7: [crashed] It fell.",
        "  | IndexError",
    ]
    signed_in.put("/matches/m1", played(seats=[answer(MatchSeat)]))
    assert coliseum("logs", "m1", "--json").error["code"] == "auth.not_allowed"
    for path in ("/matches/s1", "/submissions/nosuch", "/matches/nosuch"):
        signed_in.refuse(path, 404, "not_found")
    check = answer(CheckRow, name="start", ok=False, code="crashed", message="It fell.")
    found = answer(
        SubmissionDetail, name="mine", number=1, code="crashed", checks=[check], usage={"log": "hi"}
    )
    signed_in.put("/submissions/s1", found)
    assert coliseum("logs", "s1").out.splitlines() == ["hi", "  | start: [crashed] It fell."]
    assert "There is no match or submission nosuch." in coliseum("logs", "nosuch").err


def test_a_replay_is_shown_and_written_in_three_forms(coliseum, signed_in, tmp_path):
    signed_in.put("/matches/m1", played())
    run = coliseum("replay", f"{signed_in.address}/matches/m1/?episode=2")
    assert "mine 0 (crashed)" in run.out
    assert "Watch it: http://site/matches/m1/" in run.err
    replay = answer(ReplayFile, match="m1", arena="tictactoe-v3")
    signed_in.put("/matches/m1/replay", replay)
    signed_in.put("/matches/m1/episodes/0/trajectory", (200, b"drawn"))
    signed_in.put_page("/matches/m1/episodes/0/replay.html", (200, b"<html>"))
    for name, content in (("x.ctr", b"drawn"), ("x.html", b"<html>"), ("x.json", None)):
        assert coliseum("replay", "m1", "-o", name).status == 0
        assert content is None or (tmp_path / name).read_bytes() == content
    assert json.loads((tmp_path / "x.json").read_bytes()) == replay
    assert coliseum("replay", "m1", "-o", "y.ctr", "--json").json == {"file": "y.ctr", "bytes": 5}
    assert coliseum("replay", "m1", "-o", "x.mp4").status == 2
    assert coliseum("replay", "m1", "-o", "x.ctr", "--episode", "2").status == 2
    assert coliseum("replay", "m1", "-o", "no/x.ctr").status == 2
    signed_in.put_page("/matches/m1/episodes/0/replay.html", (404, b"<html>"))
    assert coliseum("replay", "m1", "-o", "z.html").status == 4
    assert not list(tmp_path.glob("*.part"))
    assert not (tmp_path / "z.html").exists()


def test_a_match_and_a_tournament_are_followed_to_their_end(coliseum, signed_in):
    signed_in.refuse("/submissions/m1", 404, "not_found")
    queued = played(state="queued", queue_place=3)
    signed_in.put("/matches/m1", queued, queued, played(state="running"), played())
    run = coliseum("watch", "m1")
    assert (run.status, run.err) == (0, "queued, 3 before it\nrunning\nfinished\n")
    assert "crashed" in run.out
    for path in ("/submissions/t1", "/matches/t1"):
        signed_in.refuse(path, 404, "not_found")
    names = [answer(EntrantRow, submission=name, agent=name.upper()) for name in "ab"]
    match = answer(PairedMatchRow, match="m1", points=[1.0, 0.0])
    pairing = answer(PairingRow, round=1, lineup=["a", "b"], matches=[match])
    facts = {"entrants": names, "stages": [answer(StageRow, pairings=[pairing])]}
    running = answer(TournamentDetail, state="running", **facts)
    places = [answer(PlaceRow, place=1, submission="a")]
    done = answer(TournamentDetail, state="finished", places=places, **facts)
    signed_in.put("/tournaments/t1", running, running, running, done)
    run = coliseum("watch", "t1")
    assert run.out.splitlines() == ["round 1  A - B  1 : 0", "place  agent", "    1  A"]
    assert run.err == "running\nfinished\n"
    signed_in.refuse("/tournaments/x", 404, "not_found")
    for path in ("/submissions/x", "/matches/x"):
        signed_in.refuse(path, 404, "not_found")
    assert "There is no submission, match or tournament x." in coliseum("watch", "x").err


def test_joining_wants_the_rules_accepted_and_agents_are_switched(coliseum, signed_in):
    signed_in.put("/competitions/ttt", answer(CompetitionDetail, title="Noughts", rules="Be fair."))
    signed_in.put("/competitions/ttt/join", answer(EntryRow, team="ann"))
    run = coliseum("join", "ttt")
    assert (run.status, "--yes" in run.err) == (2, True)
    assert [each[0] for each in signed_in.requests] == ["GET"]
    run = coliseum("join", "ttt", "--yes")
    assert (run.status, "ann takes part in Noughts" in run.err) == (0, True)
    assert coliseum("join", "ttt", "--yes", "--json").json["team"] == "ann"
    for command, word in (("activate", "plays."), ("deactivate", "plays no more")):
        signed_in.put(f"/submissions/s1/{command}", answer(SubmissionDetail, name="mine", number=2))
        assert word in coliseum(command, "s1").out
        assert coliseum(command, "s1", "--json").json["name"] == "mine"


def test_a_competition_is_pulled_into_files(coliseum, signed_in, tmp_path):
    about = answer(CompetitionDetail, title="Noughts", arena="tictactoe-v3", limits={"step_seconds": 1.0})
    signed_in.put("/competitions/ttt", about)
    tables = [answer(ExportTable, name=name) for name in ("matches", "ratings")]
    signed_in.put("/competitions/ttt/export", answer(ExportList, items=tables))
    for name in ("matches", "ratings"):
        signed_in.put(f"/competitions/ttt/export/{name}", (200, f"{name}\n".encode()))
    signed_in.put("/competitions/ttt/ledger", (200, b"{}\n"))
    rows = [answer(MatchRow, id=name) for name in ("m1", "m2")]
    signed_in.put("/competitions/ttt/matches", answer(MatchPage, items=rows))
    signed_in.put("/matches/m1/replay", answer(ReplayFile, match="m1"))
    signed_in.refuse("/matches/m2/replay", 403, "match.replay_withheld")
    run = coliseum("pull", "ttt", "--format", "jsonl", "--replays", "5")
    assert run.status == 0
    assert "coliseum new agent --arena tictactoe-v3" in run.err
    found = sorted(str(path.relative_to(tmp_path)) for path in (tmp_path / "ttt").rglob("*.json*"))
    names = ["competition.json", "ledger.jsonl", "matches.jsonl", "ratings.jsonl", "replays/m1.json"]
    assert found == [f"ttt/{name}" for name in names]
    assert json.loads((tmp_path / "ttt" / "competition.json").read_text())["limits"] == {"step_seconds": 1.0}
    assert "format=jsonl" in next(each[1] for each in signed_in.requests if "/export/matches" in each[1])
    run = coliseum("pull", "ttt", "elsewhere", "--table", "ratings", "--json")
    assert sorted(run.json["files"]) == ["competition.json", "ratings.csv"]
    assert coliseum("pull", "ttt", "--table", "rating").err.startswith("error [cli.unknown_name]")
    assert coliseum("pull", "ttt", "mine.py").status == 2
