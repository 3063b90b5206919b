"""The rules of a message that goes out, new or changed."""

from collections.abc import Sequence

from tests.discord.faults import Upload
from tests.discord.faulty import Report
from tests.discord.lint_components import lint_components
from tests.discord.people import Json
from tests.discord.posting import walk
from tests.discord.state import COMPONENTS_V2, EPHEMERAL, SUPPRESS_EMBEDS, Message

CONTENT, NONCE, FILES, REQUEST_BYTES = 2000, 25, 10, 25 * 1024 * 1024
NOT_WITH_V2 = ("content", "embeds", "sticker_ids", "poll")


def lint_message(report: Report, fields: Json, before: Message | None) -> None:
    """`before`: the message that is changed; its flags and components stay where `fields` does not say."""
    told = fields.get("flags")
    flags = (before.flags if before is not None else 0) if told is None else int(told)
    v2 = bool(flags & COMPONENTS_V2)
    _mentions(report, fields)
    if before is not None and before.is_v2 and not v2:
        report.add("V2 stays", "flags", "the message is V2, and the flag is taken away")
        v2 = True
    if v2:
        for name in NOT_WITH_V2:
            if fields.get(name):
                report.add("V2 alone", name, "a message of components carries nothing else")
    elif fields.get("content") and not flags & SUPPRESS_EMBEDS:
        report.add("no embeds", "flags", "text goes out with SUPPRESS_EMBEDS")
    if fields.get("content") is not None:
        report.length(fields["content"], "content", "content", CONTENT, minimum=0)
    if fields.get("nonce") is not None:
        report.length(str(fields["nonce"]), "nonce", "nonce", NONCE)
    if told is not None and int(told) & ~(COMPONENTS_V2 | EPHEMERAL | SUPPRESS_EMBEDS):
        report.add("flags", "flags", f"{told}: no other flag is ours to set")
    if fields.get("components") is not None:
        lint_components(report, fields["components"], v2=v2)


def _mentions(report: Report, fields: Json) -> None:
    """Nobody is ever pinged, edits included: an answer may hold any text."""
    allowed = fields.get("allowed_mentions")
    if not isinstance(allowed, dict) or allowed.get("parse") != []:
        report.add("allowed mentions", "allowed_mentions", f"{allowed!r}: parse must be there, and empty")
    elif allowed.get("users") or allowed.get("roles") or allowed.get("replied_user"):
        report.add("allowed mentions", "allowed_mentions", f"{allowed!r}: somebody is pinged")


def lint_files(report: Report, fields: Json, files: Sequence[Upload], limit_bytes: int) -> None:
    """Sizes, and that what is described or shown was uploaded."""
    if len(files) > FILES:
        report.add("files", "files", f"{len(files)}; at most {FILES}")
    for each in files:
        if len(each.content) > limit_bytes:
            report.add("file size", each.field, f"{len(each.content)} bytes; at most {limit_bytes}")
    if sum(len(each.content) for each in files) > REQUEST_BYTES:
        report.add("file size", "files", f"together more than {REQUEST_BYTES} bytes")
    names = {each.filename for each in files}
    for component in walk(fields.get("components")):
        for url in _shown_by(component):
            if url.startswith("attachment://") and url.removeprefix("attachment://") not in names:
                report.add("files", url, "is shown, and was not uploaded")


def _shown_by(component: Json) -> list[str]:
    """The addresses of what a component shows."""
    media = [component.get("file"), *(item.get("media") for item in component.get("items") or ())]
    return [str(each.get("url") or "") for each in media if isinstance(each, dict)]
