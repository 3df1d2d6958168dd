"""What has happened in the town: made by the site's own services, with really recorded matches."""

import io
import tempfile
import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
from allauth.mfa.models import Authenticator
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from arenas import registry
from coliseum import clock
from coliseum.accounts.models import Profile, User
from coliseum.accounts.services import create_sign_in_link, create_token, ensure_administrator
from coliseum.competitions.announcements import publish_announcement, send_notice
from coliseum.competitions.models import Competition, Entry, JoinRequest
from coliseum.competitions.plans import save_plan
from coliseum.competitions.queries import shown_phase
from coliseum.competitions.services import create_competition, enter_competition, move_competition
from coliseum.competitions.teams import accept_invitation, invite, rename_team
from coliseum.ids import new_id
from coliseum.leaderboards.services import rate_phase
from coliseum.leaderboards.studies import study_phase
from coliseum.league import conductor, opening, tourneys
from coliseum.league.demo import DEMO, RULES
from coliseum.league.exporting import want_export
from coliseum.league.incidents import post_incident
from coliseum.league.seasons import close_season, open_season
from coliseum.matches.models import Match
from coliseum.matches.recording import record_results
from coliseum.matches.services import Plan, claim_batch, extend_leases, schedule_matches, schedule_validation
from coliseum.notices.digests import unsubscribe_url
from coliseum.notices.models import Delivery, DeliveryState, Kind, Webhook
from coliseum.notices.services import News, tell
from coliseum.submissions.models import Submission
from coliseum.submissions.services import Upload, accept_upload, record_verdict, start_validation
from coliseum.tournaments.models import Tournament
from coliseum.tournaments.services import create_tournament, start_tournament
from coliseum.tournaments.wanted import Wanted
from tests.platform.competitions.test_files import WHOLE
from tests.platform.conftest import make_ready, result_of
from tests.platform.episodes import play_episode
from tests.platform.leaderboards.conftest import play_some
from workers.hosting.reading import read_toml
from workers.seating import seatings
from workers.spec import AgentUsage, Check, MatchKind

AGENTS = {
    "ann": "centre-first",
    "bob": "Lookahead 3",
    "carla": "mirror-mirror",
    "dimitri": "A rather long name of an agent that somebody likes",
    "erin": "zugzwang",
    "farid": "四目並べ",
    "grace": "monte-carlo-500",
    "hugo": "left-to-right",
}
"""Whose agent is called how; ann's is the one that her pages show."""
MATCHES = 30
PASSWORD = "four words make sense"
FORMATS = ("round_robin", "single_elimination", "double_elimination", "swiss")


def fill() -> dict[str, str]:
    """Make the town; return the names of its things for `tests.e2e.pages`, and a session for each person."""
    staff = ensure_administrator()
    host = _person("host", may_host=True)
    people = {name: _person(name) for name in AGENTS}
    demo = {each.arena: each for each in DEMO}["connect_four-v3"]
    cup = create_competition(
        host=host,
        slug=demo.slug,
        title=demo.title,
        arena=demo.arena,
        summary=demo.summary,
        overview=demo.overview,
        rules=RULES,
        target_matches=12,
        opens_at=clock.now() - timedelta(days=9),
        closes_at=clock.now() + timedelta(days=21),
    )
    cup.hosts.add(staff)
    cup = move_competition(competition=cup, to="open", actor=host)
    Competition.objects.filter(pk=cup.pk).update(active_submissions=3)
    agents = [_submit(cup, people[name], AGENTS[name]) for name in AGENTS]
    names = _seasons(cup, agents) | _tournaments(cup, staff) | _uploads(cup, people["ann"])
    names |= _team(cup, people["ann"], people["bob"]) | _news(cup, people["ann"], staff)
    names |= _elsewhere(host, staff)
    (waiting,) = schedule_matches(competition=cup, plans=[Plan(MatchKind.LEAGUE, tuple(agents[:2]))])
    asked = JoinRequest.objects.create(competition=cup, user=people["hugo"], asked_at=clock.now())
    post_incident(actor=staff, title="Matches wait longer than usual", text="A machine is being repaired.")
    people["erin"].set_unusable_password()
    people["erin"].save()
    sessions = {f"{user.username}_session": _session(user) for user in (staff, host, *people.values())}
    return (
        names
        | sessions
        | {
            "staff_session": sessions["admin_session"],
            "request": str(asked.pk),
            "waiting": waiting.pk,
            "link": create_sign_in_link(user=host).rpartition("/")[2],
        }
    )


def _person(name: str, **facts: bool) -> User:
    made = User.objects.create_user(name, f"{name}@example.org", PASSWORD, **facts)
    Profile.objects.create(user=made, display_name=name.title(), bio="Plays **board games**, badly.")
    return made


def _session(user: User) -> str:
    """Return the key of a session in which a person is signed in, administrators with a second factor."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    at = clock.now().timestamp()
    ways = [{"method": "password", "at": at, "username": user.username}]
    if user.is_staff:
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
        session["account_authentication_methods_user"] = str(user.pk)
        ways.append({"method": "mfa", "at": at})
    session["account_authentication_methods"] = ways
    session.create()
    return str(session.session_key)


def _send(entry: Entry, user: User, name: str, *, move: str, note: str = "") -> Submission:
    text = f"class Agent:\n    def act(self, observation):\n        return {move}  # {name}\n"
    with tempfile.NamedTemporaryFile(suffix=".py") as staged:
        staged.write(text.encode())
        staged.flush()
        upload = Upload(
            file=io.BytesIO(text.encode()), path=Path(staged.name), original_name="agent.py", name=name
        )
        return accept_upload(entry=entry, user=user, upload=replace(upload, note=note))[0]


def _submit(cup: Competition, user: User, name: str) -> Submission:
    return make_ready(_send(enter_competition(competition=cup, user=user), user, name, move="3"))


def _seasons(cup: Competition, agents: list[Submission]) -> dict[str, str]:
    """Play a season that is over, and some of the next; one match waits."""
    play_some(cup, agents, 12)
    close_season(competition=cup, actor=None)
    conductor.tick()
    open_season(competition=cup, actor=None)
    play_some(cup, agents, MATCHES, first=12)
    phase = shown_phase(cup)
    rate_phase(phase=phase)
    study_phase(phase=phase)
    last = Match.objects.filter(phase=phase).latest("finished_at")
    return {"match": last.pk, "agent": agents[0].pk, "rival": agents[1].pk}


def _uploads(cup: Competition, ann: User) -> dict[str, str]:
    """Return ann's second version, one that failed, and one that is being validated."""
    entry = enter_competition(competition=cup, user=ann)
    second = make_ready(_send(entry, ann, "centre-first", move="4 - 1", note="Opens in the *middle* now."))
    failed = _send(entry, ann, "centre-first", move="observation['no_such_key']")
    start_validation(submission=failed)
    schedule_validation(submission=failed)
    play_batch(cup)
    passed = [
        Check(name=name, ok=True, code="ok", message="", hint="", seconds=0.2)
        for name in ("inspect", "start")
    ]
    fault = Check(
        name="conformance",
        ok=False,
        code="crashed",
        message="act() raised KeyError: 'no_such_key'.",
        hint="Look at the keys of the observation on the arena's page.",
        seconds=0.3,
        evidence="Traceback (most recent call last):\n  File \"agent.py\", line 3, in act\nKeyError: 'x'",
    )
    record_verdict(
        submission=failed, checks=[*passed, fault], usage=AgentUsage(log="loaded\nfirst turn\n" * 9)
    )
    checked = _send(entry, ann, "centre-first", move="5 - 2")
    start_validation(submission=checked)
    schedule_validation(submission=checked)
    return {"submission": second.pk, "rejected": failed.pk, "validating": checked.pk}


def _tournaments(cup: Competition, staff: User) -> dict[str, str]:
    """Return a finished tournament of each format, one that runs, one that is announced, and a draft."""
    names = {}
    for form in FORMATS:
        names[form] = _begun(cup, staff, form).pk
        while play_batch(cup):
            tourneys.on_tick()
    names["running"] = _begun(cup, staff, "swiss", title="Evening Swiss").pk
    play_batch(cup, most=3)
    tomorrow = clock.now() + timedelta(days=1)
    planned = Wanted(title="Tomorrow's knockout", format="single_elimination", starts_at=tomorrow)
    draft = Wanted(title="Not announced yet", format="groups_and_knockout")
    names["planned"] = create_tournament(competition=cup, actor=staff, wanted=planned).pk
    names["draft"] = create_tournament(competition=cup, actor=staff, wanted=draft).pk
    return names


def _begun(cup: Competition, staff: User, form: str, *, title: str = "") -> Tournament:
    wanted = Wanted(title=title or f"{form.replace('_', ' ').capitalize()} of spring", format=form)
    made = create_tournament(competition=cup, actor=staff, wanted=wanted)
    return start_tournament(tournament=made, actor=staff)


def play_batch(cup: Competition, *, most: int = 64) -> int:
    """Play what a worker would claim next, for real but for the agents; return how many matches it was."""
    arena = registry.get(cup.arena)
    batch = claim_batch(limit=most)
    if not batch:
        return 0
    extend_leases(token=batch[0].token, worker="bench:1")
    results = []
    for match in batch:
        match.refresh_from_db()
        seed = int(match.pk[-6:], 36) % 1000
        sides = [play_episode(arena, seed=seed, seating=seating) for seating in seatings(arena)]
        usage = tuple(AgentUsage(load_seconds=0.1, log="loaded") for _ in range(arena.lineup))
        results.append(result_of(match, episodes=tuple(sides), usage=usage))
    tourneys.on_played(record_results(results))
    return len(batch)


def _team(cup: Competition, ann: User, bob: User) -> dict[str, str]:
    """Merge bob into ann's team; return it and a link that is out."""
    entry = enter_competition(competition=cup, user=ann)
    rename_team(entry=entry, actor=ann, name="Four Seasons")
    accept_invitation(secret=invite(entry=entry, actor=ann), user=bob)
    return {"team": str(entry.team_id), "invitation": invite(entry=entry, actor=ann)}


def _news(cup: Competition, ann: User, staff: User) -> dict[str, str]:
    """Announce, notify, and tell addresses by signed requests."""
    text = "The rules say now what a *draw* is worth.\n\n- half a point\n- for both"
    news = publish_announcement(competition=cup, actor=staff, title="Draws are half a point", text=text)
    entry = enter_competition(competition=cup, user=ann)
    send_notice(competition=cup, actor=staff, title="A word to you", text="Well played.", entries=[entry])
    facts = {"competition": cup.title, "title": "Draws are half a point"}
    path = f"/competitions/{cup.slug}/announcements/{news.pk}"
    tell([News(Kind.ANNOUNCEMENT, f"k{number}", path, {ann.pk, staff.pk}, facts) for number in range(4)])
    url = "https://hooks.example.org/coliseum/for/the/team/of/four/seasons"
    hook = Webhook.objects.create(user=ann, url=url, made_at=clock.now())
    tried = {"webhook": hook, "kind": "match", "body": "{}", "made_at": clock.now(), "tried_at": clock.now()}
    done = {"state": DeliveryState.DELIVERED, "tries": 1, "status": 200, "seconds": 0.2}
    Delivery.objects.create(key="a", **tried, **done)
    lost = {"state": DeliveryState.FAILED, "tries": 8, "problem": "The host did not answer within 5 seconds."}
    Delivery.objects.create(key="b", **tried, **lost)
    create_token(user=ann, name="laptop", scopes=["read", "submit"])
    unsubscribe = unsubscribe_url(ann).rpartition("/")[2]
    return {
        "announcement": news.pk,
        "webhook": hook.pk,
        "unsubscribe": unsubscribe,
        "export": want_export(ann).pk,
    }


def _elsewhere(host: User, staff: User) -> dict[str, str]:
    """Open a competition that nobody entered, one as a draft, and plans of one."""
    empty = create_competition(host=host, slug="noughts", title="Noughts and Crosses", arena="tictactoe-v3")
    move_competition(competition=empty, to="open", actor=host)
    opening.open_from_file(host=host, file=read_toml(WHOLE.encode()))
    tables = msgspec.to_builtins(tomllib.loads(WHOLE))
    tables["competition"] |= {"slug": "autumn-cup", "title": "Autumn Cup"}
    names = {"plan": new_id(), "bare_plan": new_id()}
    for step in range(1, 6):
        save_plan(plan_id=names["plan"], host=staff, tables=tables, step=step)
    bare = {"competition": {"slug": "connect-four", "title": "", "arena": "connect_four-v3"}}
    save_plan(plan_id=names["bare_plan"], host=staff, tables=bare, step=1)
    return names
