"""What Discord answers about a member becomes their name, their roles and their rights."""

from typing import Any

import pytest

from adapters.discord.profiles import Profile, profile_of
from core.people import Standing

EVERYONE, CREW, HELPERS = "1", "7", "8"
MANAGE_SERVER, ADMINISTRATOR, SEND = 1 << 5, 1 << 3, 1 << 11


def said(**fields: Any) -> dict[str, Any]:
    """A member as GET /guilds/{id}/members/{id} has them."""
    user = {"id": "42", "username": "ada_l", "global_name": "Ada"} | fields.pop("user", {})
    return {"user": user, "nick": None, "roles": [], "pending": False} | fields


def read(member: dict[str, Any], permissions: dict[str, int] | None = None, *, owner_id: str = "1") -> Profile:
    return profile_of(member, {EVERYONE: SEND} | (permissions or {}), owner_id=owner_id)


def test_somebody_is_called_as_in_the_server_else_as_everywhere() -> None:
    assert read(said(nick="The Countess")).name == "The Countess"
    assert read(said()).name == "Ada"
    assert read(said(user={"global_name": None})).name == "ada_l"


@pytest.mark.parametrize("permission", [MANAGE_SERVER, ADMINISTRATOR])
def test_whose_role_may_manage_the_server_looks_after_it(permission: int) -> None:
    assert read(said(roles=[CREW]), {CREW: permission}).admin
    assert not read(said(roles=[HELPERS]), {CREW: permission, HELPERS: SEND}).admin


def test_whom_everybody_s_role_lets_manage_the_server_looks_after_it_too() -> None:
    assert profile_of(said(), {"1": MANAGE_SERVER}, owner_id="9", everyone_id="1").admin


def test_the_owner_looks_after_it_without_any_role() -> None:
    assert read(said(), owner_id="42").admin


def test_roles_are_named_as_core_has_them() -> None:
    assert read(said(roles=[HELPERS, CREW])).roles == ("discord:7", "discord:8")


@pytest.mark.parametrize(
    ("fields", "standing"),
    [
        ({}, Standing.MEMBER),
        ({"pending": True}, Standing.GUEST),
        ({"user": {"bot": True}}, Standing.BOT),
        ({"user": {"bot": True}, "pending": True}, Standing.BOT),
    ],
)
def test_who_has_not_agreed_to_the_rules_is_a_guest_and_a_bot_is_a_bot(
    fields: dict[str, Any], standing: Standing
) -> None:
    assert read(said(**fields)).standing is standing
