"""What fault tests do to an installation through its doors."""

import http.client
import json
import uuid
from dataclasses import dataclass

from tests.faults.stack import Stack

SET_UP = """
from coliseum.accounts.services import create_token, ensure_user
from coliseum.competitions.services import create_competition, move_competition
from coliseum.league.demo import enter_baselines
competition = create_competition(
    host=None, slug={slug!r}, title={slug!r}, arena={arena!r}, daily_submissions=1000,
    active_submissions=100, target_matches={target},
)
move_competition(competition=competition, to="open", actor=None)
if {baselines}:
    enter_baselines(competition)
user = ensure_user(username="ann")
from coliseum.competitions.services import enter_competition
enter_competition(competition=competition, user=user)
print(json.dumps(create_token(user=user, name="test", scopes=["submit"])[1]))
"""

AGENT = """
TAG = "{tag}"


class Agent:
    def act(self, observation):
        mask = observation["action_mask"]
        return next(action for action in range(len(mask)) if mask[action])
"""


def open_competition(
    stack: Stack, slug: str, *, arena: str = "tictactoe-v3", target: int = 1, baselines: bool = True
) -> str:
    """Open a competition; return a token that may submit to it."""
    return str(stack.python(SET_UP.format(slug=slug, arena=arena, target=target, baselines=baselines)))


def set_target(stack: Stack, slug: str, matches: int) -> None:
    """Have the league play until every agent has this many matches."""
    stack.python(
        "from coliseum.competitions.models import Competition\n"
        f"Competition.objects.filter(slug={slug!r}).update(target_matches={matches})"
    )


@dataclass(frozen=True)
class Answer:
    """What the API said."""

    status: int
    body: dict[str, object]


def upload(stack: Stack, token: str, slug: str, *, tag: str, key: str = "") -> Answer | None:
    """Send one agent; None when no answer came."""
    boundary = uuid.uuid4().hex
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="agent.py"\r\n'
        f"Content-Type: text/x-python\r\n\r\n{AGENT.format(tag=tag)}\r\n--{boundary}--\r\n"
    ).encode()
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Idempotency-Key": key or uuid.uuid4().hex,
    }
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=20)
    try:
        connection.request("POST", f"/api/v1/competitions/{slug}/submissions", body, headers)
        answer = connection.getresponse()
        return Answer(answer.status, json.loads(answer.read()))
    except (OSError, http.client.HTTPException, json.JSONDecodeError):
        return None
    finally:
        connection.close()


def assert_audit_is_zero(stack: Stack) -> dict[str, int]:
    """Let the site audit itself; return what it counted."""
    report = stack.audit()
    assert report["differences"] == []
    return dict(report["counts"])
