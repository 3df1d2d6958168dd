#!/usr/bin/env python
"""Run any command of the site from a checkout: `python manage.py COMMAND`."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Put the source roots on the path and hand over to Django."""
    root = Path(__file__).resolve().parent
    sys.path[:0] = [str(root), str(root / "platform")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coliseum.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
