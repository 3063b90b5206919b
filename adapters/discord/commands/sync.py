"""Tells Discord the commands, when it has other ones: 200 may be made in a day, and members wait for each change."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from adapters.discord.api import DiscordApi, DiscordFailed
from adapters.discord.commands.payload import payload
from core.tasks import Tasks

_PATH = "/applications/{application_id}/commands"
_WE_SAY = frozenset(
    {
        *("name", "description", "type", "options", "choices", "value", "required", "autocomplete"),
        *("min_value", "max_value", "min_length", "max_length", "channel_types"),
        *("default_member_permissions", "contexts", "integration_types"),
    }
)
"""What Discord tells beside that is its own: ids, versions, languages."""

_log = structlog.get_logger(__name__)


class CommandSync:
    """Tells Discord once in a process, as soon as it is connected; where that came to nothing, at the next occasion."""

    def __init__(self, api: DiscordApi, tasks: Tasks) -> None:
        self._api = api
        self._tasks = tasks
        self._begun = False

    def soon(self, application_id: str) -> None:
        """In the background, unless it was done."""
        if not self._begun and not self._tasks.full:
            self._begun = True
            self._tasks.start(self._run(application_id), "commands for Discord")

    async def _run(self, application_id: str) -> None:
        try:
            await sync(self._api, application_id, payload())
        except DiscordFailed as failed:
            self._begun = False
            _log.warning("discord_commands_not_told", kind=type(failed).__name__, why=str(failed))


async def sync(api: DiscordApi, application_id: str, commands: Sequence[Mapping[str, Any]]) -> bool:
    """Make Discord's commands these; whether they were others. Raises a `DiscordFailed`."""
    there = await api.call("GET", _PATH, application_id=application_id)
    if digest_of(there) == digest_of(commands):
        return False
    await api.call("PUT", _PATH, json=list(commands), application_id=application_id)
    _log.info("discord_commands_changed", commands=len(commands))
    return True


def digest_of(commands: Sequence[Mapping[str, Any]]) -> str:
    """The same for commands that are the same to whoever types, in whatever order and however Discord writes them."""
    plain = sorted((_plain(each) for each in commands), key=lambda each: (each.get("type", 1), each["name"]))
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _plain(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, without what is so anyway."""
    plain: dict[str, Any] = {}
    for name, value in said.items():
        if name not in _WE_SAY or value in (None, "", False, []):
            continue
        if name in ("options", "choices"):
            plain[name] = [_plain(each) for each in value]
        elif name in ("contexts", "integration_types"):
            plain[name] = sorted(value)
        else:
            plain[name] = str(value) if name == "default_member_permissions" else value
    return plain
