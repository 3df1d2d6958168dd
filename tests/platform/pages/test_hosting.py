"""The host's pages and the administrator's."""

from coliseum.competitions.models import Act, Competition, RulesVersion
from tests.platform.pages.conftest import text_of


def test_b62_markdown_of_a_host_is_harmless(browser, host, competition):
    evil = "<script>x</script> [a](javascript:alert(1)) ![b](http://e.example/x.png) <iframe src=x></iframe>"
    Competition.objects.update(overview=evil, rules=evil, faq=evil)
    RulesVersion.objects.update(text=evil)
    for address in ("/competitions/c4/", "/competitions/c4/rules"):
        page = browser().get(address).content.decode()
        assert "<script>x" not in page
        assert "<iframe" not in page
        assert 'href="javascript:' not in page
        assert "e.example" not in page or "<img" not in page.split("<main", 1)[1]


def test_acts_name_who_did_them(browser, host, competition):
    assert Act.objects.count() == 2
    assert "host opened it" in text_of(browser().get("/competitions/c4/log"))
