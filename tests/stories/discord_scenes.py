"""Scenes on Discord: what the app sends when people ask, look at prices and add budget, to be drawn as pictures.

Each scene is what one person sees: what people wrote, messages and forms exactly as they were sent, and what Discord
offers while somebody types. `python -m tests.stories.write_pictures` writes them to docs/pictures/discord/, where
scripts/render_discord.py draws them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.discord.interactions import Interaction
from tests.discord.people import Json, User
from tests.discord.reading import buttons, text_of
from tests.discord.state import EPHEMERAL, LOADING, Channel, Message
from tests.stories import digest_week
from tests.stories.discord_house import OnDiscord
from tests.waiting import until

QUESTION = "why does my migration deadlock?"
TABLE = "compare the isolation levels of PostgreSQL, and show how to set one"
DEAR = "gpt-6.1-sol"
FIRST = "Before your first question"
VOLATILE = ("custom_id", "id")
"""Fields that are different each time and that nobody sees."""
_MENTION = re.compile(r"<(@&?|#)(\d+)>")
SHOWN_COMMANDS = ("ask", "balance", "models", "price", "request", "usage")


@dataclass(slots=True)
class Camera:
    """Takes what people of a Discord see."""

    on: OnDiscord
    ben: User
    taken: dict[str, Json] = field(default_factory=dict)

    @property
    def ada(self) -> User:
        """Who looks after the server."""
        return self.on.opener

    async def uses(
        self,
        command: str,
        options: Mapping[str, Any] | None = None,
        user: User | None = None,
        where: Channel | None = None,
    ) -> list[Message]:
        """A command; what they see then that they did not see before."""
        return await self._sees(
            user or self.ben,
            self.on.feed.command(command, options, user=user or self.ben, channel=where or self.on.chat_channel),
        )

    async def mentions(self, text: str) -> tuple[Message, list[Message]]:
        """Ben's question in the channel; it, and what he sees then."""
        seen = await self._sees(self.ben, self.on.feed.mention(text, user=self.ben, channel=self.on.chat_channel))
        asked = next(each for each in reversed(self.on.chat_channel.messages) if each.author is self.ben)
        return asked, seen

    async def presses(self, label: str, on: Message, user: User | None = None) -> list[Message]:
        """A button, by what it does; what they see then."""
        pressed = next(each for each in buttons(on) if each["custom_id"].partition(" ")[0] == label)
        return await self._sees(user or self.ben, self.on.feed.press(on, pressed["custom_id"], user=user or self.ben))

    async def opens(self, label: str, on: Message, user: User) -> Interaction:
        """A button that opens a form."""
        pressed = next(each for each in buttons(on) if each["custom_id"].partition(" ")[0] == label)
        return await self.on.feed.press(on, pressed["custom_id"], user=user)

    async def told(self, user: User) -> list[Message]:
        """What the bot wrote to somebody alone."""
        await self.on.tell()
        return self.on.discord.answers(self.on.discord.direct(user))

    async def _sees(self, user: User, doing: Any) -> list[Message]:
        before = self._state_of(user)
        await doing
        await until(lambda: self.on.is_idle and bool(self._news(user, before)))
        return self._news(user, before)

    def _news(self, user: User, before: Mapping[str, str]) -> list[Message]:
        return [each for each in self._seen_by(user) if _said(each) != before.get(each.id, "")]

    def _state_of(self, user: User) -> dict[str, str]:
        return {each.id: _said(each) for each in self._seen_by(user)}

    def _seen_by(self, user: User) -> Iterator[Message]:
        discord = self.on.discord
        said = [
            message
            for channel in discord.channels.values()
            if channel.recipient in (None, user)
            for message in channel.messages
            if message.author is discord.bot_user and not message.deleted and message.only_for in ("", user.id)
        ]
        yield from sorted(said, key=lambda message: message.order)

    # --- pictures ---

    def take(self, name: str, caption: str, *seen: Message | Json) -> None:
        """Keep what somebody sees under a name."""
        names: dict[str, str] = {}
        shown = [self._shown(each, names) if isinstance(each, Message) else _stable(each, names) for each in seen]
        self.taken[name] = {"caption": caption, **({"names": names} if names else {}), "seen": shown}

    def _shown(self, message: Message, names: dict[str, str]) -> Json:
        told: Json = {"from": self._called(message.author), **self._above(message)}
        told |= {"content": message.content} if message.content else {}
        told |= {"components": message.components} if message.components else {}
        if flags := message.flags & (EPHEMERAL | LOADING):
            told["flags"] = flags
        beside = [each for each in message.attachments if f"/{each.filename}?" not in str(message.components)]
        if beside:  # what a card shows is shown there alone
            told["attachments"] = [{"filename": each.filename, "size": len(each.content)} for each in beside]
        stable: Json = _stable(told, names, self._name_of)
        return stable

    def _above(self, message: Message) -> Json:
        """What stands over it in small."""
        if message.reply_to is not None:
            of = message.reply_to
            return {"reply_to": {"from": self._called(of.author), "content": text_of(of)}}
        used = self.on.discord.interactions.get(str((message.metadata or {}).get("id", "")))
        if used is None or used.payload["type"] != 2:
            return {}
        return {"used": {"by": self._called(used.user), "command": f"/{_path(used.payload['data'])}"}}

    def _called(self, user: User) -> str:
        member = self.on.discord.guild.members.get(user.id)
        return (member.nick if member is not None else "") or user.global_name or user.name

    def _name_of(self, sign: str, id_: str) -> str:
        discord = self.on.discord
        if sign == "#":
            return f"#{discord.channels[id_].name}"
        return f"@{discord.guild.roles[id_].name}" if sign == "@&" else f"@{self._called(discord.users[id_])}"


def _said(message: Message) -> str:
    return "" if message.is_loading else text_of(message)


def _path(data: Json) -> str:
    """The name of a command with those of its subcommands."""
    inside = [each for each in data.get("options") or () if each["type"] in (1, 2)]
    return " ".join([data["name"], *map(_path, inside)])


def _stable(sent: Any, names: dict[str, str], name_of: Any = None) -> Any:
    """What was sent, without what is different each time; people are numbered as they are named."""
    if isinstance(sent, str):
        return _MENTION.sub(lambda found: _numbered(found, names, name_of), sent)
    if isinstance(sent, Mapping):
        if "proxy_url" in sent:  # where a picture lies by now; it was sent under its name
            return {"url": f"attachment://{sent['url'].partition('?')[0].rpartition('/')[2]}"}
        kept = {name: value for name, value in sent.items() if name not in VOLATILE}
        return {name: _stable(value, names, name_of) for name, value in kept.items()}
    return [_stable(each, names, name_of) for each in sent] if isinstance(sent, Sequence) else sent


def _numbered(found: "re.Match[str]", names: dict[str, str], name_of: Any) -> str:
    called = name_of(found[1], found[2])
    known = next((mention for mention, name in names.items() if name == called), None)
    mention = known or f"<{found[1]}{len(names) + 1}>"
    names[mention] = called
    return mention


# --- the scenes ---


async def play(on: OnDiscord) -> Mapping[str, Json]:
    """Every scene, one after the other in one team's first hour."""
    ben = on.discord.add_user("ben", "Ben")
    on.discord.guild.add_member(ben, on.crew, nick="Ben")
    camera = Camera(on, ben)
    await _first_minutes(camera)
    await _a_first_question(camera)
    await _answers(camera)
    await _money(camera)
    await _a_limit(camera)
    await _digest(camera)
    return camera.taken


async def _first_minutes(camera: Camera) -> None:
    [*_, greeting] = await camera.told(camera.ada)
    camera.take("first-minutes", "What an admin reads first", greeting)
    seen = await camera.uses("ask", {"prompt": QUESTION}, camera.ada)
    camera.take(
        "empty-wallet",
        "Nobody can overspend: an empty wallet asks for budget",
        *[each for each in seen if FIRST not in text_of(each)],
    )
    opened = await camera.opens("open_topup", greeting, camera.ada)
    assert opened.modal is not None
    camera.take("topup-form", "Add budget opens a form", {"modal": opened.modal})
    camera.take(
        "nobody-yet", "Until an admin lets a role, only admins may ask", *await camera.uses("ask", {"prompt": QUESTION})
    )
    camera.take(
        "topup",
        "/topup, and what can be pressed for ten minutes",
        *await camera.uses("topup", {"amount": "25", "reason": "November budget"}, camera.ada),
    )
    camera.take("allow", "/admin allow", *await camera.uses("admin allow", {"who": camera.on.crew}, camera.ada))


async def _a_first_question(camera: Camera) -> None:
    discord = camera.on.discord
    listed = [each for each in discord.commands[""].values() if each["name"] in SHOWN_COMMANDS and each["type"] == 1]
    shown = [
        {"name": each["name"], "description": each["description"], "options": _required(each)}
        for each in sorted(listed, key=lambda each: str(each["name"]))
    ]
    camera.take("commands", "What Discord offers after a slash", {"commands": shown})
    offered = await camera.on.feed.autocomplete(
        "ask", "model", "gpt", {"prompt": QUESTION}, user=camera.ben, channel=camera.on.chat_channel
    )
    typed = {"prompt": QUESTION, "model": "gpt"}
    camera.take(
        "models-while-typing",
        "Prices while somebody picks a model",
        {"command": "ask", "option": "model", "typed": typed, "choices": offered[:6]},
    )
    answer, notice = await camera.uses("ask", {"prompt": QUESTION})
    camera.take("first-answer", "An answer, with its price", answer)
    camera.take("first-use", "Once: where questions go and what they cost", notice)


def _required(command: Json) -> list[Json]:
    return [{"name": each["name"]} for each in command.get("options") or () if each.get("required")]


async def _answers(camera: Camera) -> None:
    asked, [answer] = await camera.mentions(TABLE)
    camera.take("mention", "A mention, and a table and code in its answer", asked, answer)
    opened = await camera.on.feed.context_menu("Ask about this", asked, user=camera.ben)
    assert opened.modal is not None
    camera.take("ask-about", "Ask about this, in the menu of a message", {"modal": opened.modal})
    camera.take("details", "Details, only for whoever presses", *await camera.presses("ask_details", answer))
    camera.take(
        "private",
        "With private, only the asker reads the answer",
        *await camera.uses("ask", {"prompt": QUESTION, "private": True}),
    )
    camera.take(
        "prices", "/price: what it would cost, before anything is sent", *await camera.uses("price", {"text": QUESTION})
    )


async def _money(camera: Camera) -> None:
    camera.take("balance", "/balance, only for whoever asks", *await camera.uses("balance"))


async def _a_limit(camera: Camera) -> None:
    await camera.uses("admin limit", {"who": camera.ben, "amount": "0.01"}, camera.ada)
    seen = await camera.uses("ask", {"prompt": QUESTION, "model": DEAR})
    camera.take("limit", "A limit in the way: why, until when, and what to do", *seen)
    await camera.uses("request", {"amount": "2", "reason": "the release notes"})
    [*_, card] = await camera.told(camera.ada)
    camera.take("request", "What an admin reads, and presses", card)
    camera.take(
        "secret",
        "A question with a card number waits",
        *await camera.uses("ask", {"prompt": "why is my card 4111 1111 1111 1111 refused?"}),
    )
    await camera.presses("decide_half", card, camera.ada)
    camera.take("decided", "The card afterwards, and what Ben reads", card, (await camera.told(camera.ben))[-1])


async def _digest(camera: Camera) -> None:
    await digest_week.post(camera.on.app, f"discord:{camera.on.discord.guild.id}", camera.on.chat_channel.id)
    await camera.on.tell()
    camera.take("digest", "The week, on Monday morning", camera.on.chat_channel.messages[-1])
