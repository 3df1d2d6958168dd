"""The site's Celery: tasks on the queue `site`, matches sent to the queue `matches`."""

import os

from celery import Celery
from django.conf import settings

from workers.celery_app import QUEUE_OPTIONS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coliseum.settings")
# Django's checks load every page, which neither a worker nor the scheduler needs; the tests run them.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

app = Celery("coliseum.site", broker=settings.BROKER_URL)
app.conf.update(
    QUEUE_OPTIONS,
    task_default_queue="site",
    beat_schedule={"tick": {"task": "league.tick", "schedule": 1.0, "options": {"expires": 5}}},
    # The schedule is two lines; nothing of it needs to survive a restart.
    beat_schedule_filename=str(settings.HOME / "beat"),
    imports=["coliseum.league.tasks"],
)
# A request must not wait for a queue that is down: the row is written, the next tick sends it.
app.conf.broker_transport_options = {
    **app.conf.broker_transport_options,
    "max_retries": 1,
    "interval_start": 0.05,
    "interval_step": 0.1,
}


def setup_django() -> None:
    """Load Django's apps; a worker does so before it imports the tasks."""
    import django

    django.setup()
