"""The bot asks for the permissions that it uses, and for no others."""

import ast
from collections.abc import Iterator
from pathlib import Path

import discord

from adapters.discord.invite import NAMES, USED, invite_address, missing_in

ROOT = Path(__file__).parents[3]
NONE = discord.Permissions()
NEEDS = {
    ("POST", "/channels/{channel_id}/messages"): discord.Permissions(
        view_channel=True,
        send_messages=True,
        send_messages_in_threads=True,
        attach_files=True,  # an answer that is too long for messages is a file
        read_message_history=True,  # an answer to what was said is a reply to it
    ),
    ("GET", "/channels/{channel_id}/messages"): discord.Permissions(view_channel=True, read_message_history=True),
    ("GET", "/channels/{channel_id}/messages/{message_id}"): discord.Permissions(
        view_channel=True, read_message_history=True
    ),
    ("GET", "/channels/{channel_id}"): discord.Permissions(view_channel=True),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"): discord.Permissions(view_channel=True),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}"): discord.Permissions(view_channel=True),
    ("POST", "/channels/{channel_id}/messages/{message_id}/threads"): discord.Permissions(create_public_threads=True),
    ("POST", "/users/@me/channels"): NONE,
    ("GET", "/gateway/bot"): NONE,
    ("GET", "/guilds/{guild_id}"): NONE,
    ("GET", "/guilds/{guild_id}/members/{user_id}"): NONE,
    ("GET", "/applications/{application_id}/commands"): NONE,
    ("PUT", "/applications/{application_id}/commands"): NONE,
    ("POST", "/webhooks/{webhook_id}/{webhook_token}"): NONE,
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"): NONE,
    ("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"): NONE,
}
"""What Discord wants to be permitted for each call of ours. The bot's own messages need nothing more to be changed.

docs.discord.com/developers: resources/message ("Create Message", "Get Channel Messages"), resources/channel ("Start
Thread from Message"), resources/guild ("Get Guild", "Get Guild Member"), interactions/receiving-and-responding.
"""


def calls() -> Iterator[tuple[str, str]]:
    """The routes that the adapter calls, read off its source."""
    for file in (ROOT / "adapters/discord").rglob("*.py"):
        tree = ast.parse(file.read_text())
        paths = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "call":
                method, path, *_ = [
                    paths.get(each.id) if isinstance(each, ast.Name) else getattr(each, "value", None)
                    for each in node.args[:2]
                ]
                assert isinstance(method, str) and isinstance(path, str), f"{file}:{node.lineno}"
                yield method, path


def test_it_asks_for_exactly_what_its_calls_need() -> None:
    assert set(calls()) == set(NEEDS)
    needed = discord.Permissions(0)
    for each in NEEDS.values():
        needed.value |= each.value
    assert needed == USED


def test_the_address_adds_a_bot_with_commands_and_these_permissions() -> None:
    assert invite_address("77") == (
        f"https://discord.com/oauth2/authorize?client_id=77&scope=bot+applications.commands&permissions={USED.value}"
    )
    assert {name for name, is_set in USED if is_set} == set(NAMES)


def test_what_is_missing_is_named_as_discord_names_it() -> None:
    assert missing_in(discord.Permissions(send_messages=True, read_messages=True)) == (
        *("Send Messages in Threads", "Create Public Threads", "Attach Files", "Read Message History"),
    )
    assert missing_in(discord.Permissions(administrator=True)) == ()
