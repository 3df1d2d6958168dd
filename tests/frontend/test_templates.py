"""Rules that hold for every template, style sheet and script."""

import gzip
import re

import pytest

from tests.frontend import samples
from tests.frontend.rendering import FRONTEND, render

TEMPLATES = sorted((FRONTEND / "templates").rglob("*.html"))
PARTS = sorted((FRONTEND / "templates" / "parts").glob("*.html"))
STYLES = [FRONTEND / "static" / "css" / f"{name}.css" for name in ("tokens", "base", "components")]
SCRIPTS = sorted((FRONTEND / "static" / "js").rglob("*.js"))


def named(path):
    return str(path.relative_to(FRONTEND))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_template_has_inline_script_style_or_evaluated_attributes(path):
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"\son[a-z]+\s*=|hx-on\b|\bjs:|javascript:", text)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_blocks_are_closed_by_name(path):
    text = path.read_text()
    assert re.findall(r"{% block (\w+)", text).sort() == re.findall(r"{% endblock (\w+) %}", text).sort()
    assert "{% endblock %}" not in text
    if "{% extends" in text:
        assert text.startswith("{% extends")


@pytest.mark.parametrize("path", PARTS, ids=named)
def test_a_part_names_its_context(path):
    assert path.name.startswith("_")
    assert re.search(r"{% comment %}.*Context: .*{% endcomment %}", path.read_text(), re.S)


@pytest.mark.parametrize("path", PARTS, ids=named)
def test_the_root_of_a_part_bears_its_name_or_the_part_repeats(path):
    text = path.read_text()
    body = re.sub(r"{% comment %}.*?{% endcomment %}|{%.*?%}", "", text, flags=re.S)
    root = re.search(r"<[a-z][^>]*>", body).group()
    if "Repeats:" not in text:
        assert f'id="{path.stem.removeprefix("_")}"' in root


def test_the_style_guide_has_no_id_twice():
    page = render("styleguide.html", samples.style_guide("/replays/x", "chess"))
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_style_guide_includes_every_part():
    pages = [path.read_text() for path in TEMPLATES]
    for part in PARTS:
        assert any(f"parts/{part.name}" in page for page in pages), part.name


def test_the_three_style_sheets_stay_under_eight_kilobytes():
    packed = gzip.compress(b"".join(path.read_bytes() for path in STYLES), 9)
    assert len(packed) <= 8192


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_no_script_makes_markup_from_text_or_evaluates_it(path):
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", path.read_text()
    )


@pytest.mark.parametrize("path", SCRIPTS + STYLES, ids=named)
def test_nothing_is_fetched_from_elsewhere(path):
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", path.read_text())


def test_every_outcome_has_an_icon_and_a_colour():
    sprite = (FRONTEND / "static" / "img" / "icons.svg").read_text()
    for word in (*samples.OUTCOMES, *samples.STATES):
        assert f'<symbol id="{word}"' in sprite, word
