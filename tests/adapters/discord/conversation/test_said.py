"""Discord's marks become words; nothing is lost, and nothing else is changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.conversation.said import plain_text

NAMES = {("@", "1"): "anna", ("@&", "5"): "ops", ("#", "7"): "general"}


def name_of(sign: str, named: str) -> str:
    return NAMES.get((sign, named), "")


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("<@9> why?", "why?"),
        ("why, <@!9>?", "why,?"),
        ("hey <@9>: why", "hey why"),
        ("<@&90> why?", "why?"),
        ("<@9>", ""),
        ("<@1> and <@!1> and <@2>", "@anna and @anna and @somebody"),
        ("<@&5> <@&6>", "@ops @a-role"),
        ("<#7> <#8>", "#general #a-channel"),
        ("@everyone @here", "@everyone @here"),
        ("<:party:123> <a:dance_2:4>", ":party: :dance_2:"),
        (
            "<t:1392734382> <t:0:R> <t:99999999999999:F>",
            "2014-02-18 14:39 UTC 1970-01-01 00:00 UTC <t:99999999999999:F>",
        ),
        ("</usage team:12> <id:customize>", "/usage team #customize"),
        ("<https://x.example/?a=1&b=2>", "https://x.example/?a=1&b=2"),
        ("if a < b > c and <b>d</b>", "if a < b > c and <b>d</b>"),
        ("an answer's @\N{ZERO WIDTH SPACE}everyone", "an answer's @everyone"),
        ("half \ud83d of it", "half \ufffd of it"),
    ],
)
def test_marks_become_words(said: str, plain: str) -> None:
    assert plain_text(said, name_of, without=("@9", "@&90")) == plain


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    plain_text(text, name_of, without=("@9",))
