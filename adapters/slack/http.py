"""HTTP mode: Slack calls Chipin. What is not signed by Slack, or cannot be read, gets a 4xx and nothing else."""

import asyncio
from collections.abc import Sequence

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.request.internals import parse_body
from slack_sdk.signature import SignatureVerifier

MAX_BODY_BYTES = 1_000_000
"""Slack's payloads are below 100 kB; a modal with long fields is the largest."""
BODY_SECONDS = 10.0
"""How long one may take to come in: Slack gives up after three."""
_PARTS = ("channel", "container", "message", "team", "user")
"""Of presses and forms; commands have none of them."""


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
            async with asyncio.timeout(BODY_SECONDS):
                body = (await request.read()).decode()
        except TimeoutError:
            return web.Response(status=408)
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413)
        except UnicodeDecodeError:
            return web.Response(status=400)
        if not self._is_signed(request, body):
            return web.Response(status=401)
        delivered = _read(request, body)
        if delivered is None:
            return web.Response(status=400)
        return await to_aiohttp_response(await self._app.async_dispatch(delivered))

    def _is_signed(self, request: web.Request, body: str) -> bool:
        """By Slack, within the last five minutes. slack_sdk raises on a timestamp that is no number."""
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        plain = timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 20 and signature.isascii()
        return plain and self._verifier.is_valid(body, timestamp, signature)


def _read(request: web.Request, body: str) -> AsyncBoltRequest | None:
    """As slack-bolt reads it; None where it has no form that Slack sends: that would be answered with a defect."""
    headers: dict[str, str | Sequence[str]] = dict(request.headers)
    try:
        if not _has_form(parse_body(body, request.content_type)):
            return None
        return AsyncBoltRequest(body=body, query=request.query_string, headers=headers)
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return None


def _has_form(payload: object) -> bool:
    """Whether everything stands where Slack puts it, as far as anybody looks."""
    if not isinstance(payload, dict) or not payload.keys() & {"command", "ssl_check", "type"}:
        return False
    event, view = payload.get("event", {"type": ""}), payload.get("view") or {}
    several = [payload.get("authorizations") or [], payload.get("actions", [{"action_id": ""}])]
    single = [event, view, *(payload.get(name) or {} for name in _PARTS)]
    return (
        all(isinstance(part, dict) for part in single)
        and all(isinstance(parts, list) and all(isinstance(part, dict) for part in parts) for parts in several)
        and isinstance(event.get("type"), str)
        and isinstance(view.get("state") or {}, dict)
        and bool(several[1])
        and all(isinstance(part.get("action_id"), str) for part in several[1])
    )
