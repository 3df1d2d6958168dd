"""Every bad archive gets its exact answer, B02 to B18."""

import os
import stat

import pytest

from tests.workers.refusing import AGENT_ENTRY, refusal, source_refusal
from tests.workers.zips import AGENT, Entry, handmade, ordinary
from workers.archive import MIB, ArchiveLimits
from workers.package import PackageLimits, inspect_package


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
