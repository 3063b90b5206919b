"""FakeSlack: what tests hold. A Web API, Socket Mode and files on one real socket, with everything recorded.

async with FakeSlack() as slack:
    slack.add_user("U1", "ada", admin=True)
    slack.add_channel("C1", "general", ["U1"])
    ... point the app at slack.api_url with slack.bot_token, slack.app_token or slack.signing_secret ...
    feed = SocketFeed(slack)  # or HttpFeed(slack, url)
    acknowledged = await feed.command("/ask", "why?", user="U1", channel="C1")
    assert slack.text_of(slack.messages("C1")[-1]) == "because"
    assert slack.violations == []
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Self

from aiohttp import web

from tests.slack import files, response_urls
from tests.slack.clock import Clock, Numbers
from tests.slack.faults import Call, Fault, Faults
from tests.slack.faulty import Report, Violation
from tests.slack.gate import Gate
from tests.slack.manifest import Installed
from tests.slack.oauth import Grant
from tests.slack.rates import Rates
from tests.slack.reading import body_of, text_of
from tests.slack.response_urls import ResponseUrl
from tests.slack.socket_mode import Sockets
from tests.slack.state import Ephemeral, Json, Message, ShownView, SlackFile, User
from tests.slack.views import Trigger
from tests.slack.workspace import Workspace


class FakeSlack:
    """A Slack with one workspace to begin with (`workspace`); `add_workspace` makes more.

    `calls` are all calls in order; `violations` what broke a limit or a rule of ours; `scopes` what the installation
    was granted (None: everything). `allowed_people`: ids that payloads may mention.
    """

    body_of = staticmethod(body_of)
    text_of = staticmethod(text_of)

    def __init__(self, *, team_id: str = "T0HOME", bot_user_id: str = "U0CHIPIN") -> None:
        self.clock = Clock()
        self.numbers = Numbers(self.clock)
        self.app_id = "A0CHIPIN"
        self.app_token = "xapp-1-home"
        self.signing_secret = "signing-secret-of-tests"
        self.verification_token = "verification-token"
        self.client_id, self.client_secret = "111.222", "client-secret"
        self.calls: list[Call] = []
        self.violations: list[Violation] = []
        self.allowed_people: set[str] = set()
        self.asked_scopes: frozenset[str] = frozenset({"chat:write"})
        self.streams_expire_after_appends: int | None = None
        self.looks_until_file_is_ready = 1
        self.manifest = Installed()
        self.faults, self.rates, self.gate, self.sockets = Faults(), Rates(), Gate(self), Sockets(self)
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.grants: dict[str, Grant] = {}
        self.workspaces: dict[str, Workspace] = {}
        self.workspace = self.add_workspace(team_id, "Home", bot_user_id=bot_user_id)
        self.add_user, self.add_channel = self.workspace.add_user, self.workspace.add_channel
        self.add_user_group, self.say = self.workspace.add_user_group, self.workspace.say
        self.messages, self.find = self.workspace.messages, self.workspace.find
        self.port = 0
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None

    # --- set-up ---

    def add_workspace(self, team_id: str, name: str = "", *, bot_user_id: str = "") -> Workspace:
        """Another team, with its own token and people."""
        bot_user = bot_user_id or f"UBOT{team_id[1:]}"
        team = Workspace(
            team_id, name or team_id.title(), self.clock, self.numbers, f"xoxb-{team_id}", bot_user, f"B{team_id[1:]}"
        )
        team.add_user(bot_user, "chipin", bot=True)
        self.workspaces[team_id] = team
        return team

    @property
    def api_url(self) -> str:
        return f"{self.base_url}/api/"

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def bot_token(self) -> str:
        return self.workspace.bot_token

    @property
    def team_id(self) -> str:
        return self.workspace.team_id

    @property
    def bot_user_id(self) -> str:
        return self.workspace.bot_user_id

    @property
    def bot_id(self) -> str:
        return self.workspace.bot_id

    @property
    def scopes(self) -> frozenset[str] | None:
        return self.workspace.scopes

    @scopes.setter
    def scopes(self, granted: Iterable[str] | None) -> None:
        self.workspace.scopes = None if granted is None else frozenset(granted)

    @property
    def enforce_rates(self) -> bool:
        return self.rates.enforced

    @enforce_rates.setter
    def enforce_rates(self, enforced: bool) -> None:
        self.rates.enforced = enforced

    def add_file(self, name: str, content: bytes, mimetype: str, *, user: str = "") -> SlackFile:
        """A file somebody uploaded, to be attached to a message."""
        id = self.numbers.id("F")  # noqa: A001 (Slack's word)
        url = f"{self.base_url}/files-pri/{self.team_id}-{id}/{name}"
        self.workspace.files[id] = SlackFile(id, name, mimetype, content, url, user, whole=True)
        return self.workspace.files[id]

    def install(self, manifest: Json) -> None:
        """From now on only what this app manifest grants: its scopes, its events, its commands."""
        self.manifest = Installed.of(manifest)
        self.scopes = self.asked_scopes = frozenset(manifest["oauth_config"]["scopes"]["bot"])

    def oauth_code(self, team: Workspace, user: str) -> str:
        """What Slack sends the browser back with, after somebody allowed the app."""
        code = self.numbers.id("code")
        self.grants[code] = Grant(code, team.team_id, user, self.clock.now())
        return code

    def uninstall(self, team: Workspace | None = None) -> None:
        """The team removed the app: its token is worth nothing (send the events by a feed)."""
        (team or self.workspace).revoked = True

    # --- what happened ---

    def calls_of(self, method: str, *, taken: bool | None = None) -> list[Call]:
        """The calls of a method in order; with `taken`, those that did (or did not) take effect."""
        return [one for one in self.calls if one.method == method and taken in (None, one.taken)]

    def ephemerals(self, user: str, channel: str = "") -> list[Ephemeral]:
        """What this user alone was shown and still sees."""
        return [
            one
            for team in self.workspaces.values()
            for one in team.ephemerals
            if one.user == user and not one.gone and channel in ("", one.channel)
        ]

    def direct_messages(self, user: str) -> list[Message]:
        """The DM with this user, both sides."""
        return self.messages(f"D{user[1:]}")

    def modal(self, user: str) -> ShownView | None:
        """The modal on top of this user's screen."""
        return next((one for one in reversed(self.workspace.views) if one.open and one.user == user), None)

    def home(self, user: str) -> ShownView | None:
        return self.workspace.homes.get(user)

    def record(self, method: str, report: Report) -> None:
        for one in report.found:
            self.violations.append(Violation(one.rule, f"{method} {one.where}", one.why))

    # --- what goes wrong ---

    def fail(
        self, method: str, *, times: int | None = None, when: Callable[[Call], bool] | None = None, **how: Any
    ) -> Fault:
        """Plant a fault on a method ("*": on all; "response_url" too). One of:

        error="invalid_blocks" (with more fields) · status=503 · retry_after=7 (HTTP 429) · drop="before" (the
        connection breaks and nothing happened) · drop="after" (it happened, and the reply is lost) · stall="before"
        or "after" (until `fault.release()`). `times` and `when` say how often and to which calls.
        """
        return self.faults.fail(method, times=times, when=when, **how)

    def expire_stream(self, message: Message) -> None:
        """Slack closes a stream on its own."""
        if message.stream is None or not message.stream.open:
            raise ValueError("not streaming")
        message.stream.open, message.stream.expired = False, True

    async def go_down(self) -> None:
        """Nobody answers any more: connections break, new ones are refused."""
        if self._site is None or self._runner is None or self._runner.server is None:
            raise RuntimeError("not up")
        await self._site.stop()
        self._site = None
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
        app = web.Application(client_max_size=16 * 1024 * 1024)
        app.router.add_route("*", "/api/{method:[A-Za-z.2]+}", self.gate.api)
        app.router.add_get("/link/", self.sockets.link)
        app.router.add_post("/response/{id}", self._answered)
        app.router.add_get("/files-pri/{file}/{name}", self._file)
        app.router.add_post(files.UPLOAD_PATH, self._uploaded)
        app.router.add_get("/signin", self._sign_in)
        self._runner = web.AppRunner(app, shutdown_timeout=0.05, access_log=None)
        await self._runner.setup()
        await self.come_back()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.faults.release_all()
        await self.sockets.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answered(self, request: web.Request) -> web.StreamResponse:
        return await response_urls.take(self, request)

    async def _uploaded(self, request: web.Request) -> web.StreamResponse:
        return await files.take_bytes(self, request)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """Without the right token Slack sends a browser to its sign-in page, with status 200 at the end."""
        team_id, _, file_id = request.match_info["file"].partition("-")
        team = self.workspaces.get(team_id)
        call = Call(self.numbers.order(), "files.download", {"file": file_id}, "", self.clock.now(), team_id)

        def answer() -> web.StreamResponse:
            known = team is not None and not team.revoked and file_id in team.files
            may = known and team is not None and (team.scopes is None or "files:read" in team.scopes)
            if team is None or not may or request.headers.get("Authorization") != f"Bearer {team.bot_token}":
                return web.Response(status=302, headers={"Location": "/signin"})
            call.taken = True
            file = team.files[file_id]
            return web.Response(body=file.content, headers={"Content-Type": file.mimetype})

        return await self.gate.run(request, call, answer)

    async def _sign_in(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text="<!DOCTYPE html><html><title>Sign in | Slack</title></html>", content_type="text/html")


__all__ = ["FakeSlack", "Json", "User"]
