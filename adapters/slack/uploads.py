"""A file on its way to Slack, in three steps: an address for it, its bytes, and what becomes of it.

docs.slack.dev/messaging/working-with-files.
"""

from contextlib import suppress
from functools import partial

from adapters.slack.api import Rejected, SlackApi, Unsure


async def sent(api: SlackApi, name: str, content: bytes, *, patience_seconds: float, **more: str) -> str:
    """Send the bytes; the id of the file, which nobody sees before it is completed. Raises a `SlackFailed`."""
    told = await api.call(
        "files.getUploadURLExternal", patience_seconds=patience_seconds, filename=name, length=len(content), **more
    )
    await api.send_file(str(told["upload_url"]), content, patience_seconds=patience_seconds)
    return str(told["file_id"])


async def completed(api: SlackApi, file_id: str, title: str, *, patience_seconds: float, **where: str) -> None:
    """Say that it is whole, and with `where` who sees it. Raises a `SlackFailed`."""
    complete = partial(
        api.call,
        "files.completeUploadExternal",
        patience_seconds=patience_seconds,
        files=[{"id": file_id, "title": title}],
        **where,
    )
    try:
        await complete()
    except Unsure:  # once more: where it was taken, the second is refused, and the file is there
        with suppress(Rejected):
            await complete()
