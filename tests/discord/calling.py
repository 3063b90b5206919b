"""REST calls by discord.py's own HTTP client, and what Discord answered when it refused."""

import json
from typing import Any

from discord import File, HTTPException
from discord.http import HTTPClient, Route

from tests.discord.building import QUIET
from tests.discord.people import Json
from tests.discord.state import Channel, Message


async def call(http: HTTPClient, method: str, path: str, body: Any = None, **parameters: Any) -> Any:
    how = {} if body is None else {"json": body}
    return await http.request(Route(method, path, **parameters), **how)


async def post(http: HTTPClient, channel: Channel, content: str = "hello", **fields: Any) -> Any:
    body = {**QUIET, "content": content, **fields}
    return await call(http, "POST", "/channels/{channel_id}/messages", body, channel_id=channel.id)


async def edit(http: HTTPClient, message: Message | Json, content: str = "changed", **fields: Any) -> Any:
    about = message.as_json() if isinstance(message, Message) else message
    where = {"channel_id": about["channel_id"], "message_id": about["id"]}
    body = {**QUIET, "content": content, **fields}
    return await call(http, "PATCH", "/channels/{channel_id}/messages/{message_id}", body, **where)


async def upload(http: HTTPClient, route: Route, file: File, body: Json) -> Any:
    """A call with a file: multipart, as discord.py sends it."""
    form: list[dict[str, Any]] = [
        {"name": "payload_json", "value": json.dumps(body)},
        {"name": "files[0]", "value": file.fp, "filename": file.filename, "content_type": "application/octet-stream"},
    ]
    return await http.request(route, form=form, files=[file])


async def refused(awaitable: Any) -> tuple[int, int]:
    """The status and Discord's code of a call that must fail."""
    try:
        await awaitable
    except HTTPException as error:
        return error.status, error.code
    raise AssertionError("it was not refused")
