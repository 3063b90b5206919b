"""How an ask ended, told later: where it was asked, else to whoever asked it alone. Once, whatever was shown before."""

from collections.abc import Sequence
from contextlib import suppress

from adapters.discord.answering.pace import Pace
from adapters.discord.answering.route import Route
from adapters.discord.answering.stream import AnswerStream, Looks
from adapters.discord.answering.threads import Threads
from adapters.discord.answering.where import Where
from adapters.discord.api import DiscordApi, DiscordFailed, Json, Rejected
from adapters.discord.later.marked import Marked, presses_of
from adapters.discord.origin import BEGUN_BY, Origin
from adapters.discord.views import answer as views
from adapters.discord.views.carried import Action
from adapters.discord.views.late import late_footer
from core.announcement import Announcement
from core.ports import Clock


class LateAnswers:
    """Posts them."""

    def __init__(self, api: DiscordApi, clock: Clock) -> None:
        self._api = api
        self._marked = Marked(api)
        self._clock = clock

    async def post(self, announcement: Announcement, bot_id: str) -> bool:
        """Whether it stands there now, or stood there before. Raises a `DiscordFailed`."""
        place, to = announcement.place, announcement.to
        is_public = bool(place.thread)
        if to is None and not is_public:
            return False
        begun_by = place.thread.removeprefix(BEGUN_BY) if place.thread.startswith(BEGUN_BY) else ""
        origin = Origin(
            guild_id=place.workspace,
            user_id=to.user if to is not None else "",
            channel_id=place.channel,
            thread_id="" if begun_by else place.thread,
            message_id=begun_by,
        )
        before = await self._before(announcement, origin, bot_id)
        if any(_is_its_end(message, announcement) for message in before):
            return True
        route = Route(self._api, origin, private=not is_public, threads=Threads(self._api, Where(origin)))
        await self._stream(route, announcement, origin)
        await self._take_away([message for message in before if _is_broken_off(message, announcement)])
        return True

    async def _before(self, announcement: Announcement, origin: Origin, bot_id: str) -> list[Json]:
        """What of it stands there already, in all places where it may."""
        place, to = announcement.place, announcement.to
        where = [origin.writes_to, origin.message_id] if place.thread else []  # a thread has the id of its message
        if announcement.again and to is not None:
            with suppress(Rejected):
                where.append(await self._api.direct(to.user, patience_seconds=0.0))
        looked = [await self._marked.about(each, bot_id, announcement.ask_id) for each in where if each]
        return [message for found in looked for message in found]

    async def _stream(self, route: Route, announcement: Announcement, origin: Origin) -> None:
        under = late_footer(announcement)
        looks = Looks(preview=views.part, part=views.part)
        key = f"late {announcement.press or announcement.ask_id}"  # each attempt has an end of its own
        stream = AnswerStream(route, key, looks, Pace(), self._clock, limit=origin.writes_to)
        stream.write("\n\n".join(text for text in (announcement.heading, announcement.answer) if text))
        await stream.finish(lambda text, file_name: views.end_shapes(text, under, file_name))

    async def _take_away(self, broken_off: Sequence[Json]) -> None:
        """What was shown of an answer before it broke off: all of it stands there now. What stays hurts nobody."""
        for message in broken_off:
            with suppress(DiscordFailed):
                await self._api.call(
                    "DELETE",
                    "/channels/{channel_id}/messages/{message_id}",
                    patience_seconds=0.0,
                    channel_id=str(message["channel_id"]),
                    message_id=str(message["id"]),
                )


def _is_its_end(message: Json, announcement: Announcement) -> bool:
    """Whether it shows how this ended. What can be pressed to ask it (again) is about one attempt, and ends that alone;

    what is pressed under an answer is about the ask.
    """
    pressed = presses_of(message, announcement.ask_id)
    if announcement.press:
        return announcement.press in pressed.values()
    return not _is_broken_off(message, announcement) and set(pressed.values()) == {announcement.ask_id}


def _is_broken_off(message: Json, announcement: Announcement) -> bool:
    return set(presses_of(message, announcement.ask_id)) == {Action.STOP}
