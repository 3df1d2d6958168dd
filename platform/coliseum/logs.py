"""One line a log record: time, level, event, then the record's `extra` as key=value."""

import json
import logging
import time

_KNOWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class LineFormatter(logging.Formatter):
    """Formats `logger.info("match_finished", extra={"match": id})` as one escaped line."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; values are JSON-escaped so that no text can forge a second line."""
        stamp = self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ")
        event = json.dumps(record.getMessage(), ensure_ascii=True)[1:-1]
        extras = " ".join(
            f"{key}={json.dumps(value, default=str)}"
            for key, value in vars(record).items()
            if key not in _KNOWN and not key.startswith("_")
        )
        line = f"{stamp} {record.levelname.lower():7} {record.name} {event} {extras}".rstrip()
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line
