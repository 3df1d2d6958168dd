"""Follows documents and says what became of them: `python -m tests.documents docs/start.md`."""

import os
import signal
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coliseum.settings")
django.setup()

from tests.documents.following import Reader, remove  # noqa: E402 - the parsers of manage.py need Django
from tests.documents.installation import Site, new_folder  # noqa: E402
from tests.documents.reading import documents  # noqa: E402


def main(wanted: list[str]) -> int:
    """Follow them on a site of their own; return how many are wrong."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # Whatever ends this ends the site too.
    home, folder = new_folder(), new_folder()
    site = Site(home)
    wrong = 0
    try:
        begun = time.monotonic()
        site.sign_in()
        print(f"site up after {time.monotonic() - begun:.1f} s")
        reader = Reader(site, folder)
        for document in wanted or documents():
            found = reader.follow(document)
            counts = f"{len(found.executed)} executed, {len(found.parsed)} parsed, {len(found.named)} named"
            print(f"{document}: {counts}, {found.seconds:.1f} s", *found.problems, sep="\n  ", flush=True)
            wrong += bool(found.problems)
    finally:
        site.stop()
        remove(folder)
        remove(home)
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
