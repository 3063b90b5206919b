"""Which method needs which scopes and fields, and who answers it. The methods' files fill METHODS as they are read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.slack.faults import Call
from tests.slack.state import Channel, Json, SlackError
from tests.slack.workspace import Workspace

if TYPE_CHECKING:
    from tests.slack.server import FakeSlack


@dataclass(frozen=True, slots=True)
class At:
    """What a method is called with: this Slack, the workspace of its token, and the call."""

    slack: "FakeSlack"
    team: Workspace
    call: Call

    @property
    def fields(self) -> Json:
        return self.call.fields

    def text(self, name: str) -> str:
        value = self.call.fields.get(name)
        return "" if value is None else str(value)

    def need_scope(self, *any_of: str) -> None:
        """Refuse when the installation has none of these scopes."""
        granted = self.team.scopes
        if granted is not None and any_of and not granted & set(any_of):
            raise SlackError("missing_scope", needed=any_of[0], provided=",".join(sorted(granted)))


Handler = Callable[[At], Json]


@dataclass(frozen=True, slots=True)
class Method:
    handler: Handler
    scopes: tuple[str, ...]  # any one of them
    required: tuple[str, ...]


METHODS: dict[str, Method] = {}


def method(name: str, *, scopes: Sequence[str] = (), required: Sequence[str] = ()) -> Callable[[Handler], Handler]:
    """Register the answer to a method of the Web API."""

    def registering(handler: Handler) -> Handler:
        METHODS[name] = Method(handler, tuple(scopes), tuple(required))
        return handler

    return registering


READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}
HISTORY = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}


def seen_channel(at: At, name: str) -> Channel:
    """A channel the bot may know of: a private one only from inside."""
    channel = at.team.channels.get(name)
    if channel is None or (channel.kind != "channel" and at.team.bot_user_id not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def own_channel(at: At, name: str, *, posting: bool = False) -> Channel:
    """A channel the bot is in; a user's id stands for their DM, as in chat.postMessage."""
    if name[:1] in ("U", "W"):
        return at.team.direct(name)
    channel = seen_channel(at, name)
    if at.team.bot_user_id not in channel.members and not (
        posting and at.team.scopes is not None and "chat:write.public" in at.team.scopes
    ):
        raise SlackError("not_in_channel")
    if channel.archived and posting:
        raise SlackError("is_archived")
    return channel
