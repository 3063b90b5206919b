"""One person on several platforms: /link and /unlink."""

from core.commands.speaking import LinkWaits, Reply, Speaker, said
from core.errors import BadInput
from core.linking import Both
from core.text import linking as words
from core.use_cases import UseCases

YES = "yes"


class Linking:
    """Answers whoever wants to be one person with their other account, and whoever wants to be two again."""

    def __init__(self, use_cases: UseCases) -> None:
        self._linking = use_cases.linking

    async def link(self, speaker: Speaker, typed: str) -> Reply:
        """Give a code, take one, or with "yes" agree to what waits."""
        if typed.strip().casefold() == YES:
            waiting = await self._linking.waiting(speaker.member)
            if waiting is None:
                raise BadInput(words.NOTHING_WAITS)
            return await self.agreed(speaker, LinkWaits(waiting.link_id))
        if typed.strip():
            return _asked(await self._linking.typed(speaker.member, speaker.place, typed), speaker)
        waiting = await self._linking.waiting(speaker.member)
        if waiting is not None:
            return _asked(waiting, speaker)
        return said(words.code_lines(await self._linking.code(speaker.member, speaker.place)))

    async def agreed(self, speaker: Speaker, waits: LinkWaits) -> Reply:
        """They say that both are them."""
        both, joined = await self._linking.agree(speaker.member, waits.link_id)
        if joined:
            return said([words.joined_line(both.here, both.other, both.other_place)])
        return said([words.waits_line(both.other, both.other_place)])

    async def unlink(self, speaker: Speaker, typed: str) -> Reply:
        """Let accounts speak for themselves again."""
        member, parted = await self._linking.part(speaker.member, typed)
        own = member.id == speaker.member.id
        if not parted:
            return said([words.nothing_to_part(member.display_name, own=own)])
        return said([words.parted_line(member.display_name, own=own)])


def _asked(both: Both, speaker: Speaker) -> Reply:
    lines = words.asked_lines(both.here, both.place, both.other, both.other_place, speaker.agrees)
    return Reply(lines, waits=LinkWaits(both.link_id))
