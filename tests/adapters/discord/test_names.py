"""Roles, channels and users by mention, shown by their names, which call nobody."""

import pytest

from adapters.discord.names import MAX_NAMED, DiscordNames, users_in, with_users
from core.policy import EVERYONE

KNOWN = {("@&", "5"): "crew", ("#", "6"): "general", ("@&", "7"): "@ops"}
NAMES = DiscordNames("77", lambda sign, named: KNOWN.get((sign, named), ""))


@pytest.mark.parametrize(
    ("typed", "target", "called"),
    [
        ("<@&5>", "role:discord:5", "@crew"),
        ("<@&7>", "role:discord:7", "@ops"),
        ("<#6>", "channel:discord:6", "#general"),
        ("<@&404>", "role:discord:404", "@404"),
        ("<@&77>", EVERYONE, EVERYONE),
        ("@everyone", EVERYONE, EVERYONE),
    ],
)
def test_what_is_mentioned_is_a_target_with_a_name(typed: str, target: str, called: str) -> None:
    assert NAMES.target(typed) == target
    assert target == EVERYONE or NAMES.name(target) == called


@pytest.mark.parametrize("typed", ["", "crew", "<@5>", "<#6> <#6>", "<#x>", "@here"])
def test_anything_else_is_no_role_and_no_channel(typed: str) -> None:
    assert NAMES.target(typed) == ""


def test_what_stands_elsewhere_says_so() -> None:
    assert NAMES.name("role:slack:S1") == "@slack:S1" and NAMES.name("channel:slack:C1") == "#slack:C1"


def test_users_are_found_once_and_named() -> None:
    assert users_in("<@1> <@!2> <@1> <@&3>") == ("1", "2")
    assert len(users_in(" ".join(f"<@{number}>" for number in range(40)))) == MAX_NAMED
    assert with_users("<@1> day 2 <@!2>", {"1": "mbr_1"}) == "mbr_1 day 2 <@!2>"
