"""/admin digest: the week in a few lines, and when, where and with what it comes."""

from collections.abc import Awaitable, Callable, Mapping

from core.commands.channels import OFF, channel_named
from core.commands.speaking import Reply, Speaker, said
from core.digest.schedule import parse_schedule
from core.digests import Digests
from core.errors import BadInput
from core.money import parse_usd
from core.people import Place
from core.policy import channel_target
from core.preferred import DIGEST_AT, DIGEST_IN, DIGEST_SEAT, kept_place
from core.text import digest_settings as words
from core.text.bars import chart_lines
from core.use_cases import UseCases

USUAL = "usual"
"""What takes away what was set."""


class Digest:
    """Answers admins."""

    def __init__(self, use_cases: UseCases) -> None:
        self._digests: Digests = use_cases.digests
        self._preferences = use_cases.preferences
        self._answers: Mapping[str, Callable[[Speaker, str], Awaitable[Reply]]] = {
            "": self._standing,
            "now": self._now,
            "preview": self._preview,
            "schedule": self._schedule,
            "channel": self._channel,
            "seats": self._seats,
        }

    async def digest(self, speaker: Speaker, typed: str) -> Reply:
        """What is set; or show a week, or set something. `NotAllowed` for who is no admin."""
        self._digests.require_admin(speaker.member)
        first, _, rest = typed.strip().partition(" ")
        answer = self._answers.get(first.casefold())
        if answer is None:
            raise BadInput(words.NO_SUCH)
        return await answer(speaker, rest.strip())

    async def _standing(self, speaker: Speaker, _: str) -> Reply:
        standing = await self._digests.standing(speaker.member.team)
        channel = _called(speaker, standing.settings.channel)
        return said(words.standing_lines(standing, channel, speaker.member.team.zone))

    async def _now(self, speaker: Speaker, _: str) -> Reply:
        settings = await self._digests.post_now(speaker.member.team, speaker.key)
        return said([words.on_its_way(_called(speaker, settings.channel))])

    async def _preview(self, speaker: Speaker, _: str) -> Reply:
        """Its lines, and the chart as bars of text."""
        digest = await self._digests.preview(speaker.member.team)
        return said([*digest.lines, *(chart_lines(digest.chart) if digest.chart is not None else ())])

    async def _schedule(self, speaker: Speaker, typed: str) -> Reply:
        if typed:
            schedule = parse_schedule(typed)
            await self._preferences.set_for_team(speaker.member, DIGEST_AT, OFF if schedule is None else str(schedule))
        standing = await self._digests.standing(speaker.member.team)
        return said([words.when_line(standing, speaker.member.team.zone)])

    async def _channel(self, speaker: Speaker, typed: str) -> Reply:
        if typed:
            place = speaker.place
            channel = "" if typed.casefold() == OFF else channel_named(speaker, typed)
            value = kept_place(Place(place.platform, place.workspace, channel)) if channel else ""
            await self._preferences.set_for_team(speaker.member, DIGEST_IN, value)
        standing = await self._digests.standing(speaker.member.team)
        return said([words.where_line(_called(speaker, standing.settings.channel))])

    async def _seats(self, speaker: Speaker, typed: str) -> Reply:
        if typed:
            word = typed.casefold()
            value = "" if word == USUAL else str(parse_usd("0" if word == OFF else typed))
            await self._preferences.set_for_team(speaker.member, DIGEST_SEAT, value)
        standing = await self._digests.standing(speaker.member.team)
        return said([words.seats_line(standing.settings)])


def _called(speaker: Speaker, channel: Place | None) -> str:
    return "" if channel is None else speaker.names.name(channel_target(channel.platform, channel.channel))
