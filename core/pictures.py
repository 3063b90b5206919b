"""Pictures as people hand them over: told by their first bytes, whatever they are called."""

from core.call import ImagePart
from core.errors import BadInput

MAX_PICTURE_BYTES = 5 * 1024 * 1024
"""What the strictest of our wire formats takes (Anthropic: 5 MB a picture; docs.claude.com, Vision, 2026-11)."""

MAX_PICTURES = 5
"""How many may go along with one question: each of them may cost as much as a page of text."""

_KINDS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_WEBP_AT = 8


def not_too_many(number: int) -> None:
    """`BadInput` for more pictures than one question may have."""
    if number > MAX_PICTURES:
        raise BadInput(f"That is {number} pictures; {MAX_PICTURES} is the most for one question.")


def picture_of(data: bytes, name: str) -> ImagePart:
    """The picture that these bytes are. `BadInput`, with what to do instead, for what no model takes."""
    if len(data) > MAX_PICTURE_BYTES:
        most = MAX_PICTURE_BYTES // (1024 * 1024)
        raise BadInput(
            f"{name} is larger than {most} MB, the most for a picture. Make it smaller, or send a part of it."
        )
    media_type = next((kind for start, kind in _KINDS.items() if data.startswith(start)), "")
    if data.startswith(b"RIFF") and data[_WEBP_AT:].startswith(b"WEBP"):
        media_type = "image/webp"
    if not media_type:
        raise BadInput(f"{name} is no picture that can be sent. Save it as PNG, JPEG, GIF or WebP.")
    return ImagePart(media_type, data)
