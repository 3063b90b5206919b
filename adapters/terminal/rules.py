"""The team's rules at the terminal: /admin policy and /limit."""

from collections.abc import Iterable

from adapters.terminal.commands import starting_with
from adapters.terminal.people import CHANNEL, PLATFORM, STANDINGS, People, role_of
from adapters.terminal.screen import Screen, Suggestions
from core.errors import BadInput
from core.policy import ALLOW, DENY, EVERYONE, Setting, channel_target, kind_of, named_in, role_target
from core.policy import STANDINGS as TARGETS_OF_STANDINGS
from core.policy.typed import NOTHING_CHANGED, WORDS, word_of
from core.shown_rules import Shown
from core.text import policy
from core.text.neutralise import for_terminal
from core.use_cases import UseCases


class TerminalNames:
    """`core.ports.PlaceNames`: the one channel is #chat, and a role is what somebody types after an @."""

    def target(self, typed: str) -> str:
        """The channel, any role, or a standing: roles come with whoever speaks (/as Anna @design)."""
        if typed.casefold() == f"#{CHANNEL}":
            return channel_target(PLATFORM, CHANNEL)
        if standing := STANDINGS.get(typed.casefold()):
            return TARGETS_OF_STANDINGS[standing]
        role = role_of(typed)
        return role_target(role) if role else ""

    def name(self, target: str) -> str:
        """As it is typed here; of another platform, its own id."""
        place = named_in(target)
        platform, _, name = place.partition(":")
        sign = "#" if kind_of(target) == "channel" else "@"
        return f"{sign}{name}" if platform == PLATFORM else f"{sign}{place}"


class RuleDesk:
    """Answers whoever speaks about what applies to whom."""

    def __init__(self, use_cases: UseCases, screen: Screen, people: People) -> None:
        self._use_cases = use_cases
        self._screen = screen
        self._people = people
        self.names = TerminalNames()

    async def policy(self, typed: str) -> None:
        """Show what applies to whom, or set it."""
        member = await self._people.member()
        self._say(await self._use_cases.policy.policy(member, for_terminal(typed), self._people.place, self.names))

    async def allow(self, typed: str) -> None:
        """Let somebody ask."""
        await self._may_ask(typed, ALLOW)

    async def deny(self, typed: str) -> None:
        """Let somebody not ask."""
        await self._may_ask(typed, DENY)

    async def _may_ask(self, typed: str, value: str) -> None:
        if not typed.strip():
            raise BadInput(f"Type whom, like /admin {value} guests, @ROLE, #{CHANNEL} or NAME. {NOTHING_CHANGED}")
        await self.policy(f"{typed} {word_of(Setting.MAY_ASK)} {value}")

    async def limit(self, typed: str) -> None:
        """Show limits, or set one."""
        member = await self._people.member()
        self._say(await self._use_cases.policy.limit(member, for_terminal(typed), self._people.place, self.names))

    def policy_choices(self, typed: str) -> Suggestions:
        """Whom, then what."""
        return self._choices(typed, [*self._whom, *TARGETS_OF_STANDINGS.values(), f"#{CHANNEL}"], WORDS)

    def whom_choices(self, typed: str) -> Suggestions:
        """Whom to let ask, or not."""
        return starting_with(typed, [*self._whom, *TARGETS_OF_STANDINGS.values(), f"#{CHANNEL}"])

    def limit_choices(self, typed: str) -> Suggestions:
        """Whose limit."""
        return self._choices(typed, ["me", *self._whom], ["day", "week", "month", "ask"])

    @property
    def _whom(self) -> list[str]:
        return [EVERYONE, *self._people.names]

    def _choices(self, typed: str, whom: list[str], what: Iterable[str]) -> Suggestions:
        """A name may have words: what follows one that is whole is what can be set."""
        for name in whom:
            if typed.casefold().startswith(f"{name.casefold()} "):
                return starting_with(typed[len(name) + 1 :], what)
        return starting_with(typed, whom)

    def _say(self, shown: Shown) -> None:
        for line in policy.lines(shown):
            self._screen.write(f"{line}\n")
