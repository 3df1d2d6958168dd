"""A competition written in five steps, and changed by the same steps."""

import html
import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.competitions.files import FIXED
from coliseum.competitions.models import Competition, Plan
from coliseum.competitions.services import move_competition
from coliseum.league import opening
from coliseum.pages.wizard_forms import StepForm
from coliseum.pages.wizard_values import keys_of
from coliseum.pages.wizard_words import CHOICES, LABELS, STEPS
from tests.platform.competitions.test_files import WHOLE
from tests.platform.pages.conftest import text_of
from tests.workers.hosting.files import competition_files
from workers.hosting.file import TABLES, CompetitionFile
from workers.hosting.reading import find_all, read_toml
from workers.refusals import REFUSALS

FIRST = {
    "competition-arena": "connect_four-v3",
    "competition-title": "Spring Cup",
    "competition-slug": "spring-cup",
}
DATES = {
    "dates-zone": "Europe/Berlin",
    "dates-opens_at": "2027-03-27T12:00",
    "dates-closes_at": "2027-03-29T12:00",
}
PEOPLE = {"eligibility-who": "domain", "eligibility-domains": "example.org\n", "teams-max_members": "3"}


class Writer:
    """A host in the wizard: opens a step, changes fields of what the page shows, sends the form."""

    def __init__(self, visitor) -> None:
        self.visitor = visitor
        self.plan = ""

    def place(self, step: int | str) -> str:
        return f"/host/new/{self.plan}/{step}"

    def send(self, step: int, *, address: str = "", **changes: object):
        """Send a step as a browser would: every field as it is shown, and what is changed."""
        address = address or (self.place(step) if self.plan else "/host/new")
        page = self.visitor.get(address)
        form = page.context["form"]
        fields: dict[str, object] = {}
        for name, field in form.fields.items():
            value = form[name].value()
            if not field.disabled and value not in (None, False, ""):
                fields[name] = "on" if value is True else value
        if not self.plan and not address.startswith("/competitions"):
            fields |= {"plan": page.context["plan_id"], "from": page.context["source"]}
        sent = {name.replace("__", "-"): value for name, value in changes.items()}
        answer = self.visitor.post(address.partition("?")[0], **(fields | sent))
        found = re.match(r"/host/new/([0-9a-z]{18})/", answer.get("Location", ""))
        self.plan = found[1] if found else self.plan
        return answer


@pytest.fixture
def writer(browser, host) -> Writer:
    return Writer(browser(host))


@pytest.fixture
def begun(writer) -> Writer:
    """Return a writer whose first step is kept."""
    assert writer.send(1, **FIRST)["Location"] == writer.place(2)
    return writer


def test_five_steps_make_the_file_and_the_file_the_competition(begun, host) -> None:
    begun.send(2, **DATES)
    begun.send(3, **PEOPLE)
    begun.send(
        4,
        **{
            "limits-memory_bytes": "256 MiB",
            "limits-step_seconds": "0.5",
            "league-baselines": ["random"],
            "final-held": "on",
            "final-cuts": "32, 128",
            "tournaments": "1",
            "tournament-0-name": "Warm-up",
            "tournament-0-format": "round_robin",
            "tournament-0-cycles": "2",
            "tournament-0-starts_at": "2027-03-28T12:00",
        },
    )
    answer = begun.send(5, **{"competition-rules": "Be fair.\r\nBe kind.", "reveal-replays": "after_close"})
    assert answer["Location"] == begun.place("review")
    said = text_of(begun.visitor.get(begun.place("review")))
    assert "Everything fits together" in said
    assert "Episodes of a match As a trial of the baselines advises" in said
    assert "How many of the best" not in said
    text = begun.visitor.get(begun.place("competition.toml")).content
    file = read_toml(text)
    assert file.dates.opens_at.isoformat() == "2027-03-27T12:00:00+01:00", "summer time begins in between"
    assert file.tournament[0].starts_at.isoformat() == "2027-03-28T12:00:00+02:00"
    assert (file.limits.memory_bytes, file.final.cuts, file.league.baselines) == (
        1 << 28,
        (32, 128),
        ("random",),
    )
    assert file.competition.rules == "Be fair.\nBe kind."
    answer = begun.visitor.post(begun.place("review"), act="draft")
    assert answer["Location"] == "/competitions/spring-cup/host"
    made = Competition.objects.get()
    assert (made.state, made.hosts.get(), made.replays, made.max_members) == ("draft", host, "after_close", 3)
    assert opening.file_of(made) == file


def test_sent_twice_it_is_one_plan_and_one_competition(writer) -> None:
    page = writer.visitor.get("/host/new")
    fields = FIRST | {"plan": page.context["plan_id"]}
    places = {writer.visitor.post("/host/new", **fields)["Location"] for _ in range(2)}
    assert len(places) == Plan.objects.count() == 1
    review = places.pop().replace("/2", "/review")
    for _ in range(2):
        assert writer.visitor.post(review, act="draft")["Location"] == "/competitions/spring-cup/host"
    assert Competition.objects.count() == 1
    back = writer.visitor.post(review.replace("review", "2"), **DATES)
    assert back["Location"] == "/competitions/spring-cup/host", "the back button leads to what was made"


def test_one_may_leave_and_come_back(begun, host, browser, eve, staff) -> None:
    answer = begun.send(2, **DATES, go="leave")
    assert answer["Location"] == "/host/"
    assert "Spring Cup" in text_of(begun.visitor.get("/host/"))
    page = begun.visitor.get(begun.place(2)).content.decode()
    assert 'value="2027-03-27T12:00"' in page
    assert browser(staff).get(begun.place(2)).status_code == 404
    assert browser(eve).get(begun.place(2)).status_code == 403
    assert browser(staff).post("/host/new", **FIRST, plan=begun.plan).status_code == 404


BAD = [
    (1, {"competition-arena": "chess-v99"}, "competition-arena"),
    (1, {"competition-arena": ""}, "competition-arena"),
    (1, {"competition-title": "  "}, "competition-title"),
    (1, {"competition-title": "a\u202eb"}, "competition-title"),
    (1, {"competition-slug": "Not A Slug"}, "competition-slug"),
    (1, {"competition-slug": "c4"}, "competition-slug"),
    (2, DATES | {"dates-closes_at": "2027-03-26T12:00"}, "dates-closes_at"),
    (2, DATES | {"dates-closes_at": "2020-03-26T12:00", "dates-opens_at": ""}, "dates-closes_at"),
    (2, DATES | {"dates-closes_at": "2027-03-28T02:30"}, "dates-closes_at"),
    (2, DATES | {"dates-closes_at": "tomorrow"}, "dates-closes_at"),
    (2, DATES | {"dates-zone": "Europe/Berlni"}, "dates-zone"),
    (3, {"eligibility-who": "invited"}, "eligibility-invited"),
    (3, {"eligibility-who": "nobody"}, "eligibility-who"),
    (3, {"eligibility-who": "domain", "eligibility-domains": "@Example"}, "eligibility-domains"),
    (3, {"teams-max_members": "0"}, "teams-max_members"),
    (4, {"limits-step_seconds": "-1"}, "limits-step_seconds"),
    (4, {"limits-memory_bytes": "a lot"}, "limits-memory_bytes"),
    (4, {"quotas-target_matches": "1000000000"}, "quotas-target_matches"),
    (4, {"quotas-daily_submissions": "9" * 40}, "quotas-daily_submissions"),
    (4, {"league-baselines": ["stockfish"]}, "league-baselines"),
    (4, {"final-held": "on", "final-cuts": "64, 32"}, "final-cuts"),
    (4, {"tournament-0-size": "8", "tournaments": "1"}, "tournament-0-name"),
    (4, {"tournament-0-name": "x", "tournament-0-best_of": "4", "tournaments": "1"}, "tournament-0-best_of"),
    (5, {"reveal-code": "at once"}, "reveal-code"),
    (5, {"competition-rules": "\0"}, "competition-rules"),
]


def test_b64_b65_a_bad_setting_is_refused_at_its_field_and_keeps_what_was_written(begun, competition) -> None:
    kept = Plan.objects.get().tables
    for step, changes, field in BAD:
        answer = begun.send(step, **changes)
        assert answer.status_code == 400, changes
        form = answer.context["form"]
        assert list(form.errors) == [field], changes
        (text,) = form.errors[field]
        code = "arena.unknown" if "chess" in str(changes) else "competition.bad_setting"
        assert text.endswith(f"[{code}]"), text
        assert f'id="id_{field}_error"' in answer.content.decode()
        assert (form[field].value() or "") == changes.get(field, form[field].initial), changes
    assert Plan.objects.get().tables == kept


def test_the_words_of_the_table_are_used_for_dates_in_the_wrong_order(begun) -> None:
    answer = begun.send(2, **DATES | {"dates-closes_at": "2027-03-26T12:00"})
    assert "must be after" in text_of(answer)


def test_what_is_wrong_elsewhere_is_listed_at_the_end_with_the_way_to_it(begun) -> None:
    begun.send(2, **DATES)
    plan = Plan.objects.get()
    plan.tables["quotas"] = {"target_matches": 0}
    plan.save()
    page = begun.visitor.get(begun.place("review"))
    assert begun.place(4) + "#id_quotas-target_matches" in page.content.decode()
    assert "Create as a draft" not in page.content.decode()
    assert begun.visitor.post(begun.place("review"), act="open").status_code == 422
    assert begun.visitor.get(begun.place("competition.toml")).status_code == 422
    assert not Competition.objects.exists()


def test_a_change_of_the_zone_moves_the_clock_not_the_hour_that_was_typed(begun) -> None:
    begun.send(2, **DATES)
    begun.send(3, **{"teams-merge_until": "2027-03-28T12:00"})
    begun.send(2, **{"dates-zone": "America/New_York"})
    tables = Plan.objects.get().tables
    assert tables["dates"]["opens_at"] == "2027-03-27T12:00:00-04:00"
    assert tables["teams"]["merge_until"] == "2027-03-28T06:00:00-04:00"
    assert not find_all(tables)


def test_every_key_of_the_file_has_its_field_its_words_and_its_step() -> None:
    tables = {"competition": {"arena": "connect_four-v3"}, "final": {}, "tournament": [{"name": "a"}]}
    fields = {name for step in STEPS for name in StepForm(step, tables).fields}
    for table in TABLES:
        prefix = "tournament-0" if table == "tournament" else table
        for name, key in keys_of(table).items():
            assert f"{prefix}-{name}" in fields
            assert LABELS[f"{table}.{name}"]
            assert set(key.choices) == set(CHOICES.get(f"{table}.{name}", {}))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(competition_files())
def test_any_file_goes_through_all_steps_unchanged(file: CompetitionFile) -> None:
    tables = msgspec.to_builtins(file)
    for step in STEPS:
        form = StepForm(step, tables)
        data = {name: form[name].value() for name in form.fields}
        data = {name: value for name, value in data.items() if value is not False}
        tables = StepForm(step, tables, data).said()
    assert msgspec.convert(tables, CompetitionFile) == file


def test_a_clone_of_a_public_competition_has_all_but_address_dates_and_people(writer, host, browser) -> None:
    source = opening.open_from_file(host=host, file=read_toml(WHOLE.encode()))
    source.options |= {"eligibility": {"invited": ["bob@example.org"]}}
    source.eligibility = "invited"
    source.save()
    move_competition(competition=source, to="open", actor=host)
    writer.visitor.client.force_login(User.objects.create_user(username="second", may_host=True))
    answer = writer.send(1, address="/host/new?from=spring-cup", **FIRST | {"competition-slug": "fall-cup"})
    assert answer.status_code == 302
    tables = Plan.objects.get().tables
    assert "bob@example.org" not in str(tables)
    assert "opens_at" not in tables["dates"]
    assert [each["name"] for each in tables["tournament"]] == ["Warm-up"], "the other one is a secret draft"
    assert tables["limits"] == {"step_seconds": 0.5, "memory_bytes": 268435456}
    assert writer.visitor.get("/host/new?from=nothing").status_code == 404


def test_a_competition_is_changed_by_the_same_steps(writer, host, competition) -> None:
    edit = "/competitions/c4/host/edit/5"
    answer = writer.send(
        5, address=edit, **{"competition-overview": "Changed.", "competition-faq": "Why? So."}
    )
    assert answer["Location"] == "/competitions/c4/host"
    competition.refresh_from_db()
    assert (competition.overview, competition.faq, competition.rules) == ("Changed.", "Why? So.", "Be fair.")
    opens_at = competition.opens_at
    writer.send(2, address="/competitions/c4/host/edit/2", **{"dates-closes_at": "2031-01-01T12:00"})
    competition.refresh_from_db()
    assert competition.closes_at == datetime(2031, 1, 1, 12, tzinfo=UTC)
    assert competition.opens_at == opens_at, "not even cut to the minute"


def test_what_is_fixed_is_shown_with_its_reason_and_stays_whatever_is_sent(writer, competition) -> None:
    address = "/competitions/c4/host/edit/4"
    page = writer.visitor.get(address)
    form = page.context["form"]
    assert form.fields["quotas-target_matches"].disabled
    assert "Fixed: people rely on it" in text_of(page)
    assert not form.fields["quotas-daily_submissions"].disabled
    writer.send(4, address=address, **{"quotas-target_matches": "9", "quotas-daily_submissions": "7"})
    competition.refresh_from_db()
    assert (competition.target_matches, competition.daily_submissions) == (200, 7)
    fixed = {key.path for table in TABLES for key in keys_of(table).values() if key.path.startswith(FIXED)}
    assert {"quotas.target_matches", "reveal.replays", "limits.step_seconds", "dates.opens_at"} <= fixed


def test_before_the_start_the_target_of_matches_may_change(writer, competition) -> None:
    Competition.objects.update(opens_at=clock.now() + timedelta(days=1))
    writer.send(4, address="/competitions/c4/host/edit/4", **{"quotas-target_matches": "9"})
    competition.refresh_from_db()
    assert competition.target_matches == 9


def test_what_one_wrote_can_be_discarded_by_typing_a_word(begun) -> None:
    assert begun.visitor.post(begun.place("discard"), confirm="no").status_code == 400
    assert begun.visitor.post(begun.place("discard"), confirm="discard").status_code == 302
    assert not Plan.objects.exists()


def test_who_may_not_host_cannot_begin(browser, eve) -> None:
    assert browser(eve).get("/host/new").status_code == 403
    assert browser(eve).post("/host/new", **FIRST, plan="0" * 18).status_code == 403
    assert REFUSALS["auth.not_allowed"].status == 403


def test_hostile_text_is_shown_as_text(begun) -> None:
    evil = "<script>alert(1)</script>{{ 7*7 }}"
    begun.send(5, **{"competition-rules": evil, "competition-overview": evil})
    for place in (5, "review"):
        page = begun.visitor.get(begun.place(place)).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_an_arenas_page_leads_a_host_to_the_first_step_with_that_arena_chosen(browser, host, ann):
    link = "/host/new?arena=coliseum/sumo-v1"
    assert link in browser(host).get("/arenas/coliseum/sumo-v1/").content.decode()
    assert link not in browser(ann).get("/arenas/coliseum/sumo-v1/").content.decode()
    page = browser(host).get(link).content.decode()
    assert '<option value="coliseum/sumo-v1" selected>' in page
    assert '<optgroup label="Box2D">' in page
    assert "selected" not in browser(host).get("/host/new?arena=<b>no-such").content.decode().partition(
        "</select>"
    )[0].replace('<option value="" selected', "")


def form_of(page):
    """Return what a browser would send of a step: every field as it is shown."""
    text = page.content.decode()
    form = text[text.index('id="step"') :]
    fields = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and (not re.search(r'type="(radio|checkbox)"', tag) or " checked" in tag):
            is_box = re.search(r'type="(radio|checkbox)"', tag)
            fields[name[1]] = html.unescape(value[1]) if value else "on" if is_box else ""
    for name, content in re.findall(r'<textarea name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        fields[name] = html.unescape(content).removeprefix("\n")
    return fields


def test_two_hosts_at_once_lose_nothing(browser, host, other, competition):
    competition.hosts.add(other)
    page = "/competitions/c4/host/edit/5"
    one, two = browser(host), browser(other)
    first, second = form_of(one.get(page)), form_of(two.get(page))
    assert (
        one.post(
            page, **first | {"competition-overview": "New overview.", "competition-faq": "A?"}
        ).status_code
        == 302
    )
    # What the second one left alone stays; what only that one wrote is taken.
    clash = two.post(page, **second | {"competition-faq": "B?", "competition-prizes": "Fame."})
    assert clash.status_code == 409
    text = text_of(clash)
    assert "competition.changed_meanwhile" in text
    assert "host saved" in text
    assert "A?" in text
    competition.refresh_from_db()
    assert (competition.faq, competition.prizes) == ("A?", "")
    again = form_of(clash)
    assert (again["competition-faq"], again["competition-overview"]) == ("B?", second["competition-overview"])
    assert two.post(page, **again).status_code == 302
    competition.refresh_from_db()
    assert (competition.overview, competition.faq, competition.prizes) == ("New overview.", "B?", "Fame.")


@pytest.mark.parametrize(
    "marks", ["", "[]", "nonsense", '{"competition-faq": 5}', "[" * 10_000, "{" * 60_000]
)
def test_marks_that_cannot_be_read_are_none(browser, host, competition, marks):
    visitor = browser(host)
    page = "/competitions/c4/host/edit/5"
    fields = form_of(visitor.get(page)) | {"competition-faq": "B?", "shown": marks}
    assert visitor.post(page, **fields).status_code == (409 if "5" in marks else 302)
