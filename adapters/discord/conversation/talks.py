"""What was said before a question: the replies it goes back to, the thread it is in, or the talk with the bot alone."""

import asyncio
from collections.abc import Iterator, Sequence

from adapters.discord.api import DiscordFailed, Rejected
from adapters.discord.conversation.answers import question_above, words_of_answer
from adapters.discord.conversation.files import Files
from adapters.discord.conversation.history import History
from adapters.discord.conversation.messages import (
    STARTER,
    Message,
    answered_in,
    answers,
    asked_by,
    author_of,
    files_of,
    id_of,
    is_by,
    says_something,
    seconds_of,
    text_of,
)
from adapters.discord.conversation.said import NameOf
from adapters.discord.origin import Origin
from adapters.discord.servers import Server, Servers
from core.pictures import MAX_PICTURES
from core.question import Gathered
from core.spoken import Said, said_by, told_of
from core.text.wording import count_of

LOOK_SECONDS = 10.0
"""How long a conversation is looked through; without it, the question is answered all the same."""
SILENCE_SECONDS = 3_600.0
"""After so long without a word, a talk with the bot alone begins anew."""
NOT_READ = "Left out: what was said before; Discord did not tell it just now."
MAY_NOT_READ = "Left out: what was said before; Chipin may not read it here (Read Message History)."
NOT_SHOWN = (
    "Left out: the message that you answer. Discord shows Chipin only messages that mention it. To ask about another "
    "one, open its menu and choose Apps, Ask about this."
)
GONE = "Left out: the message that you answer, which is not there any more or may not be read here."
CUT = "Left out: the oldest messages of this thread, which is too long to read."


class Talks:
    """Reads conversations. Deleted messages, and what Discord does not show, are left out; nothing fails for it."""

    def __init__(self, history: History, files: Files, servers: Servers) -> None:
        self._history = history
        self._files = files
        self._servers = servers

    async def before(self, server: Server, origin: Origin, answered: str, *, pictures: int = MAX_PICTURES) -> Gathered:
        """What was said before a question, with at most so many of its newest pictures.

        `answered` is the message that the question answers, if any. What cannot be read is left out, and that is said.
        """
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                messages, left_out = await self._found(origin, answered)
                name_of = self._servers.names_in(server.guild_id)
                said = [each for message in messages for each in self._said(message, name_of)]
                told = await told_of(
                    said,
                    self._files.fetch,
                    pictures=pictures,
                    named=not origin.is_direct,
                    where="thread" if origin.thread_id else "conversation",
                )
        except Rejected:
            return Gathered(left_out=MAY_NOT_READ)
        except (DiscordFailed, TimeoutError):
            return Gathered(left_out=NOT_READ)
        return Gathered(history=told.history, left_out=" ".join((*left_out, *told.left_out)))

    async def _found(self, origin: Origin, answered: str) -> tuple[Sequence[Message], list[str]]:
        """The messages, oldest first, and sentences on what is not among them."""
        if origin.thread_id:
            return await self._of_thread(origin)
        if answered:
            found = await self._history.chain(origin.channel_id, origin.message_id, answered, self._servers.bot_user_id)
            direct = next((each for each in found if id_of(each) == int(answered)), None)
            if direct is None:
                return found, [GONE]
            return found, [] if self._is_shown(direct) else [NOT_SHOWN]
        if origin.is_direct:
            page, _ = await self._history.before(origin.channel_id, origin.message_id, pages=1)
            return _without_silence(page, origin.message_id), []
        return [], []

    async def _of_thread(self, origin: Origin) -> tuple[Sequence[Message], list[str]]:
        found, is_whole = await self._history.before(origin.thread_id, origin.message_id)
        messages = [*await self._before_thread(origin, found), *map(_begun_by, found)]
        hidden = sum(says_something(each) and not self._is_shown(each) for each in messages)
        left_out = [] if is_whole else [CUT]
        if hidden:
            left_out.append(
                f"Left out of this thread: {count_of(hidden, 'message')} that Discord does not show Chipin, because "
                "they do not mention it."
            )
        return messages, left_out

    async def _before_thread(self, origin: Origin, found: Sequence[Message]) -> list[Message]:
        """What the message that a thread was opened on goes back to, in the channel."""
        begun = answered_in(found[0]) if found and found[0].get("type") == STARTER else None
        if begun is None or not answers(begun):
            return []
        us = self._servers.bot_user_id
        return await self._history.chain(origin.channel_id, str(begun["id"]), answers(begun), us)

    def _is_shown(self, message: Message) -> bool:
        """Whether Discord says what is in it: of others' messages it does not where they do not mention the bot."""
        told = ("content", "attachments", "embeds", "components", "sticker_items", "message_snapshots", "poll")
        return is_by(message, self._servers.bot_user_id) or any(message.get(each) for each in told)

    def _said(self, message: Message, name_of: NameOf) -> Iterator[Said]:
        """Nothing for what is no part of the conversation: joins, and what Chipin says beside its answers.

        A question that was typed as a command stands above its answer.
        """
        if not says_something(message):
            return
        if is_by(message, self._servers.bot_user_id):
            if question := question_above(message):
                yield Said(asked_by(message), question)
            if words := words_of_answer(message):
                yield Said("", words)
        elif (said := said_by(author_of(message), text_of(message, name_of), files_of(message))) is not None:
            yield said


def _begun_by(message: Message) -> Message:
    """A thread that was opened on a message begins with a notice, which has that message in it."""
    return (answered_in(message) or message) if message.get("type") == STARTER else message


def _without_silence(messages: Sequence[Message], until: str) -> Sequence[Message]:
    """The newest of them, as far as they and the question follow each other closely."""
    begin, later = len(messages), seconds_of(until)
    for message in reversed(messages):
        at = seconds_of(id_of(message))
        if later - at > SILENCE_SECONDS:
            break
        begin, later = begin - 1, at
    return messages[begin:]
