"""A stage on Discord: people use commands with their options, mention the bot and press what it shows.

The story stays as it is: what it types is given here as the options of a command (`DiscordStage._given`), and what the
terminal has words for is pressed (`BUTTONS`). Who is not offered a command sends it all the same, as a changed client
would.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.people import Standing
from tests.discord.people import User
from tests.discord.reading import buttons, text_of
from tests.discord.state import Message
from tests.stories.discord_house import OnDiscord
from tests.waiting import until

BUTTONS: Mapping[str, tuple[str, ...]] = {
    "/yes": ("ask_confirm", "agree", "ask_quoted"),
    "/cheaper": ("ask_cheaper",),
    "/better": ("ask_better",),
    "/details": ("ask_details",),
    "/remove": ("ask_remove",),
    "/send": ("ask_send",),
    "/again": ("ask_again",),
    "/run": ("run_now",),
    "/undo": ("undo",),
    "/approve": ("decide_approve",),
    "/half": ("decide_half",),
    "/deny": ("decide_deny",),
}
"""What people press where they would type this in the terminal. What nobody shows them a button for is typed."""
TYPED_ALONE = ("/approve", "/half", "/deny", "/undo")
NAMED: Mapping[str, str] = {
    "/admin list": "chipin admins",
    "/requests": "admin request list",
    "/approve": "admin request approve",
    "/half": "admin request half",
    "/deny": "admin request deny",
    "/undo": "admin undo",
    "/freeze": "admin freeze",
    "/unfreeze": "admin unfreeze",
    "/audit": "admin audit",
    "/forget": "chipin forget",
}
"""Commands that are called otherwise on Discord (adapters/discord/table.py)."""
FIRST_MARK = 10_000
"""Components are numbered from 1; what has to be found again has higher numbers, and marks are the highest."""
OF_ADMINS = ("list", "policy", "add", "remove", "allow", "deny", "restore")


class DiscordStage:
    """`TeamStage`: one channel, #chat, in which everybody is, and the bot; `opener` may manage the server."""

    channel = "#chat"
    greeting = "Three steps to the first answer"
    last_admin_stays = "is an admin all the same: their platform says so"

    def __init__(self, on: OnDiscord, *, opener: str) -> None:
        self._on, self._discord, self._feed = on, on.discord, on.feed
        self._chat = on.chat_channel
        self._users: dict[str, User] = {opener: on.opener}
        self._opener = opener
        self._crew_may_ask = False
        self._read: set[str] = set()

    async def says(self, person: str, line: str) -> str:
        """Type it, or press what stands for it; returns what the person sees then that they did not see before."""
        user = self._user(person)
        before = self._state_of(user)
        name, _, text = line.partition(" ")
        if not line.startswith("/"):
            await self._asks(user, line)
        elif not await self._presses(user, name):
            await self._types(user, name, text)
        await until(lambda: self._on.is_idle and bool(self._news(user, before)))  # the work begins after it is heard
        return self._news(user, before)

    async def reads(self, person: str) -> str:
        """What they were told without asking for it, in messages that they have not read yet."""
        await self._on.tell()
        new = [each for each in self._seen_by(self._user(person)) if _is_notice(each) and each.id not in self._read]
        self._read |= {each.id for each in new}
        return "".join(f"{read(each)}\n" for each in new)

    async def joins(self, person: str, *, roles: Sequence[str] = (), standing: Standing = Standing.MEMBER) -> None:
        """Somebody of that kind comes into the server. Before the first one does, who opened it lets the crew ask."""
        if not self._crew_may_ask:
            self._crew_may_ask = True
            assert "may ask" in await self.says(self._opener, "/admin allow @crew")
        guild = self._discord.guild
        called = {each.name: each for each in guild.roles.values()}
        known = [called.get(name) or guild.add_role(name) for name in (role.removeprefix("@") for role in roles)]
        user = self._user(person, bot=standing is Standing.BOT)
        member = guild.members.get(user.id) or guild.add_member(user)
        member.pending = standing is Standing.GUEST
        member.roles |= {each.id for each in known}
        if standing is not Standing.MEMBER:
            member.roles -= {self._on.crew.id}

    async def leaves(self, person: str) -> None:
        """They leave the server. Discord does not tell the bot; what they press next, which they cannot see, does."""
        user = self._user(person)
        details = next(each for each in self._buttons_of(user) if each.startswith("ask_details "))
        before = self._state_of(user)
        [*_, told_alone] = self._discord.answers(self._discord.direct(user))
        await self._feed.left(user)
        assert (await self._feed.press(told_alone, details, user=user, forged=True)).ok
        await until(lambda: self._on.is_idle and "not a member of that server" in self._news(user, before))

    async def returns(self, person: str) -> None:
        """They are back in it."""
        self._discord.guild.add_member(self._user(person), self._on.crew, nick=person)

    # --- what people do ---

    async def _asks(self, user: User, question: str) -> None:
        """In the channel, by a mention; who is not in the server any more asks the bot alone."""
        if user.id in self._discord.guild.members:
            await self._feed.mention(question, user=user, channel=self._chat)
        else:
            await self._feed.direct(question, user=user)

    async def _presses(self, user: User, name: str) -> bool:
        """Press the newest button that stands for it; whether there is one, or has to be."""
        for action in BUTTONS.get(name, ()):
            for shown in reversed(list(self._seen_by(user))):
                for each in buttons(shown):
                    if each.get("custom_id", "").partition(" ")[0] == action:
                        assert (await self._feed.press(shown, each["custom_id"], user=user)).ok
                        return True
        assert name not in BUTTONS or name in TYPED_ALONE, f"nothing to press for {name}"
        return False

    async def _types(self, user: User, name: str, text: str) -> None:
        """A command with its options. Who is not offered it sends it all the same."""
        path, options = self._given(user, name, text)
        is_offered = path.partition(" ")[0] in self._feed.offers(user, self._chat)
        heard = await self._feed.command(path, options, user=user, channel=self._chat, forged=not is_offered)
        assert heard.ok

    def _given(self, user: User, name: str, text: str) -> tuple[str, dict[str, Any]]:
        """The command on Discord, and its options."""
        first, _, rest = text.partition(" ")
        match name:
            case "/ask":
                return "ask", self._question(text)
            case "/price":
                return "price", {"text": text}
            case "/topup" | "/request":
                return name.removeprefix("/"), {"amount": first, "reason": rest} if rest else {"amount": first}
            case "/limit" if text and first != "me":
                return "admin limit", {"who": self._user(first), "amount": rest}
            case "/limit":
                return "chipin limit", {"limit": rest} if rest else {}
            case "/admin" if first in OF_ADMINS:
                return NAMED.get(f"/admin {first}", f"admin {first}"), self._about(rest, first)
            case "/freeze" | "/unfreeze":
                about: dict[str, Any] = {"member": self._user(first)}
                return NAMED[name], about | ({"reason": rest} if rest else {})
            case "/approve" | "/half" | "/deny" if text:
                return NAMED[name], {"number": int(text)}
            case _:
                return NAMED.get(name, name.removeprefix("/")), {}

    def _question(self, text: str) -> dict[str, Any]:
        if not text.startswith("--model "):
            return {"prompt": text}
        _, model, prompt = text.split(" ", maxsplit=2)
        return {"prompt": prompt, "model": model}

    def _about(self, words: str, what: str) -> dict[str, Any]:
        """Whom a rule or a right is about, and what it is to be."""
        if not words:
            return {}
        first, *more = words.split(" ", maxsplit=2)
        if first == self.channel:
            rule = dict(zip(("setting", "value"), more, strict=False))
            return {"channel": self._chat, **rule}
        if first in self._users:
            return {"member" if what in ("add", "remove", "restore") else "who": self._user(first)}
        role = next((each for each in self._discord.guild.roles.values() if f"@{each.name}" == words), None)
        return {"who": role} if role is not None else {"whom": words}

    # --- what people see ---

    def _user(self, person: str, *, bot: bool = False) -> User:
        """Their account, made when they are first named; all are in the server, and of the crew."""
        if person not in self._users:
            self._users[person] = user = self._discord.add_user(person.lower(), person, bot=bot)
            self._discord.guild.add_member(user, self._on.crew, nick=person)
        return self._users[person]

    def _seen_by(self, user: User) -> Iterator[Message]:
        """Everything that the bot shows them, oldest first."""
        said = [
            message
            for channel in self._discord.channels.values()
            if channel.recipient in (None, user)
            for message in channel.messages
            if message.author is self._discord.bot_user and not message.deleted
            if message.only_for in ("", user.id)
        ]
        yield from sorted(said, key=lambda message: message.order)

    def _buttons_of(self, user: User) -> Iterator[str]:
        for shown in self._seen_by(user):
            yield from (str(each["custom_id"]) for each in buttons(shown))

    def _state_of(self, user: User) -> dict[str, str]:
        return {shown.id: read(shown) for shown in self._seen_by(user)}

    def _news(self, user: User, before: Mapping[str, str]) -> str:
        """What is new, or says something else now."""
        told = [
            words
            for shown in self._seen_by(user)
            if not _is_notice(shown) or shown.id in before
            if (words := read(shown)) != before.get(shown.id, "")
        ]
        return "".join(f"{words}\n" for words in told).replace("/chipin ", "/")


def read(shown: Message) -> str:
    """What somebody reads: without what makes Markdown of it, and small print like any other."""
    words = re.sub(r"\\([^\w\s])", r"\1", text_of(shown)).replace("\N{ZERO WIDTH SPACE}", "")
    return re.sub(r"(?m)^-# ", "", words)


def _is_notice(shown: Message) -> bool:
    """Whether it was told without being asked for: that is marked (adapters/discord/later/marked.py)."""
    return any(int(each.get("id", 0)) >= FIRST_MARK for each in shown.components)
