"""Ordinary uploads pass, the child gives the same answers, and nothing else is ever raised."""

import contextlib
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.refusing import AGENT_ENTRY
from tests.workers.zips import AGENT, Entry, handmade, ordinary
from workers.inspection import InspectionError, inspect_in_child
from workers.package import inspect_package
from workers.refusals import RefusedError


def test_an_ordinary_file_passes():
    package = inspect_package(AGENT, file_name="my_first.py")
    assert (package.kind, package.file_name, package.entry_point) == ("file", "agent.py", "class")
    assert package.size_bytes == package.unpacked_bytes == len(AGENT)


def test_an_ordinary_archive_passes():
    files = {"agent.py": b"def agent(observation): return 0\n", "net/": b"", "net/w.npz": b"w" * 5000}
    package = inspect_package(ordinary(files), file_name="My Agent.ZIP")
    assert (package.kind, package.file_name, package.entry_point) == ("archive", "agent.zip", "function")
    assert [(file.name, file.size_bytes) for file in package.files] == [("agent.py", 33), ("net/w.npz", 5000)]
    assert package.unpacked_bytes == 5033
    assert package.warnings == ()


def test_things_that_are_not_used_are_mentioned():
    extras = {"__MACOSX/._agent.py": "x", "__pycache__/agent.cpython-311.pyc": "x", "setup.py": "x"}
    assert len(inspect_package(ordinary({"agent.py": AGENT, **extras}), file_name="a.zip").warnings) == 3


def test_the_digest_is_of_the_uploaded_bytes():
    assert inspect_package(AGENT, file_name="a.py").digest == inspect_package(AGENT, file_name="b.py").digest
    assert (
        inspect_package(AGENT, file_name="a.py").digest
        != inspect_package(AGENT + b"\n", file_name="a.py").digest
    )


def test_the_child_gives_the_same_answers(tmp_path):
    for content in (AGENT, ordinary({"agent.py": AGENT, "w": b"x" * 5000})):
        upload = tmp_path / "upload"
        upload.write_bytes(content)
        assert inspect_in_child(upload, file_name="agent.py") == inspect_package(
            content, file_name="agent.py"
        )
    upload.write_bytes(handmade(AGENT_ENTRY, Entry("a\u202e\x1b.py".encode())))
    with pytest.raises(RefusedError, match=r"The file name 'a\\u202e\\x1b\.py' has characters"):
        inspect_in_child(upload, file_name="agent.zip")


def test_a_child_that_runs_out_of_memory_is_a_refusal(tmp_path):
    upload = tmp_path / "upload"
    upload.write_bytes(b"x = [" + b"[0]," * 200_000 + b"]\n")
    with pytest.raises(RefusedError) as caught:
        inspect_in_child(upload, file_name="agent.py")
    assert caught.value.code in {"source.syntax_error", "source.no_entry_point"}


def stand_in(tmp_path, monkeypatch, script):
    """Let the child be another program than Python."""
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))


@pytest.mark.parametrize(
    ("name", "code"), [("agent.py", "source.syntax_error"), ("agent.zip", "archive.corrupt")]
)
def test_a_child_that_is_killed_is_a_refusal(name, code, tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, "echo ready; kill -9 $$")
    with (tmp_path / "python").open("rb") as upload, pytest.raises(RefusedError) as caught:
        inspect_in_child(upload, file_name=name)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "script", ["echo broken >&2; exit 1", 'echo ready; echo \'{"bug": "broken"}\'', "true"]
)
def test_a_child_that_fails_by_our_fault_is_no_refusal(script, tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, script)
    with pytest.raises(InspectionError):
        inspect_in_child(tmp_path / "python", file_name="agent.py")


def test_inspecting_does_not_import_numpy():
    program = "import sys, workers.package, workers.inspection; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@given(st.binary(max_size=400), st.sampled_from(["agent.py", "agent.zip", "x"]))
def test_random_bytes_never_raise_anything_but_a_refusal(content, name):
    with contextlib.suppress(RefusedError):
        inspect_package(content, file_name=name)


GOOD = ordinary({"agent.py": AGENT, "net/w.npz": b"w" * 500, "caf\u00e9.txt": "x"})


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=6),
    st.integers(0, 60),
)
def test_a_mutated_zip_never_raises_anything_but_a_refusal(changes, cut):
    content = bytearray(GOOD)
    for position, value in changes:
        content[position] = value
    with contextlib.suppress(RefusedError):
        inspect_package(bytes(content[: len(content) - cut]), file_name="agent.zip")


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(RefusedError):
        inspect_package(text.encode("utf-8", "surrogatepass"), file_name="agent.py")
