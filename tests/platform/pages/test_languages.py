"""The language of pages, mails and programs: who reads what in which."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.staticfiles import finders
from django.core import mail
from django.utils import translation

from coliseum import clock
from coliseum.notices.digests import send_digests
from coliseum.notices.models import Delivery, Kind, Webhook
from coliseum.notices.services import News, choose_ways, tell
from coliseum.notices.ways import CHOSEN_KINDS, WAYS
from coliseum.pages.retelling import line_of, passed, retell
from tests.platform.pages.conftest import text_of
from workers.refusals import REFUSALS, RefusedError

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
EVERYTHING = {kind.value: WAYS for kind in CHOSEN_KINDS}


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/", "Wettbewerbe"),
        ("/competitions/", "Wettbewerbe"),
        ("/competitions/c4/leaderboard", "Rangliste"),
        ("/matches/", "Matches"),
        ("/arenas/", "Vier in einer Reihe|gewinnen"),
        ("/sign-in", "Passwort"),
        ("/sign-up", "Mindestens 10 Zeichen"),
        ("/sign-in/lost", "Passwort"),
        ("/status", "Worker"),
        ("/nowhere", "Unter dieser Adresse gibt es nichts."),
    ],
)
def test_a_german_browser_reads_german(client, competition, address, words):
    answer = client.get(address, headers=GERMAN)
    page = answer.content.decode()
    assert '<html lang="de"' in page
    assert any(each in page for each in words.split("|"))
    assert answer["Content-Language"] == "de"
    assert {"Accept-Language", "Cookie"} <= {each.strip() for each in answer["Vary"].split(",")}
    assert '<html lang="en"' in client.get(address).content.decode()


def test_the_choice_in_the_footer_wins_over_the_browser_and_is_kept_for_mails(browser, ann):
    visitor = browser(ann)
    assert 'value="de"' in visitor.get("/").content.decode()
    visitor.post("/language", language="de", next="/status")
    assert '<html lang="de"' in visitor.get("/", **{"Accept-Language": "en"}).content.decode()
    ann.refresh_from_db()
    assert ann.language == "de"
    assert visitor.post("/language", language="tlh").status_code == 400


def test_programs_are_told_english_whatever_they_accept(client, competition):
    answer = client.get("/api/v1/competitions/nowhere", headers=GERMAN)
    assert answer.json()["error"]["message"] == "There is no competition nowhere."
    assert answer["Content-Language"] == "en"
    assert "Accept-Language" not in answer.get("Vary", "")
    assert (
        client.get("/api/v1/nowhere", headers=GERMAN)
        .json()["error"]["message"]
        .startswith("There is nothing")
    )
    states = client.get("/api/v1/competitions", headers=GERMAN).json()["items"]
    assert {each["state"] for each in states} == {"open"}


@pytest.mark.parametrize("address", ["/", "/tv/", "/status", "/competitions/c4/host/cost", "/matches/"])
def test_no_cache_gives_a_reader_anothers_language(browser, host, match, settings, monkeypatch, address):
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)  # Some of these pages say when they were made.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    visitor = browser(host)

    def words(language):
        return text_of(visitor.get(address, **{"Accept-Language": language}))

    english, german = words("en"), words("de")
    assert german != english
    assert words("en") == english
    assert words("de") == german
    assert not {"Wettbewerbe", "Kernzeit", "gespielt"} & set(english.split())


def test_a_fragment_is_in_the_language_of_who_fetches_it(client, match):
    fragment = f"/matches/{match.pk}/state"
    english = client.get(fragment, headers={"HX-Request": "true"})
    german = client.get(fragment, headers={"HX-Request": "true"} | GERMAN)
    assert english.content != german.content
    assert "Cookie" in german["Vary"]


def test_scripts_get_their_words_before_they_run(client, db):
    english, german = client.get("/").content.decode(), client.get("/", headers=GERMAN).content.decode()
    assert "js/words-de" not in english
    assert german.index("js/words-de") < german.index("js/page")
    script = finders.find("js/words-de.js")
    with open(script, encoding="utf-8") as file:
        assert "Du bist am Zug." in file.read()


def news_for(person):
    facts = {"competition": "C4", "agent": "x", "code": "crashed"}
    tell([News(Kind.REJECTED, "k", "/competitions/c4/", {person.pk}, facts)])


def test_a_mail_is_written_in_its_readers_language(ann, settings):
    settings.SENDS_MAIL = True
    EmailAddress.objects.create(user=ann, email=ann.email, verified=True, primary=True)
    choose_ways(user=ann, choices=EVERYTHING, digest="daily")
    ann.language = "de"
    ann.save()
    news_for(ann)
    assert send_digests() == 1
    (sent,) = mail.outbox
    assert sent.subject == "1 Sache ist auf Coliseum passiert"
    assert "Hallo ann" in sent.body
    assert "hat die Prüfung nicht bestanden" in sent.body


def test_saving_how_one_wants_to_be_told_notes_the_language(browser, ann):
    visitor = browser(ann)
    visitor.client.cookies["django_language"] = "de"
    visitor.post("/settings/notifications", digest="off")
    ann.refresh_from_db()
    assert ann.language == "de"


def test_webhooks_carry_english_whoever_made_them_go(ann):
    Webhook.objects.create(user=ann, url="https://x.example/", made_at=ann.date_joined)
    choose_ways(user=ann, choices=EVERYTHING, digest="off")
    with translation.override("de"):
        news_for(ann)
    assert "failed validation" in Delivery.objects.get().body


@pytest.fixture
def german():
    """Speak German for one test."""
    with translation.override("de"):
        yield


def test_a_refusal_is_said_in_the_language_of_the_page_and_keeps_its_values(german):
    refused = RefusedError("submission.quota", used=5, limit=5, next_at="2026-11-23 00:00 UTC")
    assert line_of(refused) == (
        "Du hast heute 5 von 5 Einreichungen verbraucht. Die nächste geht ab 2026-11-23 00:00 UTC. "
        "coliseum check testet einen Agenten hier, ohne Einreichung. [submission.quota]"
    )
    assert str(refused).startswith("You have used 5 of 5 submissions")
    one = RefusedError("play.full", waiting=1)
    assert line_of(one).startswith("Alle Tische sind belegt, und schon 1 Person wartet.")


def test_words_put_into_a_refusal_are_translated_and_names_are_not(german):
    refused = RefusedError("not_found", kind="competition", id="c4")
    assert line_of(refused).startswith("Nicht gefunden: Wettbewerb c4.")


def test_what_was_saved_in_english_is_retold(german):
    saved = RefusedError("upload.too_large", size="61.0 MB", limit="50 MB")
    told = retell("upload.too_large", saved.message)
    assert told == "Die Datei hat 61.0 MB. Die Grenze für diese Arena ist 50 MB."
    assert retell("upload.too_large", saved.hint) == "Lass weg, was der Agent nicht lädt."
    assert retell("crashed", "ValueError: no") == "ValueError: no"
    assert retell("unheard_of", "") == ""
    assert passed("conformance", "Played 84 turns in 2 seats.") == "84 Züge auf 2 Sitzen gespielt."


def test_every_refusal_without_values_is_retold_whole(german):
    for code, refusal in REFUSALS.items():
        for wording in refusal.wordings:
            if not wording.fields and not code.startswith("cli"):
                message, _ = RefusedError(code).said(translation.gettext)
                assert retell(code, wording.message) == message
