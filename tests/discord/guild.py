"""One guild ("server"): its people, roles, channels and threads, and what each may do where."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.discord import permissions
from tests.discord.clock import Numbers
from tests.discord.people import JOINED_AT, Json, Member, Role, User
from tests.discord.state import TEXT, Channel, id_of, unknown


@dataclass(slots=True, eq=False)
class Guild:
    """A guild. `present`: whether the bot is in it; `available`: False while Discord has an outage there."""

    id: str
    name: str
    owner: User
    numbers: Numbers
    bot_user: User
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    present: bool = True
    available: bool = True
    locale: str = "en-US"

    def __post_init__(self) -> None:
        self.roles[self.id] = Role(self.id, "@everyone", permissions.OF_EVERYONE, 0)
        own = Role(self.numbers.snowflake(), self.bot_user.name, 0, 1, managed=True, bot_id=self.bot_user.id)
        self.roles[own.id] = own
        self.add_member(self.owner)
        self.add_member(self.bot_user, own)

    @property
    def everyone(self) -> Role:
        return self.roles[self.id]

    @property
    def me(self) -> Member:
        return self.members[self.bot_user.id]

    @property
    def own_role(self) -> Role:
        """The bot's own role, made when it was invited: take permissions from the bot here and in `everyone`."""
        return next(role for role in self.roles.values() if role.bot_id == self.bot_user.id)

    def add_member(self, user: User, *roles: Role, nick: str = "") -> Member:
        self.members[user.id] = Member(user, {role.id for role in roles}, nick)
        return self.members[user.id]

    def add_role(self, name: str, permissions: int = 0) -> Role:
        role = Role(self.numbers.snowflake(), name, int(permissions), len(self.roles))
        self.roles[role.id] = role
        return role

    def add_channel(self, name: str, *, type: int = TEXT, nsfw: bool = False) -> Channel:  # noqa: A002 (Discord's word)
        channel = Channel(self.numbers.snowflake(), name, type, self.id, nsfw=nsfw)
        self.channels[channel.id] = channel
        return channel

    def add_thread(self, parent: Channel, name: str, type: int, owner: User, id: str = "") -> Channel:  # noqa: A002 (Discord's words)
        thread = Channel(id or self.numbers.snowflake(), name, type, self.id, parent.id, owner_id=owner.id)
        thread.inside.add(owner.id)
        self.channels[thread.id] = thread
        return thread

    def permissions_of(self, who: object, channel: Channel | None = None) -> int:
        """What a member may do, everywhere or in one channel."""
        member = self.members.get(id_of(who))
        if member is None:
            raise unknown("Member")
        of = self.channels[channel.parent_id] if channel is not None and channel.is_thread else channel
        return permissions.computed(
            member, owner_id=self.owner.id, everyone=self.everyone, roles=self.roles, channel=of
        )

    def threads(self) -> list[Channel]:
        return [each for each in self.channels.values() if each.is_thread and not each.archived]

    def as_json(self) -> Json:
        """As GET /guilds/ID tells it."""
        nothing = (
            *("icon", "description", "home_header", "splash", "discovery_splash", "banner", "application_id"),
            *("afk_channel_id", "system_channel_id", "widget_channel_id", "vanity_url_code", "max_presences"),
            *("rules_channel_id", "safety_alerts_channel_id", "public_updates_channel_id", "incidents_data"),
        )
        zero = (
            *("system_channel_flags", "verification_level", "default_message_notifications", "mfa_level"),
            *("explicit_content_filter", "premium_tier", "premium_subscription_count", "nsfw_level"),
        )
        return {
            "id": self.id,
            "name": self.name,
            "owner_id": self.owner.id,
            "roles": [role.as_json() for role in self.roles.values()],
            "region": "deprecated",
            "afk_timeout": 300,
            "widget_enabled": False,
            "preferred_locale": self.locale,
            "premium_progress_bar_enabled": False,
            "nsfw": False,
            "max_members": 500_000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "features": [],
            "emojis": [],
            "stickers": [],
            **dict.fromkeys(nothing),
            **dict.fromkeys(zero, 0),
        }

    def created_json(self, told_members: Iterable[Member], *, joined: bool = False) -> Json:
        """As GUILD_CREATE tells it: without the privileged intent only the bot itself is among the members.

        `joined`: the bot was just invited; else it was there, and is available (again).
        """
        if not self.available:
            return {"id": self.id, "unavailable": True}
        bot, view = self.bot_user, permissions.May.VIEW_CHANNEL
        seen = [each for each in self.threads() if self.permissions_of(bot, each) & view]
        return self.as_json() | {
            "joined_at": JOINED_AT,
            "large": False,
            **({} if joined else {"unavailable": False}),
            "member_count": len(self.members),
            "members": [member.as_json() for member in told_members],
            "channels": [each.as_json() for each in self.channels.values() if not each.is_thread],
            "threads": [each.as_json() for each in seen],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def channel_json(self, channel: Channel, seen_by: object = None) -> Json:
        """A channel, with what somebody may do there when it says who."""
        return channel.as_json(None if seen_by is None else self.permissions_of(seen_by, channel))
