"""A stage on Slack: people type commands, mention the bot and press what it shows; the story stays as it is.

What the terminal has words for is pressed here: `BUTTONS`. Everything else is typed, as Slack sends it: people and
channels by mention.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from core.people import Standing
from tests.slack.reading import buttons, text_of
from tests.slack.state import Ephemeral, Message, User
from tests.stories.slack_house import OnSlack, user_id

CHAT = "C1CHAT"
BUTTONS: Mapping[str, tuple[str, ...]] = {
    "/yes": ("ask_confirm", "agree", "ask_quoted:1"),
    "/cheaper": ("ask_cheaper",),
    "/better": ("ask_better",),
    "/details": ("ask_details",),
    "/remove": ("ask_remove_secrets",),
    "/send": ("ask_send_secrets",),
    "/again": ("ask_again",),
    "/run": ("run_now",),
    "/undo": ("undo",),
    "/approve": ("decide_approve",),
    "/half": ("decide_half",),
    "/deny": ("decide_deny",),
}
"""What people press where they would type this in the terminal. What nobody shows them a button for is typed."""
TYPED_ALONE = ("/approve", "/half", "/deny", "/undo")
NOTICE = "chipin_notice"
_STANDINGS: Mapping[Standing, Mapping[str, object]] = {
    Standing.MEMBER: {},
    Standing.GUEST: {"restricted": True},
    Standing.OUTSIDER: {"team": "T9OTHER"},
    Standing.BOT: {"bot": True},
}

Shown = Message | Ephemeral


class SlackStage:
    """`TeamStage`: one channel, #chat, in which everybody is, and the bot; `opener` looks after the workspace."""

    channel = "#chat"
    greeting = "Three steps to the first answer"
    last_admin_stays = "is an admin all the same: their platform says so"

    def __init__(self, on: OnSlack, *, opener: str) -> None:
        self._slack, self._feed, self._settle, self._tell = on.slack, on.feed, on.settle, on.tell
        self._users: dict[str, User] = {}
        self._read: dict[str, set[tuple[str, int]]] = {}
        self._slack.add_channel(CHAT, "chat")
        self._user(opener)

    async def says(self, person: str, line: str) -> str:
        """Type it, or press what stands for it; returns what the person sees then that they did not see before."""
        user = self._user(person)
        before = self._state_of(user)
        name, _, text = line.partition(" ")
        if not line.startswith("/"):
            await self._feed.mention(line, user=user.id, channel=CHAT)
        elif not await self._presses(user, name):
            await self._types(user, name, text)
        await self._settle()
        return self._news(user, before, unasked=False)

    async def reads(self, person: str) -> str:
        """What they were told without asking for it, in messages that they have not read yet."""
        await self._tell()
        user = self._user(person)
        read = self._read.setdefault(person, set())
        new = [shown for shown in self._seen_by(user) if _is_notice(shown) and (shown.ts, 0) not in read]
        read |= {(shown.ts, 0) for shown in new}
        return "".join(f"{text_of(shown)}\n" for shown in new)

    async def joins(self, person: str, *, roles: Sequence[str] = (), standing: Standing = Standing.MEMBER) -> None:
        """An account of that kind, in these user groups."""
        user = self._user(person, **_STANDINGS[standing])
        for role in roles:
            handle = role.removeprefix("@")
            known = self._slack.workspace.user_groups.get(f"S{handle.upper()}")
            self._slack.add_user_group(f"S{handle.upper()}", handle, (*(known.users if known else ()), user.id))
        await self._tells_of(user, "team_join")

    async def leaves(self, person: str) -> None:
        """Their account is deactivated."""
        self._user(person).deleted = True
        await self._tells_of(self._user(person), "user_change")

    async def returns(self, person: str) -> None:
        """It is activated again."""
        self._user(person).deleted = False
        await self._tells_of(self._user(person), "user_change")

    # --- what people do ---

    async def _presses(self, user: User, name: str) -> bool:
        """Press the newest button that stands for it; whether there is one, or has to be."""
        for action in BUTTONS.get(name, ()):
            for shown in reversed(list(self._seen_by(user))):
                if any(element["action_id"] == action for element in buttons(shown)):
                    heard = await self._feed.press(action, user=user.id, on=shown)
                    assert heard.ok
                    return True
        assert name not in BUTTONS or name in TYPED_ALONE, f"nothing to press for {name}"
        return False

    async def _types(self, user: User, name: str, text: str) -> None:
        """A command of its own name where it has one, behind /chipin where not."""
        if name == "/ask":
            heard = await self._feed.command("/ask", f"--here {text}", user=user.id, channel=CHAT)
        else:
            own = name in OWN_NAME
            typed = self._mentioning(text if own else f"{name.removeprefix('/')} {text}".strip())
            heard = await self._feed.command(name if own else "/chipin", typed, user=user.id, channel=CHAT)
        assert heard.ok

    def _mentioning(self, text: str) -> str:
        """Names of people and of the channel as Slack sends them."""
        named = text.replace(self.channel, f"<#{CHAT}|chat>")
        for person, user in self._users.items():
            named = re.sub(rf"(?<![\w@|]){person}\b", f"<@{user.id}|{user.name}>", named)
        return named

    # --- what people see ---

    def _user(self, person: str, **kind: object) -> User:
        """Their account, made when they are first named; all are in #chat."""
        if person not in self._users:
            account = user_id(person)
            known = self._slack.workspace.users.get(account)
            user = known or self._slack.add_user(account, person.lower(), display_name=person, **kind)
            self._slack.workspace.channels[CHAT].members.add(user.id)
            self._users[person] = user
        return self._users[person]

    def _seen_by(self, user: User) -> Iterator[Shown]:
        """Everything that the bot shows them, oldest first."""
        team = self._slack.workspace
        direct = team.direct(user.id).id
        said: list[Shown] = [each for each in (*team.messages(CHAT), *team.messages(direct)) if each.bot_id]
        alone = [each for each in team.ephemerals if each.user == user.id and not each.gone]
        yield from sorted([*said, *alone], key=lambda shown: shown.order)

    def _state_of(self, user: User) -> dict[str, str]:
        return {f"{type(shown).__name__} {shown.ts}": text_of(shown) for shown in self._seen_by(user)}

    def _news(self, user: User, before: Mapping[str, str], *, unasked: bool) -> str:
        """What is new, or says something else now."""
        told = [
            words
            for shown in self._seen_by(user)
            if not _is_notice(shown) or f"{type(shown).__name__} {shown.ts}" in before
            if (words := text_of(shown)) != before.get(f"{type(shown).__name__} {shown.ts}")
        ]
        return "".join(f"{words}\n" for words in told).replace("/chipin ", "/")

    async def _tells_of(self, user: User, event: str) -> None:
        heard = await self._feed.event({"type": event, "user": user.as_json(self._slack.team_id)})
        assert heard.ok
        await self._settle()


OWN_NAME = ("/balance", "/usage", "/models", "/price", "/request", "/topup")
"""Commands that Slack knows by themselves; everything works behind /chipin."""


def _is_notice(shown: Shown) -> bool:
    return isinstance(shown, Message) and (shown.metadata or {}).get("event_type") == NOTICE
