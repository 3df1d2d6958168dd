"""The season's agents: single small files of NumPy that play a whole episode in every seat."""

import ast
from itertools import cycle, islice

import numpy as np
import pytest

from arenas.adapters import open_arena
from tests.arenas.games.harness import baseline, load, play, spec_named
from tests.season.field import CONTESTS, agent_path, agent_paths

EVERY = [
    pytest.param(contest, path, id=f"{contest.folder}-{path.stem}")
    for contest in CONTESTS
    for path in agent_paths(contest.folder)
]
OFFERED = {"numpy", "random", "math", "itertools", "functools", "base64"}
NERVOUS = {"clumsy", "nervous"}


@pytest.mark.parametrize("contest", CONTESTS, ids=lambda contest: contest.folder)
def test_a_dozen_agents_or_more_meet_and_some_share_an_owner(contest):
    names = {path.stem for path in agent_paths(contest.folder)}
    assert len(names) >= 12
    assert set(contest.owners) <= names
    assert len(set(contest.owners.values())) < len(contest.owners)


@pytest.mark.parametrize(("contest", "path"), EVERY)
def test_an_agent_is_one_short_file_that_imports_what_the_sandbox_offers(contest, path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= OFFERED
        if isinstance(node, ast.ImportFrom):
            assert node.module in OFFERED


@pytest.mark.parametrize(("contest", "path"), [each for each in EVERY if each.values[1].stem not in NERVOUS])
def test_an_agent_plays_a_whole_episode_in_every_seat(contest, path):
    spec = spec_named(contest.arena)
    adapter = open_arena(spec)
    agent, others = load(path), baseline(spec, "random")
    for seat in range(spec.seats):
        rewards = play(adapter, [agent if each == seat else others for each in range(spec.seats)], seed=seat)
        assert adapter.is_over
        assert np.isfinite(rewards).all()


@pytest.mark.parametrize(("folder", "name"), [("connect_four", "clumsy"), ("hearts", "nervous")])
def test_an_agent_that_loses_its_nerve_does_so_now_and_then(folder, name):
    contest = next(each for each in CONTESTS if each.folder == folder)
    spec = spec_named(contest.arena)
    adapter = open_arena(spec)
    line_up = list(islice(cycle([load(agent_path(folder, name)), baseline(spec, "random")]), spec.seats))
    lost = 0
    for seed in range(120):
        try:
            play(adapter, line_up, seed)
        except RuntimeError:
            lost += 1
    assert 1 <= lost <= 40
