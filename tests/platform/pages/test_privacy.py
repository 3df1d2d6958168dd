"""One's own data: the zip, and the page that ends an account."""

import io
import json
import zipfile
from datetime import timedelta

from django.core.files.storage import default_storage

from coliseum import clock
from coliseum.accounts.exports import ask_export, claim_export
from coliseum.accounts.models import DataExport, ExportState, User
from coliseum.accounts.profiles import change_profile
from coliseum.accounts.services import create_token
from coliseum.league import exporting
from coliseum.league.exporting import make_export, want_export
from coliseum.league.sweeping import sweep
from coliseum.notices.hooks import register_webhook, secret_of
from coliseum.notices.models import Kind
from coliseum.notices.queries import told_facts
from coliseum.notices.services import News, tell
from tests.platform.pages.conftest import text_of

DATA = "/settings/your-data"


def zip_of(answer):
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_the_zip_holds_what_is_ones_own_and_no_secret(browser, ann, match, submission, rival):
    change_profile(user=ann, display_name="Ann A", bio="hi", affiliation="", link="")
    _, secret = create_token(user=ann, name="laptop", scopes=["read"])
    visitor = browser(ann)
    page = visitor.post(f"{DATA}/export")["Location"]
    assert "The zip is there" in text_of(visitor.get(page))
    answer = visitor.get(f"{page}/zip")
    assert answer["Content-Disposition"].startswith('attachment; filename="coliseum-ann-')
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    archive = zip_of(answer)
    names = set(archive.namelist())
    own = f"agents/{submission.pk}"
    assert {
        "data.json",
        "README.txt",
        f"{own}/agent.py",
        f"{own}/log.txt",
        f"{own}/matches/{match.pk}.txt",
    } <= names
    assert not any(rival.pk in name for name in names)
    facts = json.loads(archive.read("data.json"))
    assert (facts["account"]["email"], facts["account"]["profile"]["bio"]) == ("ann@example.org", "hi")
    assert [agent["id"] for agent in facts["agents"]] == [submission.pk]
    everything = b"".join(archive.read(name) for name in names).decode()
    assert secret not in everything
    assert "password" not in everything
    assert "column-three" not in everything


def test_a_large_export_is_made_in_the_background_once(browser, ann, submission, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE_AGENTS", 0)
    visitor = browser(ann)
    page = visitor.post(f"{DATA}/export")["Location"]
    assert visitor.post(f"{DATA}/export")["Location"] == page
    assert "It is being made" in text_of(visitor.get(page))
    assert visitor.get(f"{page}/zip").status_code == 404
    export = DataExport.objects.get()
    make_export(export.pk)
    assert claim_export(export.pk) is None
    assert "The zip is there" in text_of(visitor.get(page))
    fragment = visitor.get(page, HX_Request="true").content.decode()
    assert fragment.lstrip().startswith('<div id="export"')
    export.refresh_from_db()
    assert (export.done, export.total) == (1, 1)


def test_a_fault_is_said_and_the_next_try_works(browser, ann, submission, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(exporting.storage, "read_package", lambda digest: 1 / 0)
        assert want_export(ann).state == ExportState.FAILED
    visitor = browser(ann)
    failed = DataExport.objects.get()
    assert "It could not be made" in text_of(visitor.get(f"{DATA}/exports/{failed.pk}"))
    assert want_export(ann).state == ExportState.READY
    assert DataExport.objects.count() == 1


def test_a_zip_is_gone_after_a_day_and_by_the_next_one(browser, ann, django_capture_on_commit_callbacks):
    first = want_export(ann)
    with django_capture_on_commit_callbacks(execute=True):
        second = want_export(ann)
    assert not default_storage.exists(first.key)
    DataExport.objects.update(asked_at=clock.now() - timedelta(hours=25))
    assert browser(ann).get(f"{DATA}/exports/{second.pk}/zip").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        sweep()
    assert not default_storage.exists(second.key)
    assert not DataExport.objects.exists()


def test_an_export_whose_maker_died_is_taken_up_again(ann):
    export = ask_export(user=ann)
    assert claim_export(export.pk)
    assert claim_export(export.pk) is None
    DataExport.objects.update(started_at=clock.now() - timedelta(hours=1))
    assert claim_export(export.pk)


PASSWORD = "four words make sense"


def test_an_account_ends_by_its_typed_name_after_saying_again_who_it_is(browser, ann, entry, bob):
    ann.set_password(PASSWORD)
    ann.save()
    visitor = browser(ann)
    again = visitor.get(f"{DATA}/delete")["Location"]
    assert again.startswith("/sign-in/again")
    assert visitor.post(again, password=PASSWORD)["Location"] == f"{DATA}/delete"
    shown = text_of(visitor.get(f"{DATA}/delete"))
    for words in (
        "It cannot be undone",
        "deleted user",
        "Goes on without you, with its agents: Four Seasons",
    ):
        assert words in shown
    assert visitor.post(f"{DATA}/delete", confirm="an").status_code == 400
    assert User.objects.filter(username="ann").exists()
    assert visitor.post(f"{DATA}/delete", confirm="ann").status_code == 302
    assert visitor.get("/settings/").status_code == 302
    assert browser().get("/people/ann/").status_code == 404
    assert "deleted user" not in text_of(browser().get(f"/teams/{entry.team_id}/"))


def test_the_last_administrator_is_told_why_not(browser, staff):
    answer = browser(staff).post(f"{DATA}/delete", confirm="staff")
    assert (answer.status_code, "auth.not_allowed" in text_of(answer)) == (403, True)


def test_the_zip_says_what_one_was_told_and_no_secret_of_a_webhook(ann, eve):
    tell([News(Kind.TEAM, "k", "/teams/x/", {ann.pk}, {"event": "left", "person": "bob", "team": "Four"})])
    hook = register_webhook(
        user=ann, url="https://hooks.example.org/", lookup=lambda name, port: ["93.184.216.34"]
    )
    told = told_facts(ann)
    assert [(each["title"], each["path"]) for each in told["notices"]] == [("bob left Four", "/teams/x/")]
    assert [each["url"] for each in told["webhooks"]] == ["https://hooks.example.org/"]
    with default_storage.open(want_export(ann).key) as file, zipfile.ZipFile(file) as archive:
        kept = archive.read("data.json").decode()
    assert "bob left Four" in kept
    assert secret_of(hook) not in kept
    assert told_facts(eve)["notices"] == []
