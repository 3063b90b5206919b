"""HTTP mode: Slack calls Chipin. What is not signed by Slack, or cannot be read, gets a 4xx and nothing else."""

import json
from urllib.parse import parse_qs

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

MAX_BODY_BYTES = 1_000_000
"""Slack's payloads are below 100 kB; a modal with long fields is the largest."""


class SlackEndpoint:
    """Answers POST /slack/events: commands, events and interactions."""

    def __init__(self, app: AsyncApp, signing_secret: str) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)

    async def receive(self, request: web.Request) -> web.Response:
        """One delivery of Slack's."""
        if (request.content_length or 0) > MAX_BODY_BYTES:
            return web.Response(status=413)
        try:
            body = (await request.read()).decode()
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413)
        except UnicodeDecodeError:
            return web.Response(status=400)
        if not self._is_signed(request, body):
            return web.Response(status=401)
        if not _is_readable(request.content_type, body):
            return web.Response(status=400)
        delivered = AsyncBoltRequest(body=body, query=request.query_string, headers=dict(request.headers))
        return await to_aiohttp_response(await self._app.async_dispatch(delivered))

    def _is_signed(self, request: web.Request, body: str) -> bool:
        """By Slack, within the last five minutes. slack_sdk raises on a timestamp that is no number."""
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        plain = timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 20 and signature.isascii()
        return plain and self._verifier.is_valid(body, timestamp, signature)


def _is_readable(content_type: str, body: str) -> bool:
    """Whether it has the form of what Slack sends: slack-bolt answers anything else with an error of its own."""
    try:
        if content_type == "application/json":
            return isinstance(json.loads(body), dict)
        fields = parse_qs(body)
        return bool(fields) and all(isinstance(json.loads(payload), dict) for payload in fields.get("payload", []))
    except (ValueError, RecursionError):
        return False
