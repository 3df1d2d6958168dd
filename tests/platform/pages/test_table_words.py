"""Sentences of live workers in another language: each is known, and nothing else of a word changes."""

import json
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from coliseum.live import wire
from coliseum.pages.table_words import SENTENCES, in_language, last_word, sentence
from workers.live import ending as ending_module
from workers.live.ending import ENDINGS, ending

SHOUTED = "de-x-shouted"


class Shouting(trans_real.DjangoTranslation):
    """A language of capitals and, round placeholders, brackets: whatever was not looked up stays small."""

    def to_language(self):
        return SHOUTED

    def gettext(self, message):
        words = message.rpartition("\x04")[2]
        return f"<{words}>" if "%(" in words else words.upper()


@pytest.fixture
def shouted(monkeypatch):
    """Return the name of a language in which every text that is looked up is changed."""
    language = Shouting("en")
    monkeypatch.setitem(trans_real._translations, SHOUTED, language)
    with translation.override(SHOUTED):
        yield SHOUTED


@pytest.mark.parametrize("text", SENTENCES)
def test_every_sentence_is_one_that_a_live_worker_says(text):
    folder = Path(ending_module.__file__).parent
    sources = [path.read_text() for path in [*folder.glob("*.py"), Path(wire.__file__)]]
    assert any(text in source for source in sources)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("You earned 5.5.", "<You earned 5.5.>"),
        ("You came 2nd of 3.", "<You came 2ND of 3.>"),
        ("Ann v3 earned -7.", "<Ann v3 earned -7.>"),
        ("Ann v3 won.", "<Ann v3 won.>"),
        ("Ann and Bob and Cat share the first place.", "<Ann and Bob and Cat share the first place.>"),
        ("Column 3 is full. Choose another one.", "<Column 3 is full. Choose another one.>"),
        ("You won.", "YOU WON."),
        (ENDINGS["left"], ENDINGS["left"].upper()),
    ],
)
def test_a_sentence_with_facts_in_it_is_translated_round_them(shouted, text, told):
    assert sentence(text) == told


def test_a_word_of_a_stream_is_translated_in_its_sentences_alone(shouted):
    word = json.dumps(ending("broken") | {"seats": []}, separators=(",", ":")).encode()
    assert json.loads(in_language(word, shouted)) == last_word(json.loads(word))
    assert json.loads(in_language(word, shouted))["why"] == "broken"


@pytest.mark.parametrize(
    "word", [b'{"kind":"state","text":"You won."}', b"", b'{"kind":"waiting","ahead":1}']
)
def test_other_words_of_a_stream_stay_as_they_are(shouted, word):
    assert in_language(word, shouted) is word


@pytest.mark.parametrize("language", [None, "en", "en-gb"])
def test_nothing_is_done_in_english(language):
    word = b'{"kind":"note","text":"The agents are taking their seats."}'
    assert in_language(word, language) is word
