"""One person on several platforms, and one wallet for several workspaces: /link, /unlink, /admin link."""

from core.commands.speaking import LinkWaits, Reply, Speaker, said
from core.errors import BadInput
from core.linking import Both
from core.text import linking as words
from core.text import team_linking as of_teams
from core.use_cases import UseCases

YES = "yes"


class Linking:
    """Answers whoever wants to be one person with their other account, and whoever wants to be two again."""

    def __init__(self, use_cases: UseCases) -> None:
        self._linking = use_cases.linking
        self._teams = use_cases.team_linking

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
        """They say that both are them; or that both teams shall be one."""
        if await self._linking.is_of_teams(waits.link_id):
            teams, done = await self._teams.agree(speaker.member, waits.link_id)
            return said([of_teams.joined_line(teams.stays, teams.joins) if done else of_teams.waits_line(teams.stays)])
        both, joined = await self._linking.agree(speaker.member, waits.link_id)
        if joined:
            return said([words.joined_line(both.here, both.other, both.other_place)])
        return said([words.waits_line(both.other, both.other_place)])

    async def admin_link(self, speaker: Speaker, typed: str) -> Reply:
        """The same for teams: give a code, take one, or with "yes" agree to what waits."""
        waiting = await self._teams.waiting(speaker.member)
        if typed.strip().casefold() == YES:
            if waiting is None:
                raise BadInput(of_teams.NOTHING_WAITS)
            return await self.agreed(speaker, LinkWaits(waiting.link_id))
        if typed.strip():
            waiting = await self._teams.typed(speaker.member, speaker.place, typed)
        if waiting is None:
            code = await self._teams.code(speaker.member, speaker.place)
            return said(of_teams.code_lines(code, speaker.member.team.name))
        lines = of_teams.asked_lines(waiting.stays, waiting.joins, waiting.joining_place, speaker.agrees)
        return Reply(lines, waits=LinkWaits(waiting.link_id))

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
