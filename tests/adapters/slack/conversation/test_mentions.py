"""What people typed, without Slack's own signs; and what they mention, as core knows it."""

import pytest

from adapters.slack.conversation.mentions import as_typed, users_in, with_users
from adapters.slack.conversation.names import SlackNames


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("<@U1|anna> said a &lt; b &amp;&amp; c in <#C1|general>", "@anna said a < b && c in #general"),
        ("<!subteam^S1|@design> <https://example.com|example.com>", "@design https://example.com"),
        ("a &lt;@U1&gt; that was typed as such", "a <@U1> that was typed as such"),
    ],
)
def test_words_are_read_as_whoever_typed_them_reads_them(text: str, read: str) -> None:
    assert as_typed(text) == read


def test_users_are_found_once_and_replaced_by_what_core_calls_them() -> None:
    text = "<@U1|anna> and <@W2> and <@U1> but not <#C1|U3> or &lt;@U4&gt;"
    assert users_in(text) == ("U1", "W2")
    assert with_users("<@U1|anna> 5 <@W2>", {"U1": "mbr_1"}) == "mbr_1 5 <@W2>"


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("<#C123|general>", "channel:slack:C123"),
        ("<#C123>", "channel:slack:C123"),
        ("<!subteam^S1|@design>", "role:slack:S1"),
        ("<!subteam^S1>", "role:slack:S1"),
        *((typed, "") for typed in ("<@U1|anna>", "<!here>", "#general", "C123", "", "<>", "<#C1> <#C2>")),
    ],
)
def test_channels_and_groups_are_named_by_mention(typed: str, target: str) -> None:
    assert SlackNames().target(typed) == target


def test_a_place_of_another_platform_keeps_its_own_id() -> None:
    names = SlackNames()
    assert names.name("channel:slack:C123") == "#C123"
    assert names.name("role:slack:S1") == "@S1"
    assert names.name("role:discord:8812") == "@discord:8812"
