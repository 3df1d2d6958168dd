"""Scripts: what pages name is found as one file without imports; with COLISEUM_DEBUG it is the source."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from coliseum.pages import bundles


def test_every_entry_becomes_one_script_that_imports_nothing():
    names = bundles.entries()
    assert {"js/page.js", "js/replay.js", "js/preview.js", "js/play.js"} <= set(names)
    for name in names:
        text = bundles.bundle(name)
        assert not re.search(r"import *[{\"']|\bexport\b", text), name
        assert len(text) < len("".join(map(bundles.source_of, bundles.modules_of(name)))) * 1.2 + 200


def test_a_module_stands_after_all_that_it_imports_and_only_once():
    names = bundles.modules_of("js/replay.js")
    assert names[-1] == "js/replay.js"
    assert len(names) == len(set(names))
    assert names.index("js/replay/dom.js") < names.index("js/replay/player.js")


def test_the_site_serves_the_script_in_the_place_of_its_source(settings):
    found = finders.find("js/page.js")
    assert Path(found).is_relative_to(settings.HOME)
    assert "modules" in Path(found).read_text()
    assert not Path(finders.find("js/replay/dom.js")).is_relative_to(settings.HOME)


def test_a_developer_gets_the_source(settings):
    settings.DEBUG = True
    for name in ("js/page.js", "css/site.css"):
        assert Path(finders.find(name)) == settings.FRONTEND / "static" / name


def test_the_style_sheets_of_every_page_become_one(settings):
    text = Path(finders.find("css/site.css")).read_text()
    assert "@import" not in text
    assert "/*" not in text
    for name in ("tokens", "base", "components"):
        rule = (settings.FRONTEND / "static" / "css" / f"{name}.css").read_text().splitlines()[-2].strip()
        assert rule in text
    assert text.count("{") == text.count("}") > 100


@pytest.mark.parametrize("way", ["the same folder", "the folder above"])
def test_imports_are_bound_by_the_names_they_lead_to(way):
    name = {"the same folder": "js/replay.js", "the folder above": "js/play.js"}[way]
    assert 'modules["js/replay/dom.js"]' in bundles.bundle(name)
