"""Installations in slack_sdk's tables, on both databases: tokens sealed, states taken once, other processes heard."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.slack.api import SlackApi, web_client
from adapters.slack.install.installations import FRESH_SECONDS, Installations, Installed, InstalledWorkspaces
from adapters.store.database import engine_beside
from adapters.store.vault import TokenCipher
from core.errors import BooksUnavailable
from core.operator_lists import LetIn
from tests.adapters.store.raw import execute, look
from tests.fakes import FakeClock

CLIENT = "111.222"
TOKEN = "xoxb-123456789012-1234567890123-abcdefghijklmnopqrstuvwx"


def installed(team_id: str = "T1", token: str = TOKEN) -> Installed:
    return Installed(team_id, "Home", "U1BOT", "B1BOT", token, "", "U1ANNA")


@asynccontextmanager
async def on(url: str, *secrets: str, client_id: str = CLIENT) -> AsyncIterator[Installations]:
    kept = Installations(engine_beside(url), TokenCipher(*secrets or ("a secret",)), client_id)
    try:
        yield kept
    finally:
        await kept.close()


@pytest.fixture
async def installations(database_url: str) -> AsyncIterator[Installations]:
    async with on(database_url) as kept:
        yield kept


async def save(kept: Installations, *those: Installed) -> None:
    for each in those:
        await kept.save(each, app_id="A1", scopes="chat:write")


def workspaces(kept: Installations, clock: FakeClock) -> InstalledWorkspaces:
    return InstalledWorkspaces(kept, lambda token: SlackApi(web_client("http://127.0.0.1:9/", token), clock), clock)


# --- tokens ---


async def test_what_is_saved_is_found_with_its_token(installations: Installations) -> None:
    await save(installations, installed(), installed("T2", "xoxb-other"))
    assert await installations.one("T1") == installed()
    assert {each.team_id for each in await installations.everyone()} == {"T1", "T2"}
    assert await installations.one("T3") is None
    assert "xoxb" not in repr(installed())


async def test_no_byte_of_the_file_is_a_token(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    async with on(sqlite_url) as kept:
        await save(kept, installed())
        there = [file.read_bytes() for file in path.parent.glob(f"{path.name}*")]
        assert any(b"U1ANNA" in each for each in there)
        assert not any(b"xoxb" in each or TOKEN[5:20].encode() in each for each in there)


async def test_no_row_of_a_server_holds_one(postgres_url: str) -> None:
    async with on(postgres_url) as kept:
        await save(kept, installed())
    for table in ("slack_bots", "slack_installations"):
        ((row,),) = await look(postgres_url, f'SELECT "{table}"::text FROM "{table}"')
        assert "T1" in row and "xoxb" not in row


async def test_a_token_is_read_after_its_secret_was_changed_and_sealed_with_the_new_one(database_url: str) -> None:
    async with on(database_url, "old") as before:
        await save(before, installed())
    async with on(database_url, "new", "old") as now:
        assert await now.one("T1") == installed()
        await save(now, installed())
    async with on(database_url, "new") as later:
        assert await later.one("T1") == installed()
    async with on(database_url, "another") as lost:
        assert await lost.one("T1") is None and await lost.everyone() == ()


async def test_a_token_that_is_too_long_is_not_kept(installations: Installations) -> None:
    with pytest.raises(ValueError, match="longer"):
        await save(installations, installed(token="x" * 120))
    assert await installations.everyone() == ()


async def test_of_a_workspace_the_last_one_is_kept_and_no_other(
    installations: Installations, database_url: str
) -> None:
    await save(installations, installed(token="xoxb-1"), installed("T2"), installed(token="xoxb-2"))
    found = await installations.one("T1")
    assert found is not None and found.token == "xoxb-2"
    for table in ("slack_bots", "slack_installations"):
        assert await look(database_url, f"SELECT count(*) FROM {table} WHERE team_id = 'T1'") == [(1,)]


async def test_removed_is_gone_and_the_others_stay(installations: Installations, database_url: str) -> None:
    await save(installations, installed(), installed("T2"))
    await installations.remove("T1")
    assert [each.team_id for each in await installations.everyone()] == ["T2"]
    for table in ("slack_bots", "slack_installations"):
        assert await look(database_url, f"SELECT team_id FROM {table}") == [("T2",)]


async def test_those_of_another_app_are_left_alone(installations: Installations, database_url: str) -> None:
    async with on(database_url, client_id="333.444") as others:
        await save(others, installed())
        assert await installations.everyone() == ()
        await installations.remove("T1")
        assert await others.one("T1") == installed()


# --- states ---


async def test_a_state_is_taken_once_by_one_of_twenty(installations: Installations) -> None:
    state = await installations.begin()
    assert sorted(await asyncio.gather(*(installations.take(state) for _ in range(20)))) == [False] * 19 + [True]
    assert not await installations.take(state)
    assert not await installations.take("made up")


async def test_a_state_that_is_too_old_is_none_and_forgotten(installations: Installations, database_url: str) -> None:
    state = await installations.begin()
    await execute(database_url, "UPDATE slack_oauth_states SET expire_at = '2026-01-01 00:00:00'")
    assert not await installations.take(state)
    await installations.begin()
    assert await look(database_url, "SELECT count(*) FROM slack_oauth_states") == [(1,)]


# --- workspaces ---


async def test_an_installation_is_a_workspace_that_has_to_be_listed(installations: Installations) -> None:
    await save(installations, installed())
    found = await workspaces(installations, FakeClock()).of("T1")
    assert found is not None
    assert (found.team_id, found.name, found.bot_user_id, found.bot_id) == ("T1", "Home", "U1BOT", "B1BOT")
    assert found.let_in is LetIn.ONLY_IF_LISTED
    assert found.api.client.token == TOKEN


async def test_what_another_process_removed_or_installed_is_known_soon(installations: Installations) -> None:
    clock = FakeClock()
    here = workspaces(installations, clock)
    await save(installations, installed())
    await here.everyone()
    assert tuple(here.reachable) == ("T1",)
    await installations.remove("T1")  # by another process
    assert await here.of("T1") is not None
    clock.advance(FRESH_SECONDS)
    assert await here.of("T1") is None
    assert tuple(here.reachable) == ()
    await save(installations, installed(token="xoxb-new"))
    found = await here.of("T1")
    assert found is not None and found.api.client.token == "xoxb-new"


async def test_everyone_forgets_who_is_gone_and_keeps_who_is_the_same(installations: Installations) -> None:
    here = workspaces(installations, FakeClock())
    await save(installations, installed(), installed("T2"))
    first = {each.team_id: each for each in await here.everyone()}
    await installations.remove("T2")
    (left,) = await here.everyone()
    assert left is first["T1"]
    assert tuple(here.reachable) == ("T1",)


async def test_a_database_that_is_not_there_is_said(tmp_path: Path) -> None:
    async with on(f"sqlite:///{tmp_path}/nowhere/chipin.db") as kept:
        with pytest.raises(BooksUnavailable):
            await kept.everyone()
        with pytest.raises(BooksUnavailable):
            await kept.begin()
        assert not await kept.take("a state")
    for thread in threading.enumerate():  # a connection that failed ends a moment later, when there may be no loop
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join)


async def test_a_state_that_could_not_be_looked_up_is_not_logged(
    sqlite_url: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async with on(sqlite_url) as kept:
        state = await kept.begin()
        await execute(sqlite_url, "DROP TABLE slack_oauth_states")
        assert not await kept.take(state)
    out, err = capfd.readouterr()
    assert state not in caplog.text + out + err
