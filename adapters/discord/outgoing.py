"""Messages as they leave: they call nobody, unfold no link, and are known again where they come twice."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord

EPHEMERAL, SUPPRESS_EMBEDS, IS_COMPONENTS_V2 = 1 << 6, 1 << 2, 1 << 15
"""Flags of messages (resources/message, "Message Flags")."""
CALLS_NOBODY: Mapping[str, Any] = {"parse": [], "replied_user": False}
MAX_NONCE_CHARS = 25

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes along with a message. `description`: what is to be seen, for who does not see it."""

    name: str
    content: bytes
    description: str = ""


def harmless(fields: Json) -> dict[str, Any]:
    """A message that calls nobody and unfolds no link; one of Components V2 has no embeds anyway."""
    flags = int(fields.get("flags", 0))
    if not flags & IS_COMPONENTS_V2:
        flags |= SUPPRESS_EMBEDS
    return {**fields, "flags": flags, "allowed_mentions": dict(CALLS_NOBODY)}


def nonce_of(key: str) -> str:
    """A message's nonce, the same for the same key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:MAX_NONCE_CHARS]


def _described(number: int, file: File) -> dict[str, str]:
    about = {"id": str(number), "filename": file.name}
    return about | ({"description": file.description} if file.description else {})


def multipart(
    json: Json | Sequence[Json] | None, files: Sequence[File]
) -> tuple[list[discord.File], list[dict[str, Any]]]:
    """Files beside a JSON body, as discord.py sends them (reference, "Uploading Files")."""
    said = dict(json) if isinstance(json, Mapping) else {}
    said["attachments"] = [_described(number, file) for number, file in enumerate(files)]
    sent = [discord.File(io.BytesIO(file.content), filename=file.name) for file in files]
    form: list[dict[str, Any]] = [{"name": "payload_json", "value": discord.utils._to_json(said)}]
    for number, file in enumerate(sent):
        form.append(
            {
                "name": f"files[{number}]",
                "value": file.fp,
                "filename": file.filename,
                "content_type": "application/octet-stream",
            }
        )
    return sent, form
