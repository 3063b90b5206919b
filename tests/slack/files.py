"""Uploading a file in three steps: an address, the bytes, and that it is whole (docs.slack.dev, "Working with files").

What is whole is looked at in the background: until then it has no type, and no block can show it.
"""

from typing import TYPE_CHECKING

from aiohttp import web

from tests.slack.faults import Call
from tests.slack.methods import At, method
from tests.slack.state import Json, SlackError, SlackFile

if TYPE_CHECKING:
    from tests.slack.server import FakeSlack

SHOWN_AS_IMAGES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"}
"""What an image block may show (docs.slack.dev/reference/block-kit/composition-objects/slack-file-object)."""
UPLOAD_PATH = "/upload/v1/{id}"
MAX_BYTES = 1_000_000_000


@method("files.getUploadURLExternal", scopes=["files:write"], required=["filename", "length"])
def upload_url(at: At) -> Json:
    if not 0 < int(at.text("length")) <= MAX_BYTES:
        raise SlackError("invalid_arguments")
    id_, name = at.slack.numbers.id("F"), at.text("filename")
    url = f"{at.slack.base_url}/files-pri/{at.team.team_id}-{id_}/{name}"
    at.team.files[id_] = SlackFile(id_, name, "", b"", url, at.team.bot_user_id)
    at.team.files[id_].awaits_bytes, at.team.files[id_].alt_text = int(at.text("length")), at.text("alt_txt")
    return {"upload_url": f"{at.slack.base_url}{UPLOAD_PATH.format(id=id_)}", "file_id": id_}


@method("files.completeUploadExternal", scopes=["files:write"], required=["files"])
def complete_upload(at: At) -> Json:
    """Without a channel the file is the bot's own: no message shows it until a block does."""
    if (channel := at.text("channel_id")) and channel not in at.team.channels:
        raise SlackError("channel_not_found")
    told = []
    for one in at.fields["files"]:
        file = at.team.files.get(str(one.get("id")))
        if file is None or file.awaits_bytes != len(file.content) or file.whole:
            raise SlackError("file_not_found")
        file.whole, file.looks_left = True, at.slack.looks_until_file_is_ready
        file.shared_in = at.text("channel_id")
        told.append({"id": file.id, "title": one.get("title", "")})
    return {"files": told}


@method("files.info", scopes=["files:read"], required=["file"])
def file_info(at: At) -> Json:
    file = at.team.files.get(at.text("file"))
    if file is None or not file.whole:
        raise SlackError("file_not_found")
    if file.looks_left > 0:
        file.looks_left -= 1
    elif not file.mimetype:
        file.mimetype = SHOWN_AS_IMAGES.get(file.name.rpartition(".")[2], "application/octet-stream")
    return {"file": file.as_json()}


async def take_bytes(slack: "FakeSlack", request: web.Request) -> web.StreamResponse:
    """The second step, at the address that the first one told: no token, as whoever knows the address may."""
    id_, content = request.match_info["id"], await request.read()
    found = next((team for team in slack.workspaces.values() if id_ in team.files), None)
    call = Call(slack.numbers.order(), "files.upload", {"file": id_}, "", slack.clock.now())

    def answer() -> web.StreamResponse:
        if found is None or len(content) != found.files[id_].awaits_bytes:
            return web.Response(status=400, text="invalid upload")
        found.files[id_].content, call.taken = content, True
        return web.Response(text=f"OK - {len(content)}")

    return await slack.gate.run(request, call, answer)


def not_shown(at: At, blocks: object) -> str:
    """Which block shows a file that cannot be shown, as Slack says it; empty where none does."""
    for number, block in enumerate(blocks if isinstance(blocks, list) else ()):
        if "slack_file" in block:
            file = at.team.files.get(str(block["slack_file"].get("id")))
            if file is None or file.mimetype not in SHOWN_AS_IMAGES.values():
                return f"invalid slack file [json-pointer:/blocks/{number}/slack_file]"
    return ""
