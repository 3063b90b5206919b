"""Every command of core's table can be typed on Discord, within Discord's limits, and admins' things stand apart."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.discord.commands.definitions import BY_PATH, DEFINITIONS, OF_ADMINS, OF_MEMBERS
from adapters.discord.commands.options import MAX_TEXT_CHARS, Given, Kind
from adapters.discord.commands.payload import MANAGE_GUILD, MAX_CHOICES, payload
from adapters.discord.table import ANNOUNCE, TABLE
from core.commands.listed import LISTED
from tests.discord.lint_commands import CHARACTERS, characters

PAYLOAD = {each["name"]: each for each in payload()}


def nodes(command: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A command with everything in it."""
    yield command
    for option in command.get("options", ()):
        yield from nodes(option)


def test_every_command_of_core_is_reachable_and_no_other() -> None:
    known = {command.name for commands in LISTED.values() for command in commands}
    assert {each.name for each in DEFINITIONS} == known | {ANNOUNCE}


def test_a_command_is_typed_as_sentences_call_it() -> None:
    for each in DEFINITIONS:
        called = TABLE.as_typed(each.name).removeprefix("/").split(" ")
        if each.path not in (("admin", "help"), ("admin", "limit"), ("admin", "request", "list")):
            assert tuple(called) == each.path, each.name


def test_what_only_admins_get_something_out_of_is_shown_to_admins_alone() -> None:
    for_admins = {command.name for commands in TABLE.groups.values() for command in commands if command.for_admins}
    assert not {each.name for each in OF_MEMBERS} & for_admins
    assert {each.path[0] for each in OF_ADMINS} == {"topup", "admin"}
    hidden = {name for name, each in PAYLOAD.items() if each.get("default_member_permissions") == MANAGE_GUILD}
    assert hidden == {"topup", "admin"}


def test_everything_is_for_servers_alone() -> None:
    assert {(*each["contexts"], *each["integration_types"]) for each in PAYLOAD.values()} == {(0, 0)}


@pytest.mark.parametrize("command", PAYLOAD.values(), ids=lambda command: command["name"])
def test_it_is_within_discords_limits(command: dict[str, Any]) -> None:
    assert characters(command) <= CHARACTERS
    for node in nodes(command):
        if command["type"] == 1:
            assert re.fullmatch(r"[a-z_]{1,32}", node["name"]) and 1 <= len(node["description"]) <= 100
        options = node.get("options", ())
        assert len(options) <= 25 and len({each["name"] for each in options}) == len(options)
        required = [bool(each.get("required")) for each in options]
        assert required == sorted(required, reverse=True), "those that have to be given come first"
        assert len(node.get("choices", ())) <= MAX_CHOICES and not ("choices" in node and "autocomplete" in node)
        assert 1 <= node.get("max_length", 1) <= MAX_TEXT_CHARS


def test_what_is_asked_for_most_is_found_first() -> None:
    members_see = [each.path[0] for each in OF_MEMBERS]
    assert list(dict.fromkeys(members_see)) == ["ask", "balance", "usage", "models", "price", "request", "chipin"]


@pytest.mark.parametrize(
    ("path", "given", "words"),
    [
        ("usage", {}, ""),
        ("usage", {"whose": "team", "by": "tags", "when": "last week"}, "team tags last week"),
        ("usage", {"weekly": "on", "by": "tags"}, "weekly on"),
        ("admin refill", {"below": "5", "add": "25", "at_most": "100"}, "below 5 add 25 at most 100"),
        ("admin refill", {"below": "5"}, "below 5"),
        ("admin refill", {"off": "yes"}, "off"),
        ("chipin limit", {}, ""),
        ("chipin limit", {"limit": "2"}, "me 2"),
        ("chipin limit", {"limit": "$2", "period": "day"}, "me day $2"),
        ("chipin limit", {"limit": "off", "period": "week"}, "me week off"),
        ("chipin limit", {"limit": "me day 2"}, "me day 2"),
        ("chipin limit", {"limit": "everyone 10"}, "everyone 10"),
        ("chipin limit", {"limit": "everyone 1", "period": "day"}, "everyone day 1"),
        ("admin limit", {}, ""),
        ("admin limit", {"amount": "10"}, "everyone 10"),
        ("admin limit", {"who": "<@1>", "amount": "2", "period": "day"}, "<@1> day 2"),
        ("admin limit", {"whom": "Bo Li"}, "Bo Li"),
        ("admin limit", {"channel": "<#5>", "amount": "none"}, "<#5> none"),
        ("admin policy", {}, ""),
        ("admin policy", {"who": "<@&7>"}, "<@&7>"),
        ("admin policy", {"setting": "models", "value": "mistral, openai"}, "everyone models mistral, openai"),
        ("admin policy", {"whom": "guests may-ask deny"}, "guests may-ask deny"),
        ("admin allow", {"who": "<@&7>"}, "<@&7>"),
        ("admin digest", {}, ""),
        ("admin digest", {"show": "now"}, "now"),
        ("admin digest", {"schedule": "friday 17:00"}, "schedule friday 17:00"),
        ("admin digest", {"channel": "<#5>"}, "channel <#5>"),
        ("admin digest", {"admins": "True", "channel": "<#5>"}, "channel off"),
        ("admin digest", {"seats": "20"}, "seats 20"),
        ("admin freeze", {}, ""),
        ("admin freeze", {"reason": "lunch"}, "everyone lunch"),
        ("admin freeze", {"member": "<@1>", "reason": "lunch"}, "<@1> lunch"),
        ("admin unfreeze", {"name": "Bo Li"}, "Bo Li"),
        ("admin request approve", {}, ""),
        ("request", {"amount": "5", "reason": "a demo"}, "5 a demo"),
        ("topup", {"amount": "25", "reason": "November"}, "25 November"),
        ("models", {"name": "all"}, "all"),
    ],
)
def test_what_is_given_becomes_what_core_takes(path: str, given: Given, words: str) -> None:
    assert BY_PATH[tuple(path.split(" "))].words(given) == words


def test_people_roles_and_channels_are_picked_where_core_takes_them() -> None:
    picked = {(each.path, option.kind) for each in DEFINITIONS for option in each.options}
    for path in (("admin", "policy"), ("admin", "allow"), ("admin", "deny"), ("admin", "limit")):
        assert {(path, Kind.USER_OR_ROLE), (path, Kind.CHANNEL)} <= picked
    for name in ("add", "remove", "freeze", "unfreeze", "restore"):
        assert (("admin", name), Kind.USER) in picked
