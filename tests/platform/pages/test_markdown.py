"""Markdown to HTML."""

import pytest

from coliseum.pages.markdown import first_sentence, title_of, to_html


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>)",
        "![x](https://e.example/pixel.png)",
        '<a href="x" onclick="y">',
        "[x](vbscript:x)",
    ],
)
def test_nothing_that_runs_or_loads_comes_out(evil):
    html = to_html(evil)
    for danger in ("<script", "<img", 'href="javascript:', '<a href="data', "<iframe"):
        assert danger not in html.replace("&lt;", "")
    assert "onerror" not in html or "&lt;img" in html


def test_blocks_keep_the_name_of_a_language_and_no_other_class():
    assert '<code class="language-sh">' in to_html("```sh\nls\n```")
    for word in ("alert", "sh alert", 'sh" class="alert'):
        assert "alert" not in to_html(f"```{word}\nls\n```")


def test_headings_go_down_and_get_anchors_once():
    assert (
        to_html("# Limits\n\n# Limits") == '<h2 id="h-limits">Limits</h2>\n<h2 id="h-limits-2">Limits</h2>\n'
    )


def test_links_between_documents_lead_to_pages():
    html = to_html(
        "[a](errors.md#codes) [b](#here) [c](https://x.example/) [d](../SECURITY.md)",
        documents=frozenset({"errors"}),
    )
    assert 'href="/docs/errors/#h-codes"' in html
    assert 'href="#h-here"' in html
    assert 'href="https://x.example/"' in html
    assert "SECURITY" not in html


def test_tables_are_tables():
    assert "<td>1</td>" in to_html("| a |\n|---|\n| 1 |")


def test_nothing_is_nothing():
    assert to_html("") == ""
    assert first_sentence("") == ""


def test_title_and_summary():
    title, rest = title_of("# A title\n\nSome [link](x.md) and\n`code`.\n\nMore.")
    assert title == "A title"
    assert first_sentence(rest) == "Some link and code."


def test_only_figures_of_the_text_s_own_folder_are_shown_and_only_where_they_are_served():
    text = "![a ring](figures/ring.svg) ![spy](https://example.org/spy.png) ![up](figures/../x.svg)"
    assert "<img" not in to_html(text)
    html = to_html(text, figures="/arenas/pond-v1/figures/")
    assert html.count("<img") == 1
    assert 'src="/arenas/pond-v1/figures/ring.svg"' in html
    assert 'alt="a ring"' in html
