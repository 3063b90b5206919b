"""Which channel reads what was recorded: /admin announce, for chats that have no other place to choose it."""

from core.commands.speaking import Reply, Speaker, said
from core.errors import BadInput, NotAllowed
from core.policy import TargetKind, channel_target, kind_of, named_in
from core.preferences import NOT_YOURS, Preferences
from core.preferred import announced_in

OFF = "off"
NOT_A_CHANNEL = (
    "That is no channel that Chipin knows. Type # and choose it from the list that your chat shows. "
    "Nothing was changed."
)


class Channels:
    """Answers admins."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    async def announce(self, speaker: Speaker, typed: str) -> Reply:
        """Show where it is announced what was recorded; set a channel of this workspace, or with "off" none."""
        if not speaker.member.admin:
            raise NotAllowed(NOT_YOURS)
        name, words = announced_in(speaker.place.platform, speaker.place.workspace), typed.strip()
        if words:
            value = "" if words.casefold() == OFF else channel_named(speaker, words)
            await self._preferences.set_for_team(speaker.member, name, value)
        channel = (await self._preferences.of_team(speaker.member.team.id)).get(name, "")
        if not channel:
            return said(["What is recorded is told to the admins, each alone."])
        called = speaker.names.name(channel_target(speaker.place.platform, channel))
        return said([f"What is recorded is announced in {called}, where Chipin has to be able to write."])


def channel_named(speaker: Speaker, typed: str) -> str:
    """The id of a channel that was named; `BadInput` for what is none."""
    target = speaker.names.target(typed)
    if kind_of(target) is not TargetKind.CHANNEL:
        raise BadInput(NOT_A_CHANNEL)
    return named_in(target).partition(":")[2]
