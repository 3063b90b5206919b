"""What somebody typed is read off Discord's payload, and what this version does not know is nothing."""

from typing import Any

import pytest

from adapters.discord.commands.given import typed_of

GUILD = "77"


def typed(*path: str, **data: Any) -> Any:
    """A command's payload, with options under the last of its names."""
    options = data.pop("options", [])
    for name, kind in reversed(list(zip(path[1:], (2, 1) if len(path) == 3 else (1,), strict=False))):
        options = [{"name": name, "type": kind, "options": options}]
    return typed_of({"name": path[0], "type": 1, "options": options, **data}, GUILD)


def test_options_are_written_as_core_reads_them() -> None:
    options = [
        {"name": "who", "type": 9, "value": "5"},
        {"name": "setting", "type": 3, "value": "day"},
        {"name": "value", "type": 3, "value": "2"},
    ]
    as_member = typed("admin", "policy", options=options, resolved={"users": {"5": {}}, "members": {"5": {}}})
    as_role = typed("admin", "policy", options=options, resolved={"roles": {"5": {}}})
    assert (as_member.words, as_role.words) == ("<@5> day 2", "<@&5> day 2")
    everybody = typed("admin", "allow", options=[{"name": "who", "type": 9, "value": GUILD}])
    assert everybody.words == f"<@&{GUILD}>"
    here = typed("admin", "deny", options=[{"name": "channel", "type": 7, "value": "9"}])
    assert here.words == "<#9>"


def test_a_command_in_a_group_in_a_group_is_found() -> None:
    assert typed("admin", "request", "deny").definition.name == "/deny"
    assert typed("admin", "deny").definition.name == "/admin deny"


def test_files_and_switches() -> None:
    file = {"id": "3", "filename": "a.png"}
    options = [
        {"name": "prompt", "type": 3, "value": "why?"},
        {"name": "private", "type": 5, "value": True},
        {"name": "image", "type": 11, "value": "3"},
    ]
    found = typed("ask", options=options, resolved={"attachments": {"3": file}})
    assert (found.words, found.files, dict(found.given)["private"]) == ("why?", (file,), "yes")
    options[1]["value"] = False
    assert "private" not in typed("ask", options=options).given and typed("ask", options=options).files == ()


def test_what_is_being_typed_is_known() -> None:
    options = [{"name": "model", "type": 3, "value": "son", "focused": True}]
    assert (typed("ask", options=options).focused, typed("ask", options=options).given["model"]) == ("model", "son")


@pytest.mark.parametrize(
    "data",
    [{}, {"name": "other"}, {"name": "admin"}, {"name": "admin", "options": [{"name": "x", "type": 1}]}, {"name": 1}],
)
def test_a_command_of_another_version_is_none(data: dict[str, Any]) -> None:
    assert typed_of(data, GUILD) is None


def test_options_of_another_version_are_left_alone() -> None:
    found = typed("balance", options=[{"name": "month", "type": 3, "value": "x"}, {"name": "y"}])
    assert found.given == {} and found.words == ""
