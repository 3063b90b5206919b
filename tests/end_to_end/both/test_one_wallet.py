"""A workspace and a Discord server share a wallet, and one person asks on both: one quota, one balance."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from core.money import format_price
from core.operations import Concluded, SetRule
from core.policy import Setting, member_target
from tests.discord.reading import text_of
from tests.discord.town import Town
from tests.end_to_end import booked
from tests.end_to_end.both.house import Both, connected, on_both
from tests.end_to_end.house import TERRA
from tests.end_to_end.slack.house import ANNA, BEN
from tests.provider_behaviours import Body, good
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack
from tests.waiting import until

PLENTY = 1_000_000_000
QUESTION = "why does my migration deadlock?"
_CODE = re.compile(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b")


def code_in(told: str) -> str:
    """The code that somebody was given."""
    found = _CODE.search(told)
    assert found is not None, told
    return found[0]


async def share_the_wallet(both: Both) -> None:
    """Anna looks after both. She lets the crew ask on Discord; then the server joins the workspace's team."""
    town = both.town
    assert "may ask" in text_of(await both.on_discord("admin allow", {"who": town.crew}, user=town.anna))
    code = code_in(await both.on_slack("admin link", ANNA))
    asked = await both.on_discord("admin link", {"code": code}, user=town.anna)
    assert "share the wallet" in text_of(asked) and "who look after that workspace" in text_of(asked)
    assert "is asked too" in await both.presses("agree", asked, town.anna)
    assert (await both.slack_member(ANNA)).team.id != (await both.discord_member(town.anna)).team.id
    await both.on_slack("admin link yes", ANNA)
    assert (await both.slack_member(ANNA)).team.id == (await both.discord_member(town.anna)).team.id


async def become_one(both: Both) -> None:
    """Ben says on both that both are him."""
    ben = both.town.ben
    code = code_in(await both.on_slack("link", BEN))
    asked = await both.on_discord("chipin link", {"code": code}, user=ben)
    assert "Are both you?" in text_of(asked)
    assert "is asked too" in await both.presses("agree", asked, ben)
    assert "are one person now" in await both.on_slack("link yes", BEN)
    assert (await both.slack_member(BEN)).id == (await both.discord_member(ben)).id


@asynccontextmanager
async def one_team(
    town: Town, slack: FakeSlack, url: str, server: ProviderServer, **numbers: Any
) -> AsyncIterator[Both]:
    """One wallet with plenty in it, Anna of both, and Ben, who is one person."""
    async with on_both(town, slack, url, server, **numbers) as both:
        await connected(both)
        await both.on_slack("balance", ANNA)
        await share_the_wallet(both)
        await booked.top_up(both.app, await both.slack_member(ANNA), "plenty", PLENTY)
        await become_one(both)
        yield both


async def test_what_is_spent_on_slack_is_missing_on_discord_at_once(
    town: Town, slack: FakeSlack, sqlite_url: str, server: ProviderServer
) -> None:
    async with one_team(town, slack, sqlite_url, server) as both:
        assert "Nothing of your $5.00 used" in text_of(await both.on_discord("balance", user=town.ben))
        await both.on_slack(f"ask --only-me --model {TERRA} {QUESTION}", BEN)
        await until(lambda: both.is_idle and len(server.calls) == 1)
        charged = await booked.charged_nanos(both.app)
        assert charged
        used = f"{format_price(charged)} of your $5.00 used"
        assert used in text_of(await both.on_discord("balance", user=town.ben))
        assert used in await both.on_slack("balance", BEN)


async def test_who_asks_on_both_at_one_instant_has_one_quota(
    town: Town, slack: FakeSlack, sqlite_url: str, server: ProviderServer
) -> None:
    async with one_team(town, slack, sqlite_url, server, hold_wait_seconds=0.0) as both:
        await both.on_slack(f"ask --only-me --model {TERRA} {QUESTION}", BEN)
        await until(lambda: both.is_idle and len(server.calls) == 1)
        await leave_room_for_one(both)
        gate = asyncio.Event()

        async def answers(request: web.Request, body: Body) -> web.StreamResponse:
            await gate.wait()
            return await good(["because"])(request, body)

        server.answer_with(answers)
        typed = asyncio.gather(
            both.on_slack(f"ask --only-me --model {TERRA} {QUESTION}", BEN),
            both.on_discord("ask", {"prompt": QUESTION, "model": TERRA, "private": True}, user=town.ben),
        )
        await until(lambda: len(server.calls) == 2 and both.app.use_cases.asks.running == 1)
        gate.set()
        on_slack, on_discord = await typed
        refused = [each for each in (on_slack, text_of(on_discord)) if "held by your running asks" in each]
        assert len(refused) == 1 and "Not charged." in refused[0] and len(server.calls) == 2


async def leave_room_for_one(both: Both) -> None:
    """Ben's month has room for as much as one ask holds, beside what he used."""
    holds = await booked._rows(both.app, "SELECT amount_nanos FROM hold")
    ben = await both.slack_member(BEN)
    room = max(int(each["amount_nanos"]) for each in holds) + await booked.charged_nanos(both.app)
    done = await both.app.store.books.apply(
        SetRule(
            id="room for one",
            wallet_id=ben.team.wallet_id,
            team_id=ben.team.id,
            target=member_target(ben.id),
            setting=Setting.MONTH,
            value=str(room),
            actor=(await both.slack_member(ANNA)).id,
            by_right=True,
        )
    )
    assert isinstance(done, Concluded), done


@pytest.mark.parametrize("by", ["a command", "a mention"])
async def test_who_is_deactivated_on_slack_spends_nothing_on_discord(
    by: str, town: Town, slack: FakeSlack, sqlite_url: str, server: ProviderServer
) -> None:
    async with one_team(town, slack, sqlite_url, server) as both:
        await both.slack_says_gone(BEN)
        if by == "a command":
            asked = await both.on_discord("ask", {"prompt": QUESTION, "private": True}, user=town.ben)
            told = text_of(asked)
        else:
            told = await both.mentions(QUESTION, town.ben)
        assert "You have left, says your platform" in told and "Not charged." in told
        assert not server.calls and await booked.charged_nanos(both.app) == 0
