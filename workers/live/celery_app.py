"""The live worker's Celery: consumes the queue `live`, a thread for each table."""

import os

from celery import Celery

from workers.celery_app import QUEUE_OPTIONS
from workers.live.keys import QUEUE

app = Celery("coliseum.live", broker=os.environ.get("COLISEUM_BROKER_URL"))
app.conf.update(QUEUE_OPTIONS, task_default_queue=QUEUE, imports=["workers.live.tasks"])
