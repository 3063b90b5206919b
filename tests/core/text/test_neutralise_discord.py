import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.neutralise import DiscordNeutraliser, for_discord, for_discord_plain

LIVE = re.compile(
    r"<@[!&]?\d+>|<#\d+>|@everyone|@here|<t:-?\d+(?::\w)?>|<id:\w+>|<a?:\w+:\d+>|</[^<>:]+:\d+>", re.IGNORECASE
)
LOUD = (
    "<@80351110224678912>",
    "<@!80351110224678912>",
    "<@&165511591545143296>",
    "<#103735883630395392>",
    "@everyone",
    "@here",
    "@EveryOne",
    "<t:1618953630:R>",
    "<t:-5>",
    "<id:customize>",
    "<:mmLol:216154654256398347>",
    "<a:b1nzy:392938283556143104>",
    "</ask:1234567890>",
    "</admin allow role:1234567890>",
)
LINKS = (
    "[https://bank.example](https://evil.example)",
    "![a chart](https://evil.example/pixel.png)",
    "[a [b] c](https://evil.example)",
    "[a](<https://evil.example>)",
    "[a]( https://evil.example)",
    "[a\nb](discord://evil)",
    r"[a](https\://evil.example)",
    "[a](//evil.example)",
    "[a](www.evil.example)",
)
CODE = ("`", "``", "```", "```py\n", "\n```\n", "~~~\n", "\n", "\n\n", "> ", "- ", "1. ", "\\")
REST = (" ", "word", "<", "@", "](", "](w", "](x", ")", "/a", ":", "1", "e", "!", "[", "\n", "https://c.example/d.")
PIECES = st.sampled_from([*LOUD, *LINKS, *CODE, *REST, "x" * 45, "\ud83d", "\u202e", "\x00"])
TEXTS = st.one_of(st.text(st.characters()), st.lists(PIECES, max_size=30).map("".join))
MASKED = re.compile(r"\]\((?:\s*<?)*(?:[a-z][a-z0-9+.\\-]*:|//|www\.)", re.IGNORECASE)


def piecewise(text: str, size: int) -> list[str]:
    neutraliser = DiscordNeutraliser()
    pieces = [neutraliser.feed(text[at : at + size]) for at in range(0, len(text), size)]
    return [*pieces, neutraliser.close()]


@given(TEXTS, st.integers(1, 40))
def test_however_it_is_cut_the_same_comes_out(text: str, size: int) -> None:
    assert "".join(piecewise(text, size)) == for_discord(text)


@given(TEXTS)
def test_nothing_in_it_is_live(text: str) -> None:
    for shown in (for_discord(text), for_discord_plain(text)):
        assert not LIVE.search(shown)
        shown.encode("utf-8")


@pytest.mark.parametrize("around", ["{}", "`{}`", "```\n{}\n```", "> {}", "- ```\n  {}", "``` {}\n", "[{}](x)", "a{}b"])
@pytest.mark.parametrize("loud", LOUD)
def test_nobody_is_called_wherever_it_stands(loud: str, around: str) -> None:
    sent = ""
    for piece in piecewise(around.format(loud), 1):
        sent += piece
        assert not LIVE.search(sent)
    assert sent.replace("\u200b", "") == around.format(loud)


@given(st.lists(st.sampled_from([*LOUD, "x", "<", "@", "</a", " ", "\n"])).map("".join), st.integers(1, 90))
def test_nobody_is_called_by_a_part_of_it_either(text: str, at: int) -> None:
    shown = for_discord(text)
    assert not LIVE.search(shown[:at])
    assert not LIVE.search(shown[at:])


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "`{}`",
        "> ```\n{}\n```",
        "- ```\n{}\n```",
        "~~~\n{}\n~~~",
        "``` x ``` {}",
        "`` ` ``\n```\n` {}\n```",
        "```\nx ``` {}\n```",
        "````\n{}\n````",
        "`a\n```\n` {}\n```",
        "\\`a`\n```\n` {}\n```",
        "a ``` b\n```\n{}\n```",
        "```\n```\n{}\n```\nx\n```",
    ],
)
def test_words_of_a_link_hide_nothing_unless_it_is_surely_code(link: str, around: str) -> None:
    assert not MASKED.search(for_discord(around.format(link)))


@pytest.mark.parametrize("link", LINKS)
def test_code_can_be_copied_as_it_is(link: str) -> None:
    for code in (
        f"```md\n{link}\n```",
        f"`a` b\n```\n<a href='x'>&lt;</a> v[0](x)\n\n{link}",
        f"```c\n1\n```\n```\n{link}",
    ):
        assert for_discord(code) == code


def test_the_address_of_a_link_can_be_read() -> None:
    assert for_discord("See [the docs](https://x.example/a?b=1).") == "See [the docs] (https://x.example/a?b=1)."
    assert for_discord("![a](https://x.example/a.png 'T')") == "![a] (https://x.example/a.png 'T')"


@given(st.text(st.sampled_from("ab c.,;:()*_#>-+=|~/\\'\"\n\t?$%^{}[!äé世\U0001f600`&")))
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert for_discord(text) == text


@pytest.mark.parametrize(
    "text",
    ["a < b, <b>, </div>", "bob@example.com", "`fns[i](x)`", "[a.py](src/a.py)", "vec![1]", "std::<t>", "<T: X>"],
)
def test_what_only_looks_alike_stays_as_it_is(text: str) -> None:
    assert for_discord(text) == text


def test_hardly_anything_is_kept_back() -> None:
    neutraliser = DiscordNeutraliser()
    assert neutraliser.feed("Plain words come at once") == "Plain words come at once"
    assert neutraliser.feed(", 50 % & more. bob@") == ", 50 % & more. bob"
    assert neutraliser.feed("example.com a < ") == "@example.com a < "
    assert neutraliser.feed("v[0](") == "v[0"
    assert neutraliser.feed("x)") == "](x)"


def test_what_controls_or_reorders_is_left_out() -> None:
    assert for_discord("a\x00\x1b[1m\r\n\u202eb\ud83d\u2028c\td") == "a[1m\nb\ufffd\nc\td"
    assert for_discord("@ev\x00eryone") == "@\u200beveryone"


def test_words_are_shown_literally() -> None:
    assert for_discord_plain(r"*b* _i_ ~s~ `c` ||x|| [t](u) \ <b>") == (
        r"\*b\* \_i\_ \~s\~ \`c\` \|\|x\|\| \[t\](u) \\ \<b\>"
    )
    assert for_discord_plain("@here <@1>") == "@\u200bhere \\<\u200b@1\\>"
    assert for_discord_plain("a_b https://x.example/a_b_c") == r"a\_b https://x.example/a_b_c"


def test_no_line_of_words_begins_a_heading_a_list_a_quote_or_small_print() -> None:
    lines = "# a\n## b\n-# c\n> d\n>>> e\n- f\n  - g\n* h\n+ i\n1. j\n  12. k\n#1 and -1 and 1.5"
    assert for_discord_plain(lines) == (
        "\\# a\n\\## b\n\\-# c\n\\> d\n\\>\\>\\> e\n\\- f\n  \\- g\n\\* h\n\\+ i\n1\\. j\n  12\\. k\n#1 and -1 and 1.5"
    )


@given(st.text(st.characters(exclude_characters="]")))
def test_words_read_as_they_were_once_discord_has_taken_the_escapes_away(text: str) -> None:
    shown = re.sub(r"\\([^0-9A-Za-z\s])|(https?://[^\s<>\[\]()*`|\\]+)", r"\1\2", for_discord_plain(text))
    assert shown.replace("\u200b", "") == for_discord(text).replace("\u200b", "")
