"""Hostile archives: packages that no honest tool would make, as if the check at upload had let them pass."""

import io
import stat
import zipfile
from collections.abc import Callable


def _archive(fill: Callable[[zipfile.ZipFile], None]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        fill(archive)
    return packed.getvalue()


def link_out(source: str) -> bytes:
    """A symbolic link to the account file, and a file to be written through it."""

    def fill(archive: zipfile.ZipFile) -> None:
        link = zipfile.ZipInfo("weights")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc")
        archive.writestr("weights/passwd", "hostile-trace")
        archive.writestr("agent.py", source)

    return _archive(fill)


def path_out(source: str) -> bytes:
    """A member whose path leads out of the package folder."""

    def fill(archive: zipfile.ZipFile) -> None:
        archive.writestr("agent.py", source)
        archive.writestr("../tmp/hostile-trace", "hostile-trace")

    return _archive(fill)


def bomb(source: str) -> bytes:
    """A few hundred kilobytes that become more than an upload may unpack to."""

    def fill(archive: zipfile.ZipFile) -> None:
        archive.writestr("agent.py", source)
        for number in range(6):
            with archive.open(f"weights{number}", "w", force_zip64=True) as member:
                for _ in range(100):
                    member.write(bytes(1 << 20))

    return _archive(fill)


ARCHIVES: dict[str, Callable[[str], bytes]] = {
    "35d_link_in_archive": link_out,
    "35e_path_out_of_archive": path_out,
    "06e_archive_bomb": bomb,
}
"""Agent id to what packs its source."""
