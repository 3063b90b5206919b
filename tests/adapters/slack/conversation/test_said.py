"""Slack's marks become words; nothing is lost, and nothing else is changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.conversation.said import mentioned, plain_text

NAMES = {"U1": "anna"}


def name_of(user: str) -> str:
    return NAMES.get(user, "")


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("<@U0> why?", "why?"),
        ("why, <@U0>?", "why,?"),
        ("hey <@U0|chipin>: why", "hey why"),
        ("<@U0>", ""),
        ("<@U1> and <@U2|ben> and <@U3>", "@anna and @ben and @somebody"),
        ("<#C1|general> <#C2>", "#general #a-channel"),
        ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
        ("<!subteam^S1|@ops> <!subteam^S2>", "@ops @a-group"),
        ("<!date^1392734382^{date}|18 Feb>", "18 Feb"),
        ("<https://x.example/?a=1&amp;b=2>", "https://x.example/?a=1&b=2"),
        ("<https://x.example|x.example>", "https://x.example"),
        ("<https://x.example|docs>", "docs (https://x.example)"),
        ("<mailto:a@x.example|a@x.example> <tel:+1|+1>", "a@x.example +1"),
        ("a &lt; b &amp;amp; c &gt; d", "a < b &amp; c > d"),
        ("if a < b > c", "if a < b > c"),
        ("half \ud83d of it", "half \ufffd of it"),
        ("```\nx &lt;- 1\n```", "```\nx <- 1\n```"),
    ],
)
def test_marks_become_words(said: str, plain: str) -> None:
    assert plain_text(said, name_of, without="U0") == plain


def test_mentions_are_found() -> None:
    assert mentioned("<@U1> <@W2|x> <@ U3> @U4 <!here>") == {"U1", "W2"}


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    plain_text(text, name_of, without="U0")
