"""The real program at a pipe, killed with -9: what the person who comes back reads first, and how they ask again."""

import asyncio

from adapters.store.audit import audit
from adapters.store.database import open_store
from core.rows import RequestRow
from tests.adapters.store.raw import execute
from tests.bookkeeping import rows_of
from tests.bot.running import a_bot
from tests.provider_behaviours import gate, good
from tests.provider_server import ProviderServer

AN_HOUR_MS = 3_600_000
AN_HOUR_PASSES = (
    f"UPDATE hold SET opened_at_ms = opened_at_ms - {AN_HOUR_MS}, deadline_ms = deadline_ms - {AN_HOUR_MS}",
    f"UPDATE request SET lease_until_ms = lease_until_ms - {AN_HOUR_MS}",
)


async def test_killed_while_it_streams_the_question_is_said_and_asked_again(
    sqlite_url: str, server: ProviderServer
) -> None:
    server.answer_with(gate(asyncio.Event()), good(["It ", "waits."]))
    async with a_bot(sqlite_url, server) as bot:
        bot.types("why does it wait?")
        await bot.says("First. ")
        await bot.is_killed()
    await execute(sqlite_url, *AN_HOUR_PASSES)
    async with a_bot(sqlite_url, server) as bot:
        assert bot.seen.splitlines()[-2] == (
            'Your question "why does it wait?" was interrupted before it was answered. Not charged. '
            "/again asks it again."
        )
        bot.types("/again")
        await bot.says("It waits.")
        bot.types("/quit")
        await bot.ends()
    async with a_bot(sqlite_url, server) as bot:
        assert "why does it wait?" not in bot.seen
    async with open_store(sqlite_url) as store:
        [request] = await rows_of(store, RequestRow)
        assert (request.state, request.attempt, len(server.calls)) == ("settled", 2, 2)
        assert (await audit(store)).violations == ()
