"""Calls of the group export. Made by `python -m tests.client_calls`."""

# ruff: noqa: A002

from pathlib import Path
from typing import Literal

from workers.client.answers.board_answers import ExportList
from workers.client.calls import Calls


class ExportCalls(Calls):
    """Calls of the group export."""

    def list_exports(self, slug: str) -> ExportList:
        """List the tables that can be had whole, with their columns."""
        return self._get(ExportList, ("competitions", slug, "export"), {})

    def export_table(
        self,
        slug: str,
        table: str,
        path: Path | str,
        *,
        format: Literal["jsonl", "csv", "parquet"] | None = None,
    ) -> int:
        """Return a whole table of a competition: what everybody may see, whatever its size.

        Send `Accept-Encoding: gzip`, and JSONL and CSV come compressed. Rows that are added meanwhile may be
        missing. An answer that was cut off has no end: a Parquet file then cannot be read.
        """
        return self._save(path, ("competitions", slug, "export", table), {"format": format})
