"""Looks for what we posted before: Discord keeps no field of ours on a message, but the numbers of its components.

A component has an `id` of its author's choice (components/reference, "Anatomy of a Component"): what is posted under a
key has a hash of it as its first component's. An answer is known by the ask that its buttons are about.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from adapters.discord.api import DiscordApi, Json, Rejected
from adapters.discord.views.carried import Action, ask_press_of
from adapters.discord.views.custom_ids import NotOurs

NEWEST_MESSAGES = 100
"""How far back it is looked: as far as Discord tells at once (resources/message, "Get Channel Messages")."""
_FIRST, _LAST = 10_000, 2**31 - 1
"""Smaller numbers are those of parts of views, and of what Discord fills in itself."""


def mark_of(key: str) -> int:
    """The number of what is posted under a key."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % (_LAST - _FIRST) + _FIRST


def with_mark(fields: Json, key: str) -> dict[str, Any]:
    """The same message, marked."""
    first, *others = fields["components"]
    return {**fields, "components": [{**first, "id": mark_of(key)}, *others]}


class Marked:
    """Finds what is marked. Where the bot may not look, nothing is found. Raises a `DiscordFailed`."""

    def __init__(self, api: DiscordApi) -> None:
        self._api = api

    async def stands(self, channel_id: str, bot_id: str, key: str, content: str) -> bool:
        """Whether what was posted under a key stands in a channel; `content` is how it reads without components.

        A message of text alone has nothing of ours but that text.
        """
        mark = mark_of(key)
        return any(
            message.get("content") == content or mark in {each.get("id") for each in _parts(message)}
            for message in await self._ours(channel_id, bot_id)
        )

    async def about(self, channel_id: str, bot_id: str, ask_id: str) -> list[Json]:
        """Our messages in a channel with a button that is about an ask, the newest first."""
        return [message for message in await self._ours(channel_id, bot_id) if presses_of(message, ask_id)]

    async def _ours(self, channel_id: str, bot_id: str) -> list[Json]:
        try:
            found: list[Json] = await self._api.call(
                "GET",
                "/channels/{channel_id}/messages",
                query={"limit": NEWEST_MESSAGES},
                patience_seconds=0.0,
                channel_id=channel_id,
            )
        except Rejected:
            return []
        return [message for message in found if message.get("author", {}).get("id") == bot_id]


def presses_of(message: Json, ask_id: str) -> dict[Action, str]:
    """What can be pressed under a message that is about an ask: each with the ask, or the attempt, that it carries."""
    found = dict[Action, str]()
    for each in _parts(message):
        with suppress(NotOurs):
            action, press = ask_press_of(str(each.get("custom_id", "")))
            if press.about.partition(".")[0] == ask_id:
                found[action] = press.about
    return found


def _parts(message: Json) -> Iterator[Json]:
    return _all_of(message.get("components", ()))


def _all_of(components: Iterable[Mapping[str, Any]]) -> Iterator[Json]:
    for component in components:
        yield component
        yield from _all_of(component.get("components", ()))
        accessory = component.get("accessory")
        if accessory is not None:
            yield accessory
