"""Every word on every page can be translated: in a made-up language no plain word is left."""

import re
import tomllib

import pytest
from django.apps import apps
from django.conf import settings as site

from arenas import registry
from coliseum.accounts.models import User
from coliseum.competitions.models import Plan
from tests.platform.pages.conftest import Browser
from tests.platform.pages.pseudo import (
    LANGUAGE,
    Leftovers,
    catalogue_text,
    forms_of,
    libraries,
)
from tests.platform.pages.test_access import (  # noqa: F401 - fixtures: what the addresses name
    ACCESS,
    FORMS_AND_PAGES,
    PRIVATE,
    held,
    people,
    things,
    tournaments,
    visit,
)
from tests.platform.pages.test_hostile_text import LINKS, SHOWN, filled  # noqa: F401 - the fixture
from tests.words import compiled, extract, filled_in
from tests.workers.hosting.files import HEAD

SOMEBODYS = "жжж"
"""Stands for every text that people wrote: no plain letter is in it."""
SAVED = {"submissions.Submission.message", "submissions.Submission.hint"}
"""Words of ours that were saved: they are translated when they are shown."""
SAME = (
    r"Coliseum|TV|API|CSV|JSON|ONNX|Python|Atom|Esc|Ctrl K|UTC|SHA-256|POST|BibTeX|numpy|onnxruntime|"
    r"Swiss|Buchholz|Sonneborn-Berger|Atari|Box2D|English|Deutsch|namespaces\+landlock\+seccomp|"
    r"coliseum|four|Spring Cup|Write, test and submit an agent|ann|bob|eve|none-v0|nobodys|"
    r"secret-cup|connect_four|competition\.toml"
)
ARENAS = [name for spec in map(registry.get, registry.names()) for name in (spec.title, spec.id)]
NAMES = re.compile(
    rf"(?<!\w)({'|'.join(map(re.escape, sorted(ARENAS, key=len, reverse=True)))}|{SAME})(?!\w)"
    r"|[\w.]+@[\w.]+|https?://\S*|\b06[a-z0-9]{16}\b|\[[a-z_.]+\]"
    r"|\w+(?= ḿúśţ ƀé)|(?<=őńé őƒ )[\w, ]+"
)
"""The same in every language: people, arenas, products; ids, addresses, codes; keys of forms; a document."""


@pytest.fixture(scope="session")
def made_up(tmp_path_factory):
    """Return a folder with the catalogue of the made-up language, of all words that are marked now."""
    folder = tmp_path_factory.mktemp("words")
    target = folder / LANGUAGE / "LC_MESSAGES"
    target.mkdir(parents=True)
    everything = {
        message: (message.rpartition("\x04")[2],) * len(forms)
        for path in libraries()
        for message, forms in forms_of(path).items()
    }
    english = compiled(filled_in(extract(folder)), folder / "en.mo")
    (target / "django.po").write_text(catalogue_text(everything | forms_of(english)), encoding="utf-8")
    compiled(target / "django.po", target / "django.mo")
    return folder


@pytest.fixture
def reader(made_up, settings):
    """Return a maker of browsers that ask for the made-up language."""
    settings.LANGUAGES = [*site.LANGUAGES, (LANGUAGE, SOMEBODYS)]
    settings.LOCALE_PATHS = [made_up, *site.LOCALE_PATHS]

    def make(user):
        visitor = Browser(user)
        visitor.client.cookies[settings.LANGUAGE_COOKIE_NAME] = LANGUAGE
        return visitor

    return make


FORMS = FORMS_AND_PAGES - {"account-delete"}
"""What takes a form beside showing a page; it is sent empty too."""
VISITS = {
    "staff": re.compile(""),
    "ann": re.compile(
        "home|mine|own-team|submi|checklist|match|account_|settings|tokens|webhook|notices|sess|mfa"
    ),
    "host": re.compile("wizard|host"),
    "eve": re.compile("mine|own-team|following|notices|webhooks|tokens|settings|submit"),
    "nobody": re.compile("sign-|account_|mfa_|home"),
}


def write_for_people():
    """Let every text that people wrote be without plain letters, and no name be a word of ours."""
    for name in ("host", "staff", "other"):
        User.objects.filter(username=name).update(username=f"{name[0]}0{name[1]}")
    Plan.objects.update(tables={"competition": {**tomllib.loads(HEAD)["competition"], "title": SOMEBODYS}})
    for column in SHOWN - SAVED - LINKS:
        if not column.endswith("email"):
            model, _, name = column.rpartition(".")
            apps.get_model(model).objects.update(**{name: SOMEBODYS})


def leftovers_of(answer):
    page = Leftovers(NAMES)
    page.feed(answer.content.decode())
    page.close()
    return page.found


def test_no_page_shows_a_word_that_cannot_be_translated(filled, reader, settings):  # noqa: F811 - the fixture
    write_for_people()
    sent = {name: row for name, row in ACCESS.items() if name in FORMS or row.fields}
    empty = {f"{name}, empty": row._replace(fields={}) for name, row in sent.items()}
    table = ACCESS | PRIVATE | empty
    seen, report, pages = set(), [], 0
    for person, wanted in VISITS.items():
        visitor = reader(filled["people"][person])
        for name, row in table.items():
            if not re.search(wanted, name):
                continue
            visitor.client.cookies[settings.LANGUAGE_COOKIE_NAME] = LANGUAGE  # One of the pages changes it.
            answer = visit(visitor, row, filled)
            if not answer.get("Content-Type", "").startswith("text/html"):
                continue
            pages += 1
            new = [each for each in leftovers_of(answer) if each not in seen]
            seen.update(new)
            if new:
                report.append(f"\n{name} ({person}, {answer.status_code}) {row.address}")
                report += [f"    {each}" for each in dict.fromkeys(new)]
    assert pages > 150
    assert not report, f"{len(seen)} texts that nobody can translate:\n" + "\n".join(report)
