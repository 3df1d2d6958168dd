"""The match worker's Celery: consumes the queue `matches`, answers on the queue `site`."""

import os
from typing import Final

from celery import Celery

QUEUE_OPTIONS: Final = {
    "task_serializer": "json",
    "accept_content": ["json"],
    "result_backend": None,
    "task_ignore_result": True,
    # The match row's lease is what makes work come back; Celery's own redelivery would only double it.
    "task_acks_late": False,
    "worker_prefetch_multiplier": 1,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_transport_options": {
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
    },
    "task_publish_retry": False,
    "worker_hijack_root_logger": False,
    "timezone": "UTC",
}
"""What both sides set alike."""

app = Celery("coliseum.matches", broker=os.environ.get("COLISEUM_BROKER_URL"))
app.conf.update(
    QUEUE_OPTIONS,
    task_default_queue="matches",
    task_publish_retry=True,
    imports=["workers.tasks"],
)
