"""One team, what is in it, and the app's installation there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.slack.clock import Clock, Numbers
from tests.slack.state import (
    Channel,
    Ephemeral,
    Json,
    Message,
    ShownView,
    SlackError,
    SlackFile,
    User,
    UserGroup,
)


@dataclass(slots=True)
class Workspace:
    """One team, and the app's installation in it. `scopes` None: whatever is asked for is granted."""

    team_id: str
    name: str
    clock: Clock
    numbers: Numbers
    bot_token: str
    bot_user_id: str
    bot_id: str
    scopes: frozenset[str] | None = None
    revoked: bool = False
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    user_groups: dict[str, UserGroup] = field(default_factory=dict)
    files: dict[str, SlackFile] = field(default_factory=dict)
    posted: dict[str, list[Message]] = field(default_factory=dict)
    ephemerals: list[Ephemeral] = field(default_factory=list)
    views: list[ShownView] = field(default_factory=list)
    homes: dict[str, ShownView] = field(default_factory=dict)
    statuses: list[Json] = field(default_factory=list)
    prompts: list[Json] = field(default_factory=list)
    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    sessions: dict[tuple[str, str], Json] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        return self.name.lower().replace(" ", "-")

    def add_user(self, id: str, name: str = "", **roles: Any) -> User:  # noqa: A002 (Slack's word)
        """Roles as User names them: admin, owner, restricted, ultra_restricted, bot, deleted, team, tz."""
        user = User(id, name or id.lower(), **{"team": self.team_id, **roles})
        self.users[id] = user
        return user

    def add_channel(
        self,
        id: str,  # noqa: A002 (Slack's word)
        name: str = "",
        members: Iterable[str] = (),
        *,
        private: bool = False,
        shared: bool = False,
        bot_is_member: bool = True,
    ) -> Channel:
        inside = {*members, *([self.bot_user_id] if bot_is_member else [])}
        self.channels[id] = Channel(id, name or id.lower(), inside, private, shared)
        return self.channels[id]

    def add_user_group(self, id: str, handle: str, users: Iterable[str]) -> UserGroup:  # noqa: A002 (Slack's word)
        self.user_groups[id] = UserGroup(id, handle, tuple(users))
        return self.user_groups[id]

    def direct(self, user: str) -> Channel:
        """The DM of the bot and this user, opened when it is not."""
        if user not in self.users:
            raise SlackError("user_not_found")
        channel = f"D{user[1:]}"
        if channel not in self.channels:
            self.channels[channel] = Channel(channel, "", {user, self.bot_user_id}, im_user=user)
        return self.channels[channel]

    def say(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        thread_ts: str = "",
        files: Sequence[SlackFile] = (),
        bot_id: str = "",
    ) -> Message:
        """Somebody writes a message (no event is sent: that is a feed's work)."""
        author = self.users.get(user)
        message = Message(channel, self.numbers.ts(), user, text, thread_ts, bot_id, "A0OTHER" if bot_id else "")
        message.files = [file.as_json() for file in files]
        message.team = author.team if author else self.team_id
        message.order = self.numbers.order()
        self.posted.setdefault(channel, []).append(message)
        return message

    def messages(self, channel: str, thread_ts: str = "") -> list[Message]:
        """What stands in the channel, or in the thread with its first message; deleted ones do not."""
        return [
            message
            for message in self.posted.get(channel, ())
            if not message.deleted and (not thread_ts or thread_ts in (message.ts, message.thread_ts))
        ]

    def find(self, channel: str, ts: str) -> Message | None:
        return next((message for message in self.posted.get(channel, ()) if message.ts == ts), None)
