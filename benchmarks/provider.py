"""A model server without a model, in a process of its own so that it takes nothing from the one that is measured.

    python -m benchmarks.provider --chunks 200 --together 1000

It prints its address, streams so many chunks without delay, and first waits until so many calls are there together.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

ROOT = Path(__file__).resolve().parent.parent
CHUNK = "some words "


def answer_of(chunks: int) -> str:
    """The whole answer."""
    return CHUNK * chunks


@asynccontextmanager
async def provider_process(*, chunks: int, together: int = 1) -> AsyncIterator[str]:
    """The base URL of a server that runs as long as the block."""
    arguments = ("-m", "benchmarks.provider", "--chunks", str(chunks), "--together", str(together))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None and process.stdin is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.stdin.close()  # it ends with its input, also when we are killed
        await process.wait()


async def _serve(chunks: int, together: int) -> None:
    everybody = asyncio.Barrier(together)
    first, last = _event({"content": CHUNK}), _event({}, "stop")
    usage = _data({"choices": [], "usage": {"prompt_tokens": 30, "completion_tokens": 2 * chunks}})

    async def complete(request: web.Request) -> web.StreamResponse:
        await request.read()
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await everybody.wait()
        for _ in range(chunks):
            await response.write(first)
            await asyncio.sleep(0)  # the others' turn: the answers come side by side
        await response.write(last + usage + b"data: [DONE]\n\n")
        return response

    app = web.Application()
    app.router.add_post("/v1/chat/completions", complete)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=2048).start()
    host, port = runner.addresses[0][:2]
    print(f"http://{host}:{port}/v1", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


def _event(delta: dict[str, str], finish: str | None = None) -> bytes:
    return _data({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


def _data(payload: dict[str, object]) -> bytes:
    return f"data: {json.dumps(payload)}\n\n".encode()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--chunks", type=int, required=True)
    parser.add_argument("--together", type=int, required=True)
    given = parser.parse_args()
    asyncio.run(_serve(given.chunks, given.together))
