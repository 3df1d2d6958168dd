"""Reading archives safely, and packing folders so that the same content gives the same bytes."""

import io
import os
import zipfile

import pytest

from tests.workers.zips import AGENT, Entry, handmade, ordinary
from workers.archive import CHUNK, ArchiveLimits, list_archive, read_member
from workers.package import PackageLimits, inspect_package
from workers.packing import make_archive
from workers.refusals import RefusedError


def members(content):
    file = io.BytesIO(content)
    return file, list_archive(file, size=len(content), limits=ArchiveLimits())


def test_a_member_is_read_in_bounded_pieces():
    big = os.urandom(CHUNK) + bytes(3 * CHUNK)
    file, (member,) = members(ordinary(big=big))
    pieces = list(read_member(file, member))
    assert b"".join(pieces) == big
    assert max(map(len, pieces)) <= CHUNK


def test_streamed_zips_with_sizes_after_the_content_are_read():
    class Pipe(io.RawIOBase):
        def __init__(self):
            self.written = bytearray()

        def writable(self):
            return True

        def write(self, piece):
            self.written += piece
            return len(piece)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("agent.py", AGENT)
    assert inspect_package(bytes(pipe.written), file_name="a.zip").entry_point == "class"


def test_an_archive_with_a_comment_is_read():
    assert inspect_package(handmade(Entry(b"agent.py", AGENT), comment=b"hello"), file_name="a.zip")


def test_folder_entries_are_not_files():
    _, found = members(handmade(Entry(b"net/", mode=0o40755), Entry(b"net/w", b"x")))
    assert [member.name for member in found] == ["net/w"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_compression_is_refused(method):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("agent.py", AGENT)
    with pytest.raises(RefusedError, match=r"packs agent\.py with an unusual method"):
        inspect_package(buffer.getvalue(), file_name="a.zip")


def test_a_split_archive_is_refused():
    content = bytearray(handmade(Entry(b"agent.py", AGENT)))
    content[-18] = 1
    with pytest.raises(RefusedError, match="it is split or larger than 4 GB"):
        inspect_package(bytes(content), file_name="a.zip")


def test_a_directory_beyond_the_end_is_refused():
    content = bytearray(handmade(Entry(b"agent.py", AGENT)))
    content[-6:-2] = (999).to_bytes(4, "little")
    with pytest.raises(RefusedError, match="its directory of files is cut off"):
        inspect_package(bytes(content), file_name="a.zip")


def test_bytes_before_the_archive_are_refused():
    content = b"PK\x03\x04junk" + handmade(Entry(b"agent.py", AGENT))
    with pytest.raises(RefusedError) as caught:
        inspect_package(content, file_name="a.zip")
    assert caught.value.code == "archive.corrupt"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "net" / "__pycache__").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    (tmp_path / "agent.py").write_bytes(AGENT)
    (tmp_path / "net" / "weights.npz").write_bytes(b"w" * 9000)
    (tmp_path / "net" / "__pycache__" / "x.pyc").write_bytes(b"x")
    (tmp_path / ".git" / "config").write_bytes(b"secret")
    (tmp_path / ".env").write_bytes(b"secret")
    return tmp_path


def test_a_packed_folder_passes_inspection_without_hidden_files(folder):
    package = inspect_package(make_archive(folder), file_name="agent.zip")
    assert [file.name for file in package.files] == ["agent.py", "net/weights.npz"]


def test_the_same_content_gives_the_same_bytes(folder):
    before = make_archive(folder)
    for path in folder.rglob("*"):
        os.utime(path, (10, 10))
    (folder / "agent.py").chmod(0o700)
    assert make_archive(folder) == before


def test_b81_a_folder_without_agent(tmp_path):
    with pytest.raises(RefusedError, match=f"^No agent.py in {tmp_path}.$") as caught:
        make_archive(tmp_path)
    assert (caught.value.code, caught.value.exit_code) == ("cli.no_agent", 2)


def test_b81_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(RefusedError, match=r"^No such file: ") as caught:
        make_archive(tmp_path / "x.py")
    assert (caught.value.code, caught.value.exit_code) == ("cli.no_such_file", 2)


def test_b81_a_file_that_cannot_be_read(folder):
    (folder / "weights").symlink_to("/proc/self/mem")
    with pytest.raises(RefusedError, match=r"^Cannot read .*/weights: Input/output error$"):
        make_archive(folder)


def test_a_folder_over_the_limit_is_not_packed(folder):
    limits = PackageLimits(archive=ArchiveLimits(unpacked_bytes=8192))
    with pytest.raises(RefusedError) as caught:
        make_archive(folder, limits=limits)
    assert caught.value.code == "archive.too_large_unpacked"
