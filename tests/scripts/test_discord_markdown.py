"""The pictures of Discord draw its Markdown as Discord does, and what is literal literally."""

import pytest

from scripts.discord_markdown import as_html

NAMES = {"<@1>": "@Ben", "<#2>": "#general"}


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**bold** and *not* _so_", "<p><b>bold</b> and <em>not</em> <em>so</em></p>"),
        (r"\*literal\* and snake_case_name", "<p>*literal* and snake_case_name</p>"),
        ("`a*b*` and ``c`d``", "<p><code>a*b*</code> and <code>c`d</code></p>"),
        ("<script> & co", "<p>&lt;script&gt; &amp; co</p>"),
        ("-# 0.3 cents · GPT", "<small>0.3 cents · GPT</small>"),
        ("## Two\n> said", "<h2>Two</h2><blockquote>said</blockquote>"),
        ("```sql\nSELECT **1**;\n```", "<pre>SELECT **1**;</pre>"),
        ("a\n\nb", "<p>a</p><p>&nbsp;</p><p>b</p>"),
        ("1. one\n  - two", '<div class="item in0"><i>1.</i><span>one</span></div><div class="item in1"><i>•</i>'
         "<span>two</span></div>"),
        ("hi <@!1> in <#2>", '<p>hi <span class="mention">@Ben</span> in <span class="mention">#general</span></p>'),
        ("[words](<https://example.org/a>)", "<p><a>words</a></p>"),
        ("see https://example.org/a.", "<p>see <a>https://example.org/a</a>.</p>"),
        ("| a | b |", "<p>| a | b |</p>"),
    ],
)  # fmt: skip
def test_markdown_is_drawn_as_discord_draws_it(markdown: str, html: str) -> None:
    assert as_html(markdown, NAMES) == html


def test_somebody_unknown_cannot_be_drawn() -> None:
    with pytest.raises(KeyError):
        as_html("<@3>", NAMES)
