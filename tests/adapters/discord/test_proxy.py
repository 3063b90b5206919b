"""HTTPS_PROXY: whatever goes to Discord goes through it, calls and connection alike."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.adapters.discord.connected import Crew
from tests.discord.feed import Feed
from tests.discord.town import Town


@asynccontextmanager
async def a_proxy(port: int, asked: bytearray) -> AsyncIterator[str]:
    """One that passes everything on to a port of this machine; `asked` is all that was said to it."""

    async def pass_on(source: asyncio.StreamReader, to: asyncio.StreamWriter, heard: bytearray) -> None:
        with suppress(OSError):
            while piece := await source.read(65_536):
                heard += piece
                to.write(piece)
                await to.drain()
            to.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pass_on(reader, back, asked), pass_on(there, writer, bytearray()))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_calls_and_the_connection_go_through_the_proxy(town: Town, crew: Crew, feed: Feed) -> None:
    fake, asked = town.discord, bytearray()
    async with a_proxy(fake.port, asked) as proxy:
        one = crew.join(proxy=proxy)
        await crew.until(lambda: one.up)
        await feed.mention("here", user=town.ben, channel=town.general)
        await crew.until(lambda: one.heard)
        one.leaving.set()
        await one.running
        await one.connection.close()
    assert f"GET {fake.api_url}/users/@me ".encode() in asked
    assert f"GET {fake.gateway_url}?".encode() in asked
