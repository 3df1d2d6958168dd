"""Every bad upload gets its exact answer; every ordinary one passes."""

import contextlib
import importlib.metadata
import os
import stat
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.zips import AGENT, Entry, handmade, ordinary
from workers.archive import MIB, ArchiveLimits
from workers.inspection import InspectionError, inspect_in_child
from workers.package import PackageLimits, inspect_package
from workers.refusals import RefusedError

AGENT_ENTRY = Entry(b"agent.py", AGENT)


def refusal(content, file_name="agent.zip", **options):
    with pytest.raises(RefusedError) as caught:
        inspect_package(content, file_name=file_name, **options)
    assert caught.value.field == "file"
    return caught.value.code, caught.value.message


def source_refusal(source):
    """The same refusal must come for a single file and for agent.py in a zip."""
    alone = refusal(source, "agent.py")
    assert refusal(ordinary({"agent.py": source})) == alone
    return alone


def test_b02_an_empty_file():
    assert refusal(b"", "agent.py") == ("upload.empty", "The file agent.py is empty.")


def test_b03_a_zip_of_61_mb():
    assert refusal(b"PK\x03\x04" + bytes(61 * MIB - 4)) == (
        "upload.too_large",
        "The file is 61.0 MB. The limit for this arena is 50 MB.",
    )


def test_b04_a_single_python_file_of_5_mb():
    wanted = "A single Python file may be at most 1 MB; this one has 5.0 MB. Put data files into a zip."
    assert source_refusal(os.urandom(5 * MIB // 2).hex().encode()) == ("upload.too_large", wanted)


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.tar.gz", b"\x1f\x8b\x08", "tar"),
        ("a.zip", b"Rar!\x1a\x07\x01\x00", "rar"),
        ("a.zip", b"7z\xbc\xaf\x27\x1c", "7z"),
        ("a.zip", b"MZ\x90\x00", "exe"),
        ("agent.py", b"\x1f\x8b\x08", "gzip"),
        ("a.zip", bytes(257) + b"ustar", "tar"),
    ],
)
def test_b05_another_kind_by_content(name, head, kind):
    assert refusal(head.ljust(600, b"\1"), name) == (
        "upload.unsupported_type",
        f"Upload one Python file (.py) or one zip archive (.zip). This looks like a {kind} file.",
    )


def test_b05_another_kind_by_name():
    assert refusal(b"hello", "agent.txt")[0] == "upload.unsupported_type"


def test_b06_a_zip_by_name_only():
    assert refusal(b"hello") == ("archive.corrupt", "This file is not a readable zip archive.")


@pytest.mark.parametrize("keep", [30, 60, -23])
def test_b07_a_truncated_zip(keep):
    assert refusal(ordinary({"agent.py": AGENT})[:keep]) == (
        "archive.corrupt",
        "The zip archive is damaged: its directory of files is missing.",
    )


INCONSISTENT = {
    "local_name_differs": [Entry(b"bbbb.py", b"x", local_name=b"aaaa.py")],
    "two_members_share_bytes": [Entry(b"b.py", AGENT), Entry(b"bbbb.py", AGENT, at=0)],
    "declares_less_than_it_holds": [Entry(b"bbbb.py", b"x" * 99, method=8, declared=9)],
    "declares_more_than_it_holds": [Entry(b"bbbb.py", b"x" * 99, method=8, declared=999)],
    "wrong_checksum": [Entry(b"bbbb.py", b"x", crc=1)],
    "local_method_is_not_there": [Entry(b"bbbb.py", b"x", at=7_000_000)],
    "stored_size_differs": [Entry(b"bbbb.py", b"xx", declared=1)],
    "data_is_not_deflate": [Entry(b"bbbb.py", b"\xff" * 40, method=0)],
    "folder_with_content": [Entry(b"bbbb.py/", b"x")],
    "file_with_folder_mode": [Entry(b"bbbb.py", b"x", mode=stat.S_IFDIR)],
}


@pytest.mark.parametrize("case", INCONSISTENT)
def test_b08_an_inconsistent_zip(case):
    content = handmade(AGENT_ENTRY, *INCONSISTENT[case])
    if case == "two_members_share_bytes":
        content = handmade(*INCONSISTENT[case])
    if case == "data_is_not_deflate":
        content = as_deflated(content)
    code, message = refusal(content)
    assert code == "archive.corrupt"
    if case != "two_members_share_bytes":
        name = "bbbb.py/" if case == "folder_with_content" else "bbbb.py"
        assert message == (
            f"The zip archive is inconsistent at {name}. Create it again with an ordinary zip tool."
        )


def as_deflated(content):
    """Say "deflate" in both headers of the last member, whatever its bytes are."""
    local, central = content.rindex(b"PK\x03\x04"), content.rindex(b"PK\x01\x02")
    changed = bytearray(content)
    changed[local + 8] = changed[central + 10] = 8
    return bytes(changed)


def test_b08_overlap_deep_inside_another_member():
    inner = handmade(Entry(b"bbbb.py", b"x = 1\n"))[: 30 + 7 + 6]
    outer = Entry(b"agent.py", b"#" + inner + b"\n")
    content = handmade(outer, Entry(b"bbbb.py", b"x = 1\n", at=30 + 8 + 1))
    assert refusal(content)[1].startswith("The zip archive is inconsistent at bbbb.py.")


def test_b09_an_encrypted_member():
    wanted = "The archive is password-protected (x.py). Upload it without a password."
    assert refusal(handmade(AGENT_ENTRY, Entry(b"x.py", b"x", flags=0x801))) == ("archive.encrypted", wanted)
    assert refusal(handmade(AGENT_ENTRY, Entry(b"x.py", b"x", local_flags=0x801))) == (
        "archive.encrypted",
        wanted,
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"../../x.py", "../../x.py"),
        (b"/etc/x.py", "/etc/x.py"),
        (b"C:\\x.py", "C:\\x.py"),
        (b"C:x.py", "C:x.py"),
        (b"a\\b.py", "a\\b.py"),
        (b"a/../../b.py", "a/../../b.py"),
        (b"x.py\0.txt", "x.py\\x00.txt"),
        (b"..", ".."),
    ],
)
def test_b10_an_unsafe_path(name, shown):
    assert refusal(handmade(AGENT_ENTRY, Entry(name))) == (
        "archive.unsafe_path",
        f"The archive holds a file outside its own folder: '{shown}'.",
    )


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        (stat.S_IFLNK, "symbolic link"),
        (stat.S_IFIFO, "FIFO"),
        (stat.S_IFCHR, "device"),
        (stat.S_IFBLK, "device"),
        (stat.S_IFSOCK, "socket"),
    ],
)
def test_b11_a_special_file(mode, kind):
    assert refusal(handmade(AGENT_ENTRY, Entry(b"link.py", b"/etc/passwd", mode=mode | 0o777))) == (
        "archive.special_file",
        f"link.py is a {kind}. Only ordinary files and folders are allowed.",
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("agent.py", "agent.py"),
        ("agent.py", "Agent.PY"),
        ("caf\u00e9.py", "cafe\u0301.py"),
        ("stra\u00dfe.py", "STRASSE.py"),
        ("a", "a/b.py"),
        ("a", "a/b/c.py"),
    ],
)
def test_b12_two_members_of_one_name(first, second):
    assert refusal(handmade(Entry(first.encode()), Entry(second.encode()))) == (
        "archive.duplicate_name",
        f"Two files have the same name: {first} and {second}.",
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("agent\u202eyp.exe", "agent\\u202eyp.exe"),
        ("a\x1b[31m.py", "a\\x1b[31m.py"),
        ("a\u200b.py", "a\\u200b.py"),
        ("a\n.py", "a\\x0a.py"),
        ("what?.py", "what?.py"),
        ("a//b.py", "a//b.py"),
        ("./a.py", "./a.py"),
        ("a. ", "a. "),
    ],
)
def test_b13_a_name_with_characters_that_are_not_allowed(name, shown):
    assert refusal(handmade(AGENT_ENTRY, Entry(name.encode()))) == (
        "archive.bad_name",
        f"The file name '{shown}' has characters that are not allowed.",
    )


def test_b13_a_reserved_name():
    assert refusal(handmade(AGENT_ENTRY, Entry(b"net/NUL.txt")))[1] == (
        "The file name 'net/NUL.txt' is reserved on some systems."
    )


def test_b13_a_name_of_256_bytes():
    code, message = refusal(handmade(AGENT_ENTRY, Entry(b"x" * 256)))
    assert code == "archive.bad_name"
    assert message.endswith("is longer than 255 bytes.")
    assert inspect_package(handmade(AGENT_ENTRY, Entry(b"x" * 255)), file_name="a.zip")


def test_b14_too_many_files():
    content = handmade(*(Entry(b"%d" % i) for i in range(20_001)))
    assert refusal(content) == (
        "archive.too_many_files",
        "The archive holds 20,001 files; the limit is 2,000.",
    )


def test_b14_two_thousand_files_pass_and_two_thousand_and_one_do_not():
    files = [Entry(b"%d" % i) for i in range(2000)]
    assert refusal(handmade(AGENT_ENTRY, *files))[1] == "The archive holds 2,001 files; the limit is 2,000."
    assert len(inspect_package(handmade(AGENT_ENTRY, *files[1:]), file_name="a.zip").files) == 2000


def test_b14_a_flood_of_folders():
    content = handmade(AGENT_ENTRY, *(Entry(b"%d/" % i, mode=stat.S_IFDIR) for i in range(4001)))
    assert refusal(content)[0] == "archive.too_many_files"


def test_b14_a_directory_of_files_too_large_to_list():
    content = handmade(*(Entry(b"%d" % i) for i in range(90_000)))
    assert refusal(content)[0] == "archive.too_many_files"


def test_b15_too_many_folder_levels():
    assert refusal(handmade(AGENT_ENTRY, Entry(b"d/" * 400 + b"x"))) == (
        "archive.too_deep",
        "Folders are nested 400 deep; the limit is 32.",
    )
    assert refusal(handmade(AGENT_ENTRY, Entry(b"d/" * 33 + b"x")))[0] == "archive.too_deep"
    assert inspect_package(handmade(AGENT_ENTRY, Entry(b"d/" * 32 + b"x")), file_name="a.zip")


def test_b16_an_archive_that_unpacks_to_too_much():
    bomb = Entry(b"bomb", b"x", declared=501 * MIB)
    assert refusal(handmade(AGENT_ENTRY, bomb)) == (
        "archive.too_large_unpacked",
        "The archive unpacks to more than 500 MB.",
    )


def test_b16_a_real_bomb_is_refused_by_its_ratio():
    assert refusal(ordinary({"agent.py": AGENT, "zeros": bytes(40 * MIB)})) == (
        "archive.too_large_unpacked",
        "The archive unpacks to more than 200 times its size.",
    )


def test_b16_a_bomb_that_lies_about_its_size_is_stopped_while_unpacking():
    bomb = Entry(b"bomb", bytes(40 * MIB), method=8, declared=1000)
    assert refusal(handmade(AGENT_ENTRY, bomb))[1].startswith("The zip archive is inconsistent at bomb.")


def test_b16_the_limits_of_an_arena_are_kept():
    limits = PackageLimits(archive=ArchiveLimits(unpacked_bytes=2 * MIB))
    assert refusal(handmade(AGENT_ENTRY, Entry(b"w", bytes(2 * MIB))), limits=limits) == (
        "archive.too_large_unpacked",
        "The archive unpacks to more than 2 MB.",
    )


def test_b17_no_agent():
    assert refusal(ordinary({"main.txt": "x", "net/w.npz": "y"})) == (
        "archive.no_agent",
        "There is no agent.py at the top of the archive. Found: main.txt, net/.",
    )
    assert refusal(ordinary())[1].endswith("Found: nothing.")


def test_b18_agent_one_folder_down():
    wanted = ("archive.no_agent", "agent.py is inside my_agent/. Zip the files themselves, not the folder.")
    assert refusal(ordinary({"my_agent/agent.py": AGENT, "README.md": "x"})) == wanted
    assert refusal(ordinary({"my_agent/agent.py": AGENT, "__MACOSX/agent.py": "x"})) == wanted


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
