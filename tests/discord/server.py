"""FakeDiscord: what tests hold. REST, the gateway and files on one real socket, with everything recorded."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Self

from aiohttp import web

from tests.discord import linter, openapi
from tests.discord.clock import Clock, Numbers
from tests.discord.events import GUILD_MEMBERS
from tests.discord.faults import Call, Fault, Faults
from tests.discord.faulty import Violation
from tests.discord.gate import PREFIX, Gate, hang_up
from tests.discord.gateway import Gateway
from tests.discord.guild import Guild
from tests.discord.interactions import Interaction
from tests.discord.people import Json, Member, User
from tests.discord.rates import Rates
from tests.discord.reading import buttons, text_of
from tests.discord.state import DM, Attachment, Channel, Message, id_of, standing


class FakeDiscord:
    """A Discord with one guild to begin with (`guild`); `add_guild` makes more.

    `calls` are all REST calls in order; `violations` what broke Discord's description, a limit or a rule of ours.
    `acknowledge_within_seconds`: 3 on Discord; more where a test is not about that and the machine is busy.
    `privileged`: intents switched on in the developer portal (none). `shards`: what /gateway/bot recommends.
    `application`: what Discord says of the app otherwise than usual. `sessions_left`: how many it may begin today.
    """

    text_of = staticmethod(text_of)
    buttons = staticmethod(buttons)

    def __init__(self) -> None:
        self.clock = Clock()
        self.numbers = Numbers(self.clock)
        self.token = "bot-token-of-tests"
        self.bot_public = False
        self.application: Json = {}
        self.shards = 1
        self.sessions_left = 999
        self.privileged = 0
        self.acknowledge_within_seconds = 3.0
        self.file_limit_bytes = 10 * 1024 * 1024
        self.calls: list[Call] = []
        self.violations: list[Violation] = []
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.directs: dict[str, Channel] = {}
        self.files: dict[str, Attachment] = {}
        self.commands: dict[str, dict[str, Json]] = {}
        self.interactions: dict[str, Interaction] = {}
        self.faults, self.rates = Faults(), Rates(self.clock)
        self.gate, self.gateway = Gate(self), Gateway(self)
        self.owner = self.add_user("owner")
        self.bot_user = self.add_user("Chipin", bot=True)
        self.application_id = self.bot_user.id
        self.guild = self.add_guild("Home")
        self.port = 0
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None

    # --- set-up ---

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        """What DISCORD_API_URL and `discord.http.Route.BASE` are set to."""
        return f"{self.base_url}{PREFIX}"

    @property
    def gateway_url(self) -> str:
        """What DISCORD_GATEWAY_URL and `DiscordWebSocket.DEFAULT_GATEWAY` are set to."""
        return f"ws://127.0.0.1:{self.port}/gateway/"

    def add_user(self, name: str, global_name: str = "", *, bot: bool = False) -> User:
        """Somebody on Discord, in no guild yet."""
        user = User(self.numbers.snowflake(), name, global_name, bot)
        self.users[user.id] = user
        return user

    def add_member(self, name: str, *roles: Any, guild: Guild | None = None, nick: str = "", bot: bool = False) -> User:
        """Somebody new, in a guild with these roles."""
        user = self.add_user(name, bot=bot)
        (guild or self.guild).add_member(user, *roles, nick=nick)
        return user

    def add_guild(self, name: str, owner: User | None = None, *, shard: tuple[int, int] = (0, 1)) -> Guild:
        """A guild with the bot in it (the gateway is told by a feed). `shard`: which one of how many hears of it."""
        guild = Guild(self.numbers.snowflake(shard), name, owner or self.owner, self.numbers, self.bot_user)
        self.guilds[guild.id] = guild
        return guild

    def add_file(
        self, name: str, content: bytes, content_type: str = "application/octet-stream", *, channel_id: str = "0"
    ) -> Attachment:
        """A file that somebody uploaded, to be attached to a message or given to a command."""
        id = self.numbers.snowflake()  # noqa: A001 (Discord's word)
        url = f"{self.base_url}/attachments/{channel_id}/{id}/{name}?ex=1&is=1&hm=1"
        self.files[id] = Attachment(id, name, content, content_type, url)
        return self.files[id]

    def direct(self, user: User) -> Channel:
        """The DM of the bot and this user, opened when it is not."""
        if user.id not in self.directs:
            self.directs[user.id] = Channel(self.numbers.snowflake(), type=DM, recipient=user)
        return self.directs[user.id]

    def say(self, text: str, *, user: User, channel: Channel, **more: Any) -> Message:
        """What somebody wrote in the past: nobody is told (that is a feed's work)."""
        message = Message(self.numbers.snowflake(), channel.id, user, text, guild_id=channel.guild_id, **more)
        message.order = self.numbers.order()
        channel.messages.append(message)
        return message

    # --- what happened ---

    @property
    def channels(self) -> dict[str, Channel]:
        """All there are: of guilds, threads, DMs."""
        found = {channel.id: channel for channel in self.directs.values()}
        for guild in self.guilds.values():
            found |= guild.channels
        return found

    def find(self, message: Any) -> Message | None:
        """A message by its id, wherever it stands."""
        wanted = id_of(message)
        every = (each for channel in self.channels.values() for each in channel.messages)
        return next((each for each in every if each.id == wanted), None)

    def messages(self, channel: Channel, *, by: User | None = None) -> list[Message]:
        """What stands in a channel for all to see, in order."""
        seen = [each for each in standing(channel.messages) if not each.is_ephemeral]
        return [each for each in seen if by is None or each.author is by]

    def answers(self, channel: Channel) -> list[Message]:
        """What the bot said there for all to see."""
        return self.messages(channel, by=self.bot_user)

    def ephemerals(self, user: User, channel: Channel | None = None) -> list[Message]:
        """What this user alone sees."""
        where = [channel] if channel is not None else list(self.channels.values())
        every = (each for one in where for each in standing(one.messages))
        return [each for each in every if each.only_for == user.id]

    def calls_of(self, operation: str, *, taken: bool | None = None) -> list[Call]:
        """The calls of an operation in order; with `taken`, those that did (or did not) take effect."""
        return [one for one in self.calls if one.operation == operation and taken in (None, one.taken)]

    def seen_by_bot(self, message: Message, *, everything: bool | None = None) -> Json:
        """A message as the app gets it: without the privileged intent it reads what is said to it, and no more."""
        readable = bool(self.privileged & (1 << 15)) if everything is None else everything
        told = message.as_json(hidden=not (readable or self._is_for_bot(message)))
        if message.reply_to is not None:
            of = message.reply_to
            hidden = not (readable or self._is_for_bot(of))
            told["referenced_message"] = None if of.deleted else of.as_json(hidden=hidden, nested=True)
        return told

    def _is_for_bot(self, message: Message) -> bool:
        bot = self.bot_user
        return message.author is bot or not message.guild_id or bot in message.mentioned

    def told_members(self, guild: Guild, intents: int) -> Sequence[Member]:
        """Whom GUILD_CREATE names: with the privileged intent everybody, else the bot alone."""
        return list(guild.members.values()) if intents & GUILD_MEMBERS else [guild.me]

    def remove_bot(self, guild: Guild) -> None:
        """The bot is in that guild no more, and hears so."""
        guild.present = False
        guild.members.pop(self.bot_user.id, None)
        self.gateway.dispatch("GUILD_DELETE", {"id": guild.id}, guild.id)

    def checked(self, call: Call) -> bool:
        """Whether Discord would take the call; what is wrong with it is among the violations."""
        found = openapi.check(call) + linter.lint(call, self._changed_by(call), self.file_limit_bytes)
        self.violations.extend(found)
        return all(each.rule in linter.OURS for each in found)

    def _changed_by(self, call: Call) -> Message | None:
        """The message that a call changes, as it stands."""
        token, id_ = call.parameters.get("webhook_token"), call.parameters.get("message_id")
        if id_ is not None:
            return self.find(id_)
        if call.operation == "create_interaction_response":
            pressed = self.interactions.get(call.parameters["interaction_id"])
            return None if pressed is None else pressed.on
        asked = next((each for each in self.interactions.values() if each.token == token), None)
        return None if asked is None else asked.original

    def answered(self, call: Call) -> None:
        """A call was answered: what we say ourselves keeps to the description too."""
        self.violations.extend(openapi.check_answer(call))

    # --- what goes wrong ---

    def fail(
        self, operation: str, *, times: int | None = None, when: Callable[[Call], bool] | None = None, **how: Any
    ) -> Fault:
        """Plant a fault on an operation ("*": on all). One of:

        code=10008 (Discord's error with its status) · status=502 (`taken=True`: it took effect all the same) ·
        retry_after=2.5 (a 429 of Discord's; `via=False`: of Cloudflare's, `html=True`: in HTML; `everywhere=True`: the
        global limit) · drop="before" (the connection breaks and nothing happened) · drop="after" (it happened, and the
        reply is lost) · stall="before" or "after" (until `fault.release()`) · gateway="before" or "after" (the call is
        answered, and all gateway connections break). `times` and `when` say how often and to which calls.
        """
        return self.faults.fail(operation, times=times, when=when, **how)

    async def go_down(self) -> None:
        """Nobody answers any more: connections break, new ones are refused."""
        if self._site is None or self._runner is None or self._runner.server is None:
            raise RuntimeError("not up")
        await self._site.stop()
        self._site = None
        await self.gateway.close()
        for connection in list(self._runner.server.connections):
            connection.force_close()
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(0)

    async def come_back(self) -> None:
        """Up again at the same address."""
        if self._runner is None:
            raise RuntimeError("not started")
        self._site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await self._site.start()

    # --- the server ---

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.router.add_route("*", PREFIX + "/{path:.*}", self.gate.api)
        app.router.add_get("/gateway/", self.gateway.serve)
        app.router.add_get("/attachments/{channel}/{file}/{name}", self._file)
        self._runner = web.AppRunner(app, shutdown_timeout=0.05, access_log=None)
        await self._runner.setup()
        await self.come_back()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.faults.release_all()
        await self.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """Discord's CDN: whoever has the signed address may read."""
        file = self.files.get(request.match_info["file"])
        if file is None:
            return web.Response(status=404, text="This content is no longer available.")
        call = Call(self.numbers.order(), "cdn", "GET", request.path, {}, {}, None, [], "", self.clock.now())
        self.calls.append(call)
        fault = self.faults.striking(call)
        if fault is not None and fault.drop == "before":
            return hang_up(request)
        if fault is not None and fault.status:
            return web.Response(status=fault.status)
        call.taken = True
        return web.Response(body=file.content, headers={"Content-Type": file.content_type})
