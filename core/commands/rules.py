"""The team's rules: /limit, /admin policy, and who may ask."""

from core.commands.speaking import Reply, Speaker, said
from core.errors import BadInput
from core.policy import ALLOW, DENY, Setting, channel_target
from core.policy.typed import NOTHING_CHANGED, word_of
from core.team_policy import TeamPolicy
from core.text import policy
from core.text.neutralise import for_terminal


class Rules:
    """Answers about what applies to whom."""

    def __init__(self, rules: TeamPolicy) -> None:
        self._rules = rules

    async def policy(self, speaker: Speaker, typed: str) -> Reply:
        """Show what applies to whom, or set it."""
        shown = await self._rules.policy(speaker.member, for_terminal(typed), speaker.place, speaker.names)
        return said(policy.lines(shown))

    async def allow(self, speaker: Speaker, typed: str) -> Reply:
        """Let somebody ask."""
        return await self._may_ask(speaker, typed, ALLOW)

    async def deny(self, speaker: Speaker, typed: str) -> Reply:
        """Let somebody not ask."""
        return await self._may_ask(speaker, typed, DENY)

    async def _may_ask(self, speaker: Speaker, typed: str, value: str) -> Reply:
        if not typed.strip():
            here = speaker.names.name(channel_target(speaker.place.platform, speaker.place.channel))
            raise BadInput(f"Type whom, like /admin {value} guests, @ROLE, {here} or NAME. {NOTHING_CHANGED}")
        return await self.policy(speaker, f"{typed} {word_of(Setting.MAY_ASK)} {value}")

    async def limit(self, speaker: Speaker, typed: str) -> Reply:
        """Show limits, or set one."""
        shown = await self._rules.limit(speaker.member, for_terminal(typed), speaker.place, speaker.names)
        return said(policy.lines(shown))
