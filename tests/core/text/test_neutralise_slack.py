import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.neutralise import SlackNeutraliser, for_slack, for_slack_mrkdwn, for_slack_text, for_slack_words

LIVE = re.compile(
    r"<[@#]\w|<!(?:channel|here|everyone|group|subteam|date)|<(?:https?|mailto):|@(?:channel|here|everyone|group)|!\[",
    re.IGNORECASE,
)
LOUD = (
    "<!channel>",
    "<!here|here>",
    "<!EVERYONE>",
    "<!subteam^S012|@team>",
    "<@U012AB3CD>",
    "<#C012AB3CD|general>",
    "@everyone",
    "@here",
    "@Channel",
    "<https://evil.example|https://bank.example>",
    "![a chart](https://evil.example/pixel.png)",
)
CODE = ("`", "```", "```py\n", "~~~\n", "\n", "\n\n", "> ", "- ", "1. ", "1")
REST = (
    " ",
    "word",
    "<",
    "!",
    "[",
    "](",
    ")",
    "&",
    "lt;",
    "@",
    "<b>",
    "&lt;!channel&gt;",
    "[a](https://b.example)",
    "https://c.example/d.",
    "htt",
    "ps://",
    "www.",
    "e",
    "\n",
)
PIECES = st.sampled_from([*LOUD, *CODE, *REST, "x" * 190, "\ud83d", "\u202e"])
TEXTS = st.one_of(st.text(st.characters()), st.lists(PIECES, max_size=30).map("".join))


def piecewise(text: str, size: int) -> list[str]:
    neutraliser = SlackNeutraliser()
    pieces = [neutraliser.feed(text[at : at + size]) for at in range(0, len(text), size)]
    return [*pieces, neutraliser.close()]


@given(TEXTS, st.integers(1, 40))
def test_however_it_is_cut_the_same_comes_out(text: str, size: int) -> None:
    assert "".join(piecewise(text, size)) == for_slack(text)


@given(TEXTS)
def test_nothing_in_it_is_live(text: str) -> None:
    for shown in (for_slack(text), for_slack_text(text), for_slack_mrkdwn(text)):
        assert not re.search(LIVE.pattern.removesuffix(r"|!\["), shown, re.IGNORECASE)
        shown.encode("utf-8")


@pytest.mark.parametrize("around", ["{}", "`{}`", "```\n{}\n```", "> {}", "- ```\n  {}", "``` {}\n", "[{}](x)", "a{}b"])
@pytest.mark.parametrize("loud", LOUD)
def test_nobody_is_called_wherever_it_stands(loud: str, around: str) -> None:
    text = around.format(loud)
    sent = ""
    for piece in piecewise(text, 1):
        sent += piece
        assert not LIVE.search(sent)


@given(st.text(st.sampled_from("ab c.,;:()*_#>-+=|~/\\'\"\n\t?$%^{}äé世\U0001f600")))
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert for_slack(text) == text


def test_words_between_angles_can_be_read() -> None:
    assert for_slack("a < b, <b> and <!channel>") == "a &lt; b, &lt;b> and &lt;!channel>"


def test_an_entity_is_shown_as_it_was_written() -> None:
    assert for_slack("write &lt; for <, R&D, a&b;") == "write &amp;lt; for &lt;, R&D, a&amp;b;"


def test_code_can_be_copied_as_it_is() -> None:
    code = (
        "```html\n<!DOCTYPE html>\n<a href='x'>&lt;</a> <!-- c --> vector<int> a<b vec![1]\n```\nand `a < b`, ``<T>``\n"
    )
    assert for_slack(code) == code


def test_after_code_it_is_text_again() -> None:
    assert for_slack("```\n<\n```\n<") == "```\n<\n```\n&lt;"
    assert for_slack("`<` <") == "`<` &lt;"
    assert for_slack("one ` alone <\n\nand <") == "one ` alone <\n\nand &lt;"


def test_a_mention_in_code_is_broken_by_a_space_that_nobody_sees() -> None:
    assert for_slack("`<!channel>`") == "`<\u200b!channel>`"
    assert for_slack("```\n@everyone <@U1>\n```") == "```\n@\u200beveryone <\u200b@U1>\n```"


def test_a_picture_becomes_its_words_and_its_address() -> None:
    assert for_slack("See ![a chart](https://x.example/a.png 'T').") == "See a chart (`https://x.example/a.png`)."
    assert for_slack("![](https://x.example/a.png)") == "`https://x.example/a.png`"
    assert for_slack("![<!here>](https://x.example)") == "&lt;!here> (`https://x.example`)"
    assert for_slack("![a][b]") == "!\u200b[a][b]"


def test_every_address_stands_as_code_so_that_nothing_is_fetched() -> None:
    assert for_slack("[the docs](https://x.example/a?b=1&c=2)") == "the docs (`https://x.example/a?b=1&c=2`)"
    assert (
        for_slack("[https://bank.example](https://evil.example)") == "`https://bank.example` (`https://evil.example`)"
    )
    assert for_slack("[Bank.example/x](http://evil.example)") == "Bank.example/x (`http://evil.example`)"
    assert for_slack("[https://x.example](https://x.example)") == "`https://x.example`"
    assert for_slack("See https://x.example/a_b?c=1&d=2. Then") == "See `https://x.example/a_b?c=1&d=2`. Then"
    assert for_slack("(www.x.example), **HTTP://x.example**") == "(`www.x.example`), **`HTTP://x.example`**"
    assert for_slack("`https://x.example` and\n```\nhttps://x.example\n```") == (
        "`https://x.example` and\n```\nhttps://x.example\n```"
    )


def test_a_link_within_the_text_stays() -> None:
    assert for_slack("[a.py](src/a.py) awww. so") == "[a.py](src/a.py) awww. so"


def test_hardly_anything_is_kept_back() -> None:
    neutraliser = SlackNeutraliser()
    assert neutraliser.feed("Plain words come at once") == "Plain words come at once"
    assert neutraliser.feed(", 50 % & more. ") == ", 50 % & more. "
    assert neutraliser.feed("mail bob@") == "mail bob"
    assert neutraliser.feed("example.com here, how") == "@example.com here, ho"
    assert neutraliser.feed(" so") == "w so"


def test_what_controls_or_reorders_is_left_out() -> None:
    assert for_slack("a\x00\x1b[1m\r\n\u202eb\ud83d\u2028c\td") == "a[1m\nb\ufffd\nc\td"


def test_a_name_formats_nothing() -> None:
    assert for_slack_mrkdwn("*bold* & <@U1> _x_ `y` ~z~ @here") == (
        "\u2217bold\u2217 &amp; &lt;@U1&gt; \u02cdx\u02cd \u02cby\u02cb \u223cz\u223c @\u200bhere"
    )


def test_a_name_in_markdown_formats_nothing() -> None:
    assert for_slack_words("a_b *c* [d](e)\n<@U1> @here") == r"a\_b \*c\* \[d\]\(e\) &lt;@U1\> " + "@\u200bhere"


def test_plain_text_keeps_every_character() -> None:
    assert for_slack_text("**a** <b> & `c`\n@here") == "**a** &lt;b&gt; &amp; `c`\n@\u200bhere"
