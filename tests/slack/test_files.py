"""Uploading a picture, and showing it in a message: only once it is whole and Slack has looked at it."""

from typing import Any

import aiohttp

from tests.slack.bolt import client_of, error_of
from tests.slack.server import FakeSlack

PNG = b"\x89PNG and so on"


def showing(file_id: str) -> dict[str, Any]:
    picture = {"type": "image", "alt_text": "A chart", "slack_file": {"id": file_id}}
    return {"channel": "C1", "text": "x", "blocks": [picture], "unfurl_links": False, "unfurl_media": False}


async def uploaded(slack: FakeSlack, content: bytes = PNG) -> str:
    client = client_of(slack)
    told = await client.files_getUploadURLExternal(filename="chart.png", length=len(PNG), alt_txt="A chart")
    async with aiohttp.ClientSession() as session, session.post(told["upload_url"], data=content) as response:
        assert (response.status == 200) == (content == PNG)
    return str(told["file_id"])


async def test_a_picture_is_shown_when_it_is_whole_and_was_looked_at(slack: FakeSlack) -> None:
    client, file = client_of(slack), await uploaded(slack)
    assert await error_of(client.chat_postMessage(**showing(file))) == "invalid_blocks"
    await client.files_completeUploadExternal(files=[{"id": file, "title": "A chart"}])
    assert await error_of(client.chat_postMessage(**showing(file))) == "invalid_blocks"
    assert (await client.files_info(file=file))["file"]["mimetype"] == ""
    assert (await client.files_info(file=file))["file"]["mimetype"] == "image/png"
    assert (await client.chat_postMessage(**showing(file)))["ok"]
    assert slack.workspace.files[file].content == PNG and slack.violations == []


async def test_what_did_not_come_whole_is_no_file(slack: FakeSlack) -> None:
    client, file = client_of(slack), await uploaded(slack, b"half")
    assert await error_of(client.files_completeUploadExternal(files=[{"id": file}])) == "file_not_found"
    assert await error_of(client.files_info(file=file)) == "file_not_found"
    assert await error_of(client.files_info(file="F00000000")) == "file_not_found"
