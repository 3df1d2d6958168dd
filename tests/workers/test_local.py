import io
import os
import zipfile

import pytest

from arenas import registry
from arenas.errors import ArenaUnavailableError
from arenas.spec import ArenaSpec
from tests.workers.sandbox.cast import is_running
from tests.workers.tables import FIRST
from workers.local import LocalAgent, LocalArena, find_agent, find_arena
from workers.refusals import RefusedError
from workers.spec import Isolation
from workers.staging import read_upload

TIC = registry.get("tictactoe-v3")


def refusal(call, *arguments):
    with pytest.raises(RefusedError) as caught:
        call(*arguments)
    return caught.value


def test_an_arena_is_found_by_any_spelling_of_its_name():
    assert find_arena("tictactoe-v3") is find_arena("tictactoe_v3") is find_arena("TicTacToe") is TIC


def test_an_unknown_arena_is_refused_with_what_was_meant():
    error = refusal(find_arena, "conect_four")
    assert (error.code, error.exit_code) == ("arena.unknown", 4)
    assert "Did you mean connect_four-v3" in error.message
    assert refusal(find_arena, "qqqqqqqq").code == "arena.unknown"


def test_an_agent_is_a_baseline_a_file_a_folder_or_an_archive(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(FIRST)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "agent.py").write_text(FIRST)
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as archive:
        archive.writestr("agent.py", FIRST)
    assert find_agent(TIC, "minimax").name == "minimax"
    assert find_agent(TIC, "mine.py") == LocalAgent("mine", FIRST.encode(), "agent.py")
    folder, packed = find_agent(TIC, "folder"), find_agent(TIC, "packed.zip")
    assert (folder.name, folder.file_name) == ("folder", "agent.zip")
    assert (packed.name, packed.file_name) == ("packed", "agent.zip")
    assert zipfile.ZipFile(io.BytesIO(folder.package)).namelist() == ["agent.py"]
    assert len(folder.digest) == 64
    monkeypatch.chdir(tmp_path / "folder")
    assert find_agent(TIC, ".").file_name == "agent.zip"
    assert find_agent(TIC, "agent.py").name.endswith("agent.py")


def test_a_file_of_a_baselines_name_is_taken_before_the_baseline(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "random").write_text(FIRST)
    assert find_agent(TIC, "random").package == FIRST.encode()


@pytest.mark.parametrize("name", ["nosuch.py", "no/such/folder", "x" * 300, "nosuch\udcff.py", ""])
def test_a_missing_file_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    error = refusal(find_agent, TIC, name)
    assert error.code in ("cli.no_such_file", "cli.no_agent")
    assert error.exit_code == 2


def test_a_folder_without_an_agent_is_refused(tmp_path):
    error = refusal(find_agent, TIC, str(tmp_path))
    assert (error.code, error.exit_code) == ("cli.no_agent", 2)
    assert str(tmp_path)[-20:] in error.message


def test_what_is_no_regular_file_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.py")
    for path in (tmp_path / "pipe.py", "/dev/zero"):
        error = refusal(find_agent, TIC, str(path))
        assert error.code == "cli.no_such_file"
        assert "no regular file" in error.message


def test_a_file_is_sent_under_its_own_name(tmp_path):
    (tmp_path / "näme.py").write_text(FIRST)
    assert read_upload(tmp_path / "näme.py") == (FIRST.encode(), "näme.py")


@pytest.fixture(scope="module")
def local():
    with LocalArena.open(TIC) as opened:
        yield opened


def test_a_local_match_is_sandboxed_pinned_and_played_in_all_seatings(local):
    lineup = [find_agent(TIC, "random"), find_agent(TIC, "minimax")]
    seen = []
    assert len(os.sched_getaffinity(0)) == 1
    assert local.launcher.isolation is Isolation.NAMESPACES
    episodes = local.play_match(lineup, seed=3, on_episode=seen.append)
    assert sorted(seen, key=lambda episode: episode.seating) == list(episodes)
    assert [episode.seating for episode in episodes] == [(0, 1), (1, 0)]
    assert {episode.seed for episode in episodes} == {3}
    assert not any(episode.trajectory for episode in episodes)
    again = local.play_match(lineup, seed=3, records=True)
    assert [episode.digest for episode in again] == [episode.digest for episode in episodes]
    assert all(episode.trajectory for episode in again)


def test_the_last_seed_wraps_around():
    arena = registry.get("CartPole-v1")
    with LocalArena.open(arena) as local:
        episodes = local.play_match([find_agent(arena, "linear")], seed=2**31 - 1)
    assert len(episodes) == arena.episodes
    assert all(0 <= episode.seed < 2**31 for episode in episodes)


def test_closing_gives_the_cores_back_and_leaves_no_process():
    before = os.sched_getaffinity(0)
    with LocalArena.open(TIC) as local:
        pid = local.launcher._process.pid
        assert is_running(pid)
    assert os.sched_getaffinity(0) == before
    assert not is_running(pid)


def test_an_arena_that_cannot_be_made_is_refused_and_leaves_no_process(monkeypatch):
    before, opened = os.sched_getaffinity(0), []

    def broken(spec: ArenaSpec):
        raise ArenaUnavailableError("Install pettingzoo[classic].")

    monkeypatch.setattr("workers.environments.open_arena", broken)
    open_launcher = LocalArena.open.__wrapped__.__globals__["open_launcher"]
    monkeypatch.setattr(
        "workers.local.open_launcher", lambda **kept: opened.append(open_launcher(**kept)) or opened[0]
    )
    with pytest.raises(RefusedError) as caught, LocalArena.open(TIC):
        pass
    assert caught.value.code == "cli.cannot_play"
    assert "pettingzoo[classic]" in caught.value.message
    assert os.sched_getaffinity(0) == before
    assert not is_running(opened[0]._process.pid)


def test_without_a_sandbox_it_says_so():
    with LocalArena.open(TIC, unsandboxed=True) as local:
        assert local.launcher.isolation is Isolation.NONE
        lineup = [find_agent(TIC, "random")] * 2
        assert len(local.play_match(lineup, seed=1)) == 2
