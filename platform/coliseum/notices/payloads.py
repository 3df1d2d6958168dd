"""What a webhook is sent: small JSON, the same for all kinds of news."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec


def payload(kind: str, at: datetime, facts: Mapping[str, Any]) -> str:  # Any: JSON values
    """Return the body of a message: `type`, `timestamp`, and `data` with title, text, url and the facts."""
    body = {"type": kind, "timestamp": at.isoformat(timespec="seconds"), "data": dict(facts)}
    return msgspec.json.encode(body).decode()
