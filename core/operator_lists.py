"""What the operator lists: the workspaces that may use this Chipin, and admins of theirs."""

from dataclasses import dataclass
from enum import StrEnum

from core.people import Identity


class LetIn(StrEnum):
    """When a workspace may use Chipin, as whoever hears of it knows."""

    ALWAYS = "always"  # the operator's own machine: the terminal
    UNLESS_LISTED_OTHERWISE = "unless_listed_otherwise"  # the one workspace that a token belongs to
    ONLY_IF_LISTED = "only_if_listed"


@dataclass(frozen=True, slots=True)
class OperatorLists:
    """`teams` are "platform:workspace", None where the operator lists none; `admins` are `Identity.key`s."""

    teams: frozenset[str] | None = None
    admins: frozenset[str] = frozenset()

    def lets_in(self, identity: Identity, let_in: LetIn) -> bool:
        """Whether whoever speaks in this workspace may use Chipin at all."""
        if let_in is LetIn.ALWAYS:
            return True
        if self.teams is None:
            return let_in is LetIn.UNLESS_LISTED_OTHERWISE
        return f"{identity.platform}:{identity.workspace}" in self.teams

    def admins_on(self, platform: str, workspace: str) -> tuple[str, ...]:
        """The users of a workspace among the admins."""
        home = Identity(platform, workspace, "", "").key
        return tuple(sorted(each.removeprefix(home) for each in self.admins if each.startswith(home)))
