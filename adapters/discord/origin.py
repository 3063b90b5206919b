"""Where something came from on Discord, read off discord.py's objects: none of them goes further inside."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import discord

from adapters.discord.api import Handle
from adapters.discord.profiles import Profile, profile_of_member
from core.people import Place

PLATFORM = "discord"
BEGUN_BY = "by "
"""Before the id of what began a conversation outside a thread: a thread has an id alone."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who said or pressed something, and where.

    `guild_id` is the server that pays: the one it was said in, in a direct message the speaker's home (empty until it
    is known). What is said in a thread has its parent as `channel_id`, where rules count, and the thread's own id as
    `thread_id`. `message_id` is the message it is about: what was said, pressed, or asked about. `said` is what Discord
    says of the speaker with it; in a direct message nothing. `handle` answers what was typed or pressed.
    """

    guild_id: str
    user_id: str
    channel_id: str = ""
    thread_id: str = ""
    message_id: str = ""
    user_name: str = ""
    is_direct: bool = False
    is_bot: bool = False
    said: Profile | None = None
    handle: Handle | None = None

    @property
    def place(self) -> Place:
        """Where it is for core."""
        return Place(PLATFORM, self.guild_id, self.channel_id, self.thread_id)

    @property
    def asked_in(self) -> Place:
        """The same for a question that everybody may read the answer of.

        Outside a thread it begins something of its own, named by its message, or by what was typed or pressed.
        """
        begun = self.message_id or (self.handle.id if self.handle is not None else "")
        return replace(self.place, thread=self.thread_id or f"{BEGUN_BY}{begun}")

    @property
    def writes_to(self) -> str:
        """The channel or thread that an answer is written to."""
        return self.thread_id or self.channel_id


Done = Callable[[Origin], None]
"""Called when what somebody asked, typed or pressed is over."""


def of_interaction(interaction: discord.Interaction, now_seconds: float) -> Origin:
    """A command, a press, or a submitted form, which came at this monotonic time."""
    channel_id, thread_id = _where(interaction.channel, interaction.channel_id)
    user, message = interaction.user, interaction.message
    return Origin(
        guild_id=str(interaction.guild_id or ""),
        user_id=str(user.id),
        channel_id=channel_id,
        thread_id=thread_id,
        message_id=str(message.id) if message is not None else "",
        user_name=user.display_name,
        is_direct=interaction.guild_id is None,
        is_bot=user.bot,
        said=_profile_of(interaction, user) if isinstance(user, discord.Member) else None,
        handle=Handle(str(interaction.id), interaction.token, str(interaction.application_id), now_seconds),
    )


def _profile_of(interaction: discord.Interaction, member: discord.Member) -> Profile:
    """Discord says what somebody is permitted in that channel, where whoever manages a channel may permit more.

    The server is looked after by whom their roles let do so; in the server that is not known nobody does.
    """
    return profile_of_member(member, interaction.permissions & member.guild_permissions)


def of_message(message: discord.Message) -> Origin:
    """A message that somebody wrote."""
    channel_id, thread_id = _where(message.channel, message.channel.id)
    author = message.author
    return Origin(
        guild_id=str(message.guild.id) if message.guild is not None else "",
        user_id=str(author.id),
        channel_id=channel_id,
        thread_id=thread_id,
        message_id=str(message.id),
        user_name=author.display_name,
        is_direct=message.guild is None,
        is_bot=author.bot or message.webhook_id is not None,
        said=profile_of_member(author, author.guild_permissions) if isinstance(author, discord.Member) else None,
    )


def _where(channel: object, channel_id: int | None) -> tuple[str, str]:
    """The channel, and the thread in it where there is one."""
    if isinstance(channel, discord.Thread):
        return str(channel.parent_id), str(channel.id)
    return str(channel_id or ""), ""
