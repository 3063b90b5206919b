"""Discord is told the commands when it has other ones, and only then."""

from typing import Any

import pytest

from adapters.discord.commands.payload import payload
from adapters.discord.commands.sync import digest_of


def as_discord_has_it(said: dict[str, Any]) -> dict[str, Any]:
    """With everything that Discord adds, and its ways of writing."""
    told = {"name_localizations": None, "description_localizations": None, **said}
    if "contexts" in said:
        told |= {"id": "1", "version": "2", "application_id": "3", "nsfw": False, "dm_permission": True}
        told["default_member_permissions"] = (
            str(said["default_member_permissions"]) if "default_member_permissions" in said else None
        )
        told.setdefault("description", "")
    if "options" in told:
        told["options"] = [as_discord_has_it(each) for each in told["options"]]
    return told | ({"required": False} if "type" in told and "required" not in told else {})


def test_what_discord_gives_back_is_what_was_told_it() -> None:
    there = [as_discord_has_it(each) for each in reversed(payload())]
    assert digest_of(there) == digest_of(payload())


@pytest.mark.parametrize("change", ["description", "options", "default_member_permissions", "name"])
def test_any_change_is_seen(change: str) -> None:
    there = [dict(each) for each in payload()]
    topup = next(each for each in there if each["name"] == "topup")
    topup[change] = {"options": [], "default_member_permissions": "0"}.get(change, "other")
    assert digest_of(there) != digest_of(payload())


def test_a_choice_that_is_gone_is_seen() -> None:
    there = payload()
    admin = next(each for each in there if each["name"] == "admin")
    limit = next(each for each in admin["options"] if each["name"] == "limit")
    period = next(each for each in limit["options"] if each["name"] == "period")
    period["choices"] = period["choices"][1:]
    assert digest_of(there) != digest_of(payload())


def test_nothing_at_all_is_another_thing() -> None:
    assert digest_of([]) != digest_of(payload())
