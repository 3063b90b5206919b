"""Workspaces install Chipin by themselves: those that are listed, with a browser, and may take it away again."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from pydantic import SecretStr

from adapters.slack.app import SlackChat
from adapters.slack.manifest import scopes
from adapters.store.audit import audit
from bot.http import serving
from bot.slack import slack_chat, slack_endpoints
from bot.wiring import App, wire
from tests.end_to_end.house import settings_for
from tests.end_to_end.slack.house import BEN, GENERAL
from tests.provider_server import ProviderServer
from tests.slack.feed import Feed, HttpFeed, SocketFeed
from tests.slack.server import FakeSlack
from tests.slack.state import Message
from tests.slack.workspace import Workspace
from tests.waiting import until

OTHER, STRANGE, CLEO, DAN = "T2OTHER", "T3STRANGE", "U2CLEO", "U3DAN"
LISTED = f"slack:T0HOME,slack:{OTHER}"
TABLES = ("slack_bots", "slack_installations", "team", "wallet", "member", "transfer", "notice")


@dataclass
class Door:
    """A running Chipin without a workspace, and a browser before its pages."""

    app: App
    chat: SlackChat
    slack: FakeSlack
    port: int
    browser: aiohttp.ClientSession

    @property
    def here(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def begin(self) -> str:
        """Open /slack/install; the state that is sent along to Slack."""
        async with self.browser.get(f"{self.here}/slack/install", allow_redirects=False) as sent:
            assert sent.status == 302
            to = urlsplit(sent.headers["Location"])
            asked = parse_qs(to.query)
        assert to.path == "/oauth/v2/authorize"
        assert asked["client_id"] == [self.slack.client_id]
        assert asked["scope"] == [",".join(scopes())]
        assert asked["redirect_uri"] == ["http://127.0.0.1/slack/oauth_redirect"]
        return asked["state"][0]

    async def back(self, **query: str) -> tuple[int, str]:
        """Come back from Slack; the page. It must hold nothing of how Chipin is made."""
        async with self.browser.get(f"{self.here}/slack/oauth_redirect", params=query) as got:
            page = await got.text()
            assert got.headers["Cache-Control"] == "no-store"
        assert "Traceback" not in page and "xoxb" not in page
        return got.status, page

    async def install(self, team: Workspace, user: str) -> tuple[int, str]:
        """All of it."""
        state = await self.begin()
        return await self.back(state=state, code=self.slack.oauth_code(team, user))

    async def quiet(self) -> None:
        await until(lambda: not self.app.use_cases.asks.running and self.chat.tasks.idle)

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        async with self.app.store.snapshot() as session:
            connection = await session.connection()
            return [tuple(row) for row in await connection.exec_driver_sql(query)]

    async def counted(self) -> dict[str, int]:
        """The rows of everything that an installation might leave behind."""
        return {table: (await self.rows(f"SELECT count(*) FROM {table}"))[0][0] for table in TABLES}


@asynccontextmanager
async def a_door(
    slack: FakeSlack, url: str, server: ProviderServer, *, transport: str = "socket"
) -> AsyncIterator[Door]:
    given: Mapping[str, Any] = {
        "slack_client_id": slack.client_id,
        "slack_client_secret": SecretStr(slack.client_secret),
        "slack_redirect_uri": "http://127.0.0.1/slack/oauth_redirect",
        "slack_api_url": slack.api_url,
        "teams": LISTED,
        "http_port": 0,
    } | (
        {"slack_app_token": SecretStr(slack.app_token)}
        if transport == "socket"
        else {"slack_signing_secret": SecretStr(slack.signing_secret)}
    )
    settings = settings_for(url, server.base_url).model_copy(update=given)
    async with wire(settings, practice=False) as app:
        chat = slack_chat(app)
        running = asyncio.create_task(chat.run())
        try:
            async with serving(app, slack_endpoints(chat)) as port:
                if transport == "socket":
                    await slack.sockets.connected()
                jar = aiohttp.CookieJar(unsafe=True)  # it takes those of an address without a name
                async with aiohttp.ClientSession(cookie_jar=jar) as browser:
                    yield Door(app, chat, slack, port, browser)
            assert (await audit(app.store)).violations == ()
        finally:
            chat.leave()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def other(slack: FakeSlack) -> Workspace:
    """A second workspace, which is listed. Cleo looks after it, Dan is a member."""
    team = slack.add_workspace(OTHER, "Other team")
    team.add_user(CLEO, "cleo", admin=True)
    team.add_user(DAN, "dan")
    team.add_channel("C2ALL", "all", [CLEO, DAN])
    return team


@pytest.fixture
async def door(slack: FakeSlack, database_url: str, server: ProviderServer) -> AsyncIterator[Door]:
    async with a_door(slack, database_url, server) as opened:
        yield opened


def feed(door: Door, team_id: str) -> Feed:
    return SocketFeed(door.slack, team_id=team_id)


# --- installing ---


async def test_a_listed_workspace_installs_and_is_a_team_of_its_own(door: Door, other: Workspace) -> None:
    slack = door.slack
    for team, user in ((slack.workspace, "U1ANNA"), (other, CLEO)):
        status, page = await door.install(team, user)
        assert status == 200 and "Chipin is installed" in page and team.name in page
    await door.quiet()
    assert await door.rows("SELECT name FROM team ORDER BY name") == [
        (team.name,) for team in sorted((slack.workspace, other), key=lambda team: team.name)
    ]
    assert len({wallet for (wallet,) in await door.rows("SELECT wallet_id FROM team")}) == 2
    assert {each.team_id for each in await door.chat.workspaces.everyone()} == {"T0HOME", OTHER}
    # Each is answered with its own token.
    before = len(slack.calls)
    assert (await feed(door, OTHER).command("/balance", user=DAN, channel="C2ALL")).ok
    await door.quiet()
    assert {call.token for call in slack.calls[before:] if call.fields.get("user") == DAN} == {other.bot_token}


async def test_the_installing_admin_is_told_three_steps_once(door: Door, other: Workspace) -> None:
    def told() -> list[Message]:
        return other.messages(other.direct(CLEO).id)

    for _ in range(2):
        await door.install(other, CLEO)
        await until(lambda: bool(told()))
        await door.quiet()
    (message,) = told()
    assert "Three steps" in door.slack.text_of(message)
    ((kind, words),) = await door.rows("SELECT kind, words FROM notice")
    assert kind == "first_minutes"
    assert re.findall(r"(\d)\. (\w+)", words) == [("1", "Connect"), ("2", "Add"), ("3", "Invite")]
    assert (await door.rows("SELECT display_name FROM member"))[0][0] == "cleo"


async def test_no_byte_of_the_file_is_the_token(
    slack: FakeSlack, other: Workspace, sqlite_url: str, server: ProviderServer
) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    async with a_door(slack, sqlite_url, server) as door:
        await door.install(other, CLEO)
        await door.quiet()
        assert (await door.counted())["slack_bots"] == 1
        for each in await asyncio.to_thread(lambda: [part.read_bytes() for part in file.parent.glob("chipin.db*")]):
            assert other.bot_token.encode() not in each and slack.client_secret.encode() not in each


# --- what is no installation ---


async def test_a_workspace_that_is_not_listed_is_told_so_and_nothing_is_kept(door: Door) -> None:
    strange = door.slack.add_workspace(STRANGE, "Strange <b>team</b>")
    strange.add_user("U9", "eve", admin=True, owner=True)
    before = await door.counted()
    status, page = await door.install(strange, "U9")
    await door.quiet()
    assert status == 403
    assert f"slack:{STRANGE}" in page and "TEAMS" in page and "<b>" not in page
    assert await door.counted() == before == dict.fromkeys(TABLES, 0)
    assert strange.revoked, "the app is taken out of it again"
    assert await door.chat.workspaces.of(STRANGE) is None
    assert (await feed(door, STRANGE).command("/topup", "25 mine", user="U9", channel="C9")).ok
    await door.quiet()
    assert await door.counted() == before


async def test_a_state_works_once_in_the_browser_that_began(door: Door, other: Workspace) -> None:
    state = await door.begin()
    async with aiohttp.ClientSession() as stranger:
        query = {"state": state, "code": door.slack.oauth_code(other, CLEO)}
        async with stranger.get(f"{door.here}/slack/oauth_redirect", params=query) as got:
            assert got.status == 400
    assert (await door.back(state=state, code=query["code"]))[0] == 200
    status, page = await door.back(state=state, code=door.slack.oauth_code(other, CLEO))
    assert status == 400 and "Start again" in page
    assert len(door.slack.calls_of("oauth.v2.access")) == 1


async def test_of_twenty_that_come_back_at_once_one_installs(door: Door, other: Workspace) -> None:
    state, code = await door.begin(), door.slack.oauth_code(other, CLEO)
    cookies = {"chipin-slack-install": state}

    async def one() -> int:
        query = {"state": state, "code": code}
        async with (
            aiohttp.ClientSession(cookies=cookies) as browser,
            browser.get(f"{door.here}/slack/oauth_redirect", params=query) as got,
        ):
            return got.status

    assert sorted(await asyncio.gather(*(one() for _ in range(20)))) == [200] + [400] * 19
    assert len(door.slack.calls_of("oauth.v2.access")) == 1


@pytest.mark.parametrize("query", [{}, {"state": ""}, {"state": "made up", "code": "1"}, {"code": "1"}, {"state": "ü"}])
async def test_whoever_did_not_begin_here_gets_nothing(
    query: dict[str, str], slack: FakeSlack, sqlite_url: str, server: ProviderServer
) -> None:
    async with a_door(slack, sqlite_url, server) as door:
        assert (await door.back(**query))[0] == 400
        assert not slack.calls_of("oauth.v2.access")


async def test_what_slack_does_not_confirm_is_said_and_nothing_is_kept(
    slack: FakeSlack, other: Workspace, sqlite_url: str, server: ProviderServer
) -> None:
    async with a_door(slack, sqlite_url, server) as door:
        status, page = await door.back(state=await door.begin(), error="access_denied")
        assert status == 400 and "not allowed" in page
        status, page = await door.back(state=await door.begin(), code="nonsense")
        assert status == 400 and "invalid_code" in page
        slack.faults.fail("oauth.v2.access", status=502, times=1)
        status, page = await door.install(other, CLEO)
        assert status == 502 and "Start again" in page
        slack.faults.fail("auth.test", error="invalid_auth", times=1)
        assert (await door.install(other, CLEO))[0] == 400
        assert await door.counted() == dict.fromkeys(TABLES, 0)


# --- taking it away ---


async def test_a_workspace_that_removed_it_is_not_reached_and_can_install_it_again(
    slack: FakeSlack, other: Workspace, sqlite_url: str, server: ProviderServer, transport: str
) -> None:
    async with a_door(slack, sqlite_url, server, transport=transport) as door:
        await door.install(slack.workspace, "U1ANNA")
        await door.install(other, CLEO)
        await door.quiet()
        feeds = {team: await door_feed(door, team, transport) for team in ("T0HOME", OTHER)}
        assert all(each.ok for each in await feeds[OTHER].uninstalled())
        await door.quiet()
        assert tuple(door.chat.workspaces.reachable) == ("T0HOME",)
        assert await door.rows("SELECT team_id FROM slack_bots") == [("T0HOME",)]
        assert await door.rows("SELECT team_id FROM slack_installations") == [("T0HOME",)]
        before = len(slack.calls)
        await feeds[OTHER].command("/balance", user=DAN, channel="C2ALL")
        await feeds["T0HOME"].command("/balance", user=BEN, channel=GENERAL)
        await door.quiet()
        assert {call.team_id for call in slack.calls[before:] if call.token} <= {"T0HOME"}
        assert (await door.install(other, CLEO))[0] == 200
        await door.quiet()
        assert set(door.chat.workspaces.reachable) == {"T0HOME", OTHER}
        assert await door.rows("SELECT count(*) FROM team") == [(2,)]
        for each in feeds.values():
            await each.end()


async def door_feed(door: Door, team_id: str, transport: str) -> Feed:
    if transport == "socket":
        return SocketFeed(door.slack, team_id=team_id)
    feed = HttpFeed(door.slack, f"{door.here}/slack/events", team_id=team_id)
    await feed.__aenter__()
    return feed


async def test_told_late_that_it_was_removed_the_new_installation_stays(
    slack: FakeSlack, other: Workspace, sqlite_url: str, server: ProviderServer
) -> None:
    async with a_door(slack, sqlite_url, server) as door:
        await door.install(other, CLEO)
        await door.quiet()
        late = feed(door, OTHER)
        await late.event({"type": "app_uninstalled"})
        await late.event({"type": "tokens_revoked", "tokens": {"oauth": ["U2CLEO"], "bot": []}})
        await door.quiet()
        assert tuple(door.chat.workspaces.reachable) == (OTHER,)
        assert (await door.counted())["slack_bots"] == 1
