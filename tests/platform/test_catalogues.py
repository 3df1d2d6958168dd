"""The catalogues hold all words there are, whole and as they were compiled."""

import json
import re
import string
from collections import Counter
from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.utils import translation

from coliseum.pages.script_words import words, words_script
from tests.platform.pages.pseudo import forms_of
from tests.words import LANGUAGES, RETOLD, ROOT, catalogue_of, compiled, extract, filled_in

VALUES = re.compile(r"%\(\w+\)[.\d]*[sdfg]|%%|</?[a-z][^>]*>|&\w+;")
"""What a translation keeps: values put in by Python or a template, elements, entities."""


@pytest.fixture(scope="session")
def english(tmp_path_factory):
    """Return all messages that are marked now, with their English forms."""
    folder = tmp_path_factory.mktemp("words")
    return forms_of(compiled(filled_in(extract(folder)), folder / "en.mo"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_is_marked_is_translated(english, language):
    """If this fails: `make words`, then give the new messages of the .po file a text."""
    known = forms_of(catalogue_of(language).with_suffix(".mo"))
    assert sorted(english.keys() - known.keys()) == []
    assert sorted(known.keys() - english.keys()) == []
    assert [message for message, forms in known.items() if not all(forms)] == []
    assert {len(forms) for forms in known.values()} == {1, 2}


@pytest.mark.parametrize("language", [*LANGUAGES, RETOLD])
def test_what_is_compiled_is_what_is_written(language, tmp_path):
    catalogue = catalogue_of(language)
    assert forms_of(compiled(catalogue, tmp_path / "x.mo")) == forms_of(catalogue.with_suffix(".mo"))
    text = catalogue.read_text(encoding="utf-8")
    assert "#, fuzzy" not in text
    assert "\n#~" not in text


def kept(text):
    """Return what stands in a message and must stand in its translation."""
    try:
        fields = [(name, spec) for _, name, spec, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:  # A brace that is no field.
        fields = []
    # What is counted stands in the field and is translated: its two words stay two.
    counted = [(name, spec.count("|") if spec and "|" in spec else spec) for name, spec in fields]
    return Counter(VALUES.findall(text)), Counter(counted)


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_and_elements_of_a_message_are_in_its_translation(english, language):
    wrong = []
    for message, forms in forms_of(catalogue_of(language).with_suffix(".mo")).items():
        for said in forms:
            # "One agent" may leave the number out, and "%d agents" is said with it.
            if kept(said) not in [kept(form) for form in english[message]]:
                wrong.append((message, said))
            if (said[0].isspace(), said[-1].isspace()) != (message[0].isspace(), message[-1].isspace()):
                wrong.append((message, said))
    assert wrong == []


def test_no_sentence_stayed_english():
    german = forms_of(catalogue_of("de").with_suffix(".mo"))
    plain = {message: VALUES.sub("", message) for message, forms in german.items() if forms[0] == message}
    same = [message for message, text in plain.items() if text.count(" ") > 3]
    assert same == []


def test_every_word_of_the_scripts_is_in_the_catalogues(english):
    assert sorted(set(words()) - english.keys()) == []
    with translation.override("de"):
        script = words_script("de")
    known = json.loads(script.removeprefix("globalThis.coliseumWords=").removesuffix(";\n"))
    assert known["Your move."] == "Du bist am Zug."
    assert "<" not in script


TEXT = re.compile(r"""//.*$|(word\()?("(?:[^"\\\n]|\\.)*"|`[^`]*`)""", re.MULTILINE)
SENTENCE = re.compile(r"[A-Z][a-z']+ [a-z]|\w [a-z]+\.$")
FOR_AUTHORS = {"check.js", "tracks.js", "load.js"}
"""What is wrong inside a replay's file is said in English to whoever wrote it."""


def test_no_sentence_of_a_script_goes_unmarked():
    left = []
    for path in sorted((ROOT / "frontend" / "static" / "js").rglob("*.js")):
        for found in TEXT.finditer(path.read_text(encoding="utf-8")):
            text = re.sub(r"\$\{[^}]*\}", "", found[2] or "")[1:-1]
            if not found[1] and SENTENCE.search(text) and path.name not in FOR_AUTHORS:
                left.append((path.name, text))
    assert left == []


def test_what_is_retold_in_english_are_words_the_library_really_says():
    library = forms_of(Path(allauth.__file__).parent / "locale" / "de" / "LC_MESSAGES" / "django.mo")
    assert sorted(forms_of(catalogue_of(RETOLD).with_suffix(".mo")).keys() - library.keys()) == []
    with translation.override("en"):
        assert translation.gettext("Email Addresses") == "E-mail addresses"


def test_every_language_of_the_site_has_a_catalogue():
    assert {code for code, _ in settings.LANGUAGES} == {settings.LANGUAGE_CODE, *LANGUAGES}
