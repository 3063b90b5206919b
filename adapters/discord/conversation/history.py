"""What stands in a channel or thread of Discord's: read page by page, the newest first, and never for long."""

from collections.abc import Iterator, Mapping
from typing import Any

from adapters.discord.api import DiscordApi, Rejected
from adapters.discord.conversation.answers import words_of_answer
from adapters.discord.conversation.messages import Message, answered_in, answers, begins_an_answer, id_of, is_by

PAGE_MESSAGES, MOST_PAGES = 100, 2
MOST_IN_A_CHAIN = 50
"""Replies to replies that are followed."""
MOST_SINGLE = 10
"""Of those, how many are asked for one by one: the others stood close together."""
PATIENCE_SECONDS = 5.0


class History:
    """Reads it, over the REST API."""

    def __init__(self, api: DiscordApi) -> None:
        self._api = api

    async def before(self, channel_id: str, message_id: str, *, pages: int = MOST_PAGES) -> tuple[list[Message], bool]:
        """The messages of a channel or thread before one of it, oldest first, and whether those are all of them.

        Raises a `DiscordFailed`.
        """
        found, until = list[Message](), message_id
        for _ in range(pages):
            page = await self._page(channel_id, before=until)
            found += page
            if len(page) < PAGE_MESSAGES:
                return found[::-1], True
            until = str(page[-1]["id"])
        return found[::-1], False

    async def message(self, channel_id: str, message_id: str) -> Message | None:
        """One message; None where it is deleted, or may not be read. Raises any other `DiscordFailed`."""
        try:
            found: Message = await self._api.call(
                "GET",
                "/channels/{channel_id}/messages/{message_id}",
                patience_seconds=PATIENCE_SECONDS,
                channel_id=channel_id,
                message_id=message_id,
            )
        except Rejected:
            return None
        return found

    async def chain(self, channel_id: str, message_id: str, answered: str, us: str) -> list[Message]:
        """What the message `answered`, that before, and so on, oldest first, as far as it can be read.

        Of an answer of ours (`us` is the bot) all parts are in it, whichever was answered. Raises a `DiscordFailed`.
        """
        near = {str(each["id"]): each for each in _with_answered(await self._page(channel_id, before=message_id))}
        chain, single, wanted = dict[str, Message](), 0, answered
        while wanted and wanted not in chain and len(chain) < MOST_IN_A_CHAIN:
            found = near.get(wanted)
            if found is None and single < MOST_SINGLE:
                single += 1
                found = await self.message(channel_id, wanted)
            if found is None:
                break
            parts = _parts_of_answer(found, near, us) if is_by(found, us) else [found]
            chain |= {str(each["id"]): each for each in parts}
            wanted = answers(parts[0])
        return sorted(chain.values(), key=id_of)

    async def _page(self, channel_id: str, **between: Any) -> list[Message]:
        found: list[Message] = await self._api.call(
            "GET",
            "/channels/{channel_id}/messages",
            query={"limit": PAGE_MESSAGES, **between},
            patience_seconds=PATIENCE_SECONDS,
            channel_id=channel_id,
        )
        return found


def _with_answered(page: list[Message]) -> Iterator[Message]:
    """What they answer comes along with messages; as itself, a message tells also what it answers."""
    yield from filter(None, map(answered_in, page))
    yield from page


def _parts_of_answer(one: Message, near: Mapping[str, Message], us: str) -> list[Message]:
    """All messages of the answer that one of ours belongs to: only the first of them answers something."""
    ours = sorted((each for each in near.values() if is_by(each, us) and words_of_answer(each)), key=id_of)
    before = [each for each in ours if id_of(each) < id_of(one)]
    after = [each for each in ours if id_of(each) > id_of(one)]
    parts = [one]
    while before and not begins_an_answer(parts[0]):
        parts.insert(0, before.pop())
    while after and not begins_an_answer(after[0]):
        parts.append(after.pop(0))
    return parts
