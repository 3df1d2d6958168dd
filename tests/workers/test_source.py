"""Every bad source gets its exact answer, B19 to B26."""

import importlib.metadata

import pytest

from tests.workers.refusing import refusal, source_refusal
from tests.workers.zips import AGENT, ordinary
from workers.inspection import inspect_in_child
from workers.package import inspect_package
from workers.refusals import RefusedError


def test_b19_a_syntax_error():
    assert source_refusal(b"class Agent:\n    def act(self, observation)\n        return 0\n") == (
        "source.syntax_error",
        "agent.py, line 2, column 31: expected ':'.",
    )


def test_b19_an_error_that_only_compiling_finds():
    assert source_refusal(AGENT + b"return 3\n") == (
        "source.syntax_error",
        "agent.py, line 4, column 1: 'return' outside function.",
    )


def test_b19_the_hint_shows_the_line_escaped():
    with pytest.raises(RefusedError) as caught:
        inspect_package("x = \u202e1 2\n".encode(), file_name="agent.py")
    assert caught.value.hint == "The line reads: x = \\u202e1 2"


def test_b20_not_utf8():
    assert source_refusal(b'x = "\xe9"\n') == (
        "source.not_text",
        "agent.py is not UTF-8 text (byte 6 of line 1).",
    )


def test_b21_a_zero_byte():
    assert source_refusal(b"class Agent: pass\n#123\0") == (
        "source.not_text",
        "agent.py is not a text file (it holds a zero byte at position 23).",
    )


def test_b21_a_program_named_py():
    assert source_refusal(b"\x7fELF\x02\x01\x01\0" + bytes(64))[0] == "source.not_text"


@pytest.mark.parametrize(
    "line", [b"# -*- coding: utf-7 -*-\n", b"#!/usr/bin/python\n# vim: fileencoding=utf-7\n"]
)
def test_b22_another_encoding_declared(line):
    assert source_refusal(line + AGENT) == (
        "source.bad_encoding",
        "agent.py declares the encoding utf-7. Use UTF-8.",
    )


@pytest.mark.parametrize(
    "head",
    [b"# coding: utf-8\n", b"# -*- coding: UTF_8 -*-\n", b"\xef\xbb\xbf", b"x = 1\n\n# coding: utf-7\n"],
)
def test_b22_utf8_declared_or_marked_passes(head):
    assert inspect_package(head + AGENT, file_name="agent.py").entry_point == "class"


@pytest.mark.parametrize(
    "source",
    ["(" * 20_000, "x = " + "-" * 20_000 + "1", "x = " + "1+" * 50_000 + "1", "x" + ".a" * 100_000],
    ids=["parentheses", "signs", "sums", "attributes"],
)
def test_b23_nested_too_deeply(source, tmp_path):
    upload = tmp_path / "upload"
    upload.write_text(source)
    with pytest.raises(RefusedError, match=r"^agent\.py is nested too deeply to be read\.$") as caught:
        inspect_in_child(upload, file_name="agent.py")
    assert caught.value.code == "source.syntax_error"


@pytest.mark.parametrize("source", [b"(" * 20_000, b"x = " + b"-" * 20_000 + b"1"])
def test_b23_nested_too_deeply_is_seen_without_a_child_too(source):
    assert source_refusal(source) == ("source.syntax_error", "agent.py is nested too deeply to be read.")


def test_b19_a_number_with_too_many_digits():
    assert source_refusal(b"x = " + b"1" * 5000)[0] == "source.syntax_error"


def test_b02_a_file_of_blanks():
    assert source_refusal(b"\n \n")[0] == "upload.empty"


def test_b24_no_entry_point():
    assert source_refusal(b"def helper(): pass\ndef main(): pass\n") == (
        "source.no_entry_point",
        "No agent found. Define class Agent with act(self, observation), or a function agent(observation)."
        " Found: helper, main.",
    )


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (
            "class Agent:\n    def act(self): pass\n",
            "Agent.act must accept an observation: found act(self), wanted act(self, observation).",
        ),
        (
            "class Agent:\n    pass\n",
            "Agent.act must accept an observation: found no method act, wanted act(self, observation).",
        ),
        (
            "def agent(): pass\n",
            "agent must accept an observation: found agent(), wanted agent(observation).",
        ),
        (
            "def agent(observation, *, config): pass\n",
            "agent must accept an observation: found agent(observation, *, config),"
            " wanted agent(observation).",
        ),
        (
            "class Agent:\n    async def act(self, observation): pass\n",
            "Agent.act is async. Make it an ordinary method or function.",
        ),
    ],
)
def test_b25_a_bad_signature(source, wanted):
    assert source_refusal(source.encode()) == ("source.bad_signature", wanted)


@pytest.mark.parametrize(
    "source",
    [
        "class Agent:\n    def act(self, *args): pass\n",
        "class Agent:\n    @staticmethod\n    def act(observation): pass\n",
        "class Agent:\n    act = lambda self, observation: 0\n",
        "class Agent:\n    def act(self, observation, info=None, *, deep=False): pass\n",
        "class Base: pass\nclass Agent(Base): pass\n",
        "from mine import Agent\n",
        "from mine import Brain as Agent\n",
        "class Brain: pass\nAgent = Brain\n",
        "try:\n    import torch\nexcept ImportError:\n    def agent(observation): return 0\n",
        "import numpy\nif numpy:\n    class Agent:\n        def act(self, observation): return '\\d'\n",
        "agent = lambda observation: 0\n",
    ],
)
def test_an_entry_point_may_be_written_in_many_ways(source):
    assert inspect_package(source.encode(), file_name="agent.py").entry_point in {"class", "function"}


def test_b26_requirements_are_not_installed():
    content = ordinary({"agent.py": AGENT, "requirements.txt": "torch"})
    assert refusal(content, available=("numpy 2.4", "torch 2.13")) == (
        "package.requirements_not_supported",
        "Packages are not installed from requirements.txt. Available: numpy 2.4, torch 2.13"
        " (see the arena's page).",
    )


def test_b26_names_what_is_installed_here():
    _, message = refusal(ordinary({"agent.py": AGENT, "requirements.txt": "torch"}))
    major, minor = importlib.metadata.version("numpy").split(".")[:2]
    assert f"Available: numpy {major}.{minor}, " in message
