"""Records what the API answers as the examples of its description.

`python -m pytest tests/platform/api/recording.py`, then `python -m tests.openapi`.
"""

import json
import re
from typing import Any

import pytest

from coliseum import clock
from coliseum.accounts.follows import follow
from coliseum.api.describing import EXAMPLES
from coliseum.competitions.models import JoinRequest
from coliseum.competitions.queries import shown_phase
from coliseum.competitions.services import enter_competition
from coliseum.leaderboards.models import BoardDay
from coliseum.league.models import PanelCheck
from coliseum.notices.models import Kind
from coliseum.notices.services import News, tell
from coliseum.submissions.models import Contender
from coliseum.submissions.services import accept_upload
from tests.platform.api.operations import PEOPLE, SOON, TABLE
from tests.platform.api.test_people import SCOPES, answer_to, people, things  # noqa: F401 - fixtures
from tests.platform.conftest import make_ready, upload_of
from tests.workers.zips import AGENT

PREFERRED = ("ann", "host", "staff", "eve", "nobody")
MOST_ITEMS, MOST_CHARACTERS = 2, 200
_MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_ID = re.compile(r"\b0[0-9a-z]{17}\b")
_DIGEST = re.compile(r"\b[0-9a-f]{32,64}\b")
_SHOWN_ONCE = {
    "secret": "whsec_c2hvd24gb25jZSwgYnkgdGhlIGFuc3dlciBpdHNlbGY=",
    "invitation": "shown-this-once",
}


class Settled:
    """Makes recorded answers alike in every run: ids, moments and digests by the order they come in."""

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}

    def value(self, found: Any, name: str = "") -> Any:
        if isinstance(found, dict):
            return {key: self.value(each, key) for key, each in found.items()}
        if isinstance(found, list):
            return [self.value(each) for each in found[:MOST_ITEMS]]
        if isinstance(found, float):
            return round(found, 3)
        return self._text(found, name) if isinstance(found, str) else found

    def _text(self, found: str, name: str) -> str:
        if name in _SHOWN_ONCE:
            return _SHOWN_ONCE[name]
        found = _MOMENT.sub("2026-11-22T12:00:00Z", found)
        found = found.replace("http://localhost:8000", "https://coliseum.example")
        found = re.sub(r"(?<=/teams/join/)[^/]+", _SHOWN_ONCE["invitation"], found)
        for pattern in (_ID, _DIGEST):
            found = pattern.sub(lambda hit: self._named(hit[0]), found)
        return found if len(found) <= MOST_CHARACTERS else found[: MOST_CHARACTERS - 1] + "…"

    def _named(self, found: str) -> str:
        number = len(self.seen) + 1
        made = f"06h0d{number:013d}" if len(found) == 18 else f"{number:0{len(found)}x}"
        return self.seen.setdefault(found, made)


@pytest.fixture
def busy(people, things, match, tmp_path):  # noqa: F811
    """Give the competition a bit of everything."""
    ann, host, competition = people["ann"], people["host"], match.competition
    now, phase = clock.now(), shown_phase(competition)
    follow(user=ann, topic="competition:c4")
    facts = {"agent": "four-seasons v1", "code": "timed_out", "competition": "Connect four"}
    tell([News(Kind.REJECTED, "k", "/submissions/x", [ann.pk], facts)])
    JoinRequest.objects.create(
        competition=competition,
        user=people["other"],
        note="I teach a course.",
        asked_at=now,
    )
    Contender.objects.create(
        phase=phase, submission_id=things["submission_id"], named_by=ann, named_at=now, place=1
    )
    row = {"submission": things["submission_id"], "gap": 41.5, "low": 12.0, "high": 71.0, "episodes": 60}
    PanelCheck.objects.create(phase=phase, started_at=now, finished_at=now, rows=[row])
    row = (1, things["submission_id"], 1543.0, 1461.5, 1624.5, 120)
    BoardDay.objects.create(phase=phase, day="2026-11-20", rows=[row], matches=240)
    entry = enter_competition(competition=competition, user=host)
    upload = upload_of(AGENT + b"# the host's\n", tmp_path, name="gauge.py")
    make_ready(accept_upload(entry=entry, user=host, upload=upload)[0])
    return things


def test_record(caller, people, busy):  # noqa: F811
    settled, found = Settled(), {}
    for name, operation in TABLE.items():
        able = [each for each in PREFERRED if operation.statuses[PEOPLE.index(each)] < 300]
        person = people[able[0]] if able else people["staff"]
        answer = answer_to(caller(person, *SCOPES) if person else caller(), operation, busy)
        body = json.dumps(operation.body)
        for place, value in busy.items():
            body = body.replace(f"{{{place}}}", value)
        row = {"status": answer.status_code, "sent": settled.value(json.loads(body))}
        if answer.status_code in (200, 201, 202) and answer["Content-Type"].startswith("application/json"):
            found[name] = row | {"answer": settled.value(answer.json())}
        elif operation.body:
            found[name] = row
    finalists = {"submissions": [busy["submission_id"]]}
    caller(people["host"], "host").post("/competitions/c4/final", {"naming_ends_at": SOON})
    named = caller(people["ann"], "submit").post("/competitions/c4/phases/final-1/finalists", finalists)
    found["name_finalists"] |= {"status": named.status_code, "answer": settled.value(named.json())}
    text = json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False)
    EXAMPLES.write_text(text + "\n", encoding="utf-8")
