"""What is in a Slack: workspaces, people, channels, messages, views, files. Plain records that tests may read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """Slack refuses a call: `{"ok": false, "error": code, ...}`."""

    def __init__(self, code: str, *messages: str, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.fields: Json = dict(fields)
        if messages:
            self.fields["response_metadata"] = {"messages": list(messages)}


@dataclass(slots=True)
class User:
    id: str
    name: str
    team: str
    admin: bool = False
    owner: bool = False
    restricted: bool = False
    ultra_restricted: bool = False
    bot: bool = False
    deleted: bool = False
    tz: str = "UTC"
    display_name: str = ""

    def as_json(self, seen_from: str) -> Json:
        """As users.info tells it to an app of the workspace; a stranger's roles are not told."""
        told: Json = {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "real_name": self.name.title(),
            "deleted": self.deleted,
            "tz": self.tz,
            "is_bot": self.bot,
            "is_app_user": False,
            "is_stranger": False,
            "updated": 1_700_000_000,
            "profile": {
                "real_name": self.name.title(),
                "display_name": self.display_name or self.name,
                "team": self.team,
                **({"bot_id": "B" + self.id[1:], "api_app_id": "A0OTHER"} if self.bot else {}),
            },
        }
        if self.team != seen_from:
            return {**told, "is_stranger": True, "is_restricted": self.restricted}
        return {
            **told,
            "is_admin": self.admin or self.owner,
            "is_owner": self.owner,
            "is_primary_owner": False,
            "is_restricted": self.restricted or self.ultra_restricted,
            "is_ultra_restricted": self.ultra_restricted,
        }


@dataclass(slots=True)
class Channel:
    id: str
    name: str
    members: set[str]
    private: bool = False
    shared: bool = False
    im_user: str = ""
    archived: bool = False

    @property
    def kind(self) -> str:
        """As `channel_type` of a message event says it."""
        return "im" if self.im_user else ("group" if self.private else "channel")

    def as_json(self, bot_user_id: str) -> Json:
        told: Json = {
            "id": self.id,
            "is_archived": self.archived,
            "is_im": bool(self.im_user),
            "is_mpim": False,
            "is_channel": not self.private and not self.im_user,
            "is_group": self.private,
            "is_private": self.private or bool(self.im_user),
            "is_shared": self.shared,
            "is_ext_shared": self.shared,
            "is_org_shared": False,
        }
        if self.im_user:
            return {**told, "user": self.im_user}
        return {**told, "name": self.name, "is_member": bot_user_id in self.members, "num_members": len(self.members)}


@dataclass(slots=True, eq=False)
class Stream:
    """A message that is still being written."""

    recipient: str
    started_at: float
    mode: str = ""  # "markdown_text" or "chunks", set by the first text
    appends: int = 0
    open: bool = True
    expired: bool = False
    expires_after_appends: int | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    text: str
    blocks: Sequence[Json]
    markdown: str
    order: int


@dataclass(slots=True, eq=False)
class Message:
    """A message. `markdown` is what was streamed or sent as markdown_text; `edits` are what stood before."""

    channel: str
    ts: str
    user: str
    text: str = ""
    thread_ts: str = ""
    bot_id: str = ""
    app_id: str = ""
    markdown: str = ""
    blocks: list[Json] = field(default_factory=list)
    tasks: dict[str, Json] = field(default_factory=dict)
    metadata: Json | None = None
    files: list[Json] = field(default_factory=list)
    stream: Stream | None = None
    edits: list[Edit] = field(default_factory=list)
    deleted: bool = False
    order: int = 0
    team: str = ""
    via: str = ""

    @property
    def streaming(self) -> bool:
        """Whether Slack still shows it as being written."""
        return self.stream is not None and self.stream.open

    def replace(self, order: int, *, text: str, blocks: list[Json], markdown: str = "") -> None:
        self.edits.append(Edit(self.text, tuple(self.blocks), self.markdown, order))
        self.text, self.blocks, self.markdown = text, blocks, markdown

    def as_json(self) -> Json:
        """As conversations.replies and payloads carry it."""
        told: Json = {"type": "message", "ts": self.ts, "user": self.user, "text": self.text or self.markdown}
        told["team"] = self.team
        if self.thread_ts:
            told["thread_ts"] = self.thread_ts
        if self.bot_id:
            told |= {"bot_id": self.bot_id, "app_id": self.app_id}
        if self.blocks:
            told["blocks"] = self.blocks
        if self.metadata:
            told["metadata"] = self.metadata
        if self.files:
            told["files"] = self.files
        if self.edits:
            told["edited"] = {"user": self.user, "ts": self.ts}
        return told


@dataclass(slots=True, eq=False)
class Ephemeral:
    """What one user alone sees, until they reload."""

    channel: str
    user: str
    ts: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str = ""
    via: str = "chat.postEphemeral"
    order: int = 0
    gone: bool = False
    markdown: str = ""


@dataclass(slots=True, eq=False)
class ShownView:
    """A modal or a Home tab somebody sees. `history` are what it showed before."""

    id: str
    user: str
    team: str
    view: Json
    how: str  # open, push, publish
    hash: str
    root: str
    previous: str = ""
    open: bool = True
    order: int = 0
    history: list[Json] = field(default_factory=list)

    @property
    def title(self) -> str:
        return str(self.view.get("title", {}).get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        return list(self.view["blocks"])


@dataclass(slots=True)
class UserGroup:
    id: str
    handle: str
    users: tuple[str, ...]


@dataclass(slots=True)
class SlackFile:
    """A file. `whole`: its upload is complete. `looks_left`: how often it is looked at before it is ready.

    `shared_in`: the channel in which it was posted.
    """

    id: str
    name: str
    mimetype: str
    content: bytes
    url: str
    user: str = ""
    awaits_bytes: int = 0
    whole: bool = False
    looks_left: int = 0
    alt_text: str = ""
    shared_in: str = ""

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "title": self.name,
            "mimetype": self.mimetype,
            "filetype": self.name.rpartition(".")[2],
            "size": len(self.content),
            "mode": "hosted",
            "user": self.user,
            "is_external": False,
            "file_access": "visible",
            "url_private": self.url,
            "url_private_download": self.url + "?download=1",
        }
