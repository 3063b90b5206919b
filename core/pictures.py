"""Pictures as people hand them over: told by their first bytes, whatever they are called."""

from collections.abc import Iterable

from core.call import ImagePart, Message
from core.errors import BadInput

MAX_PICTURE_BYTES = 5 * 1024 * 1024 * 3 // 4
"""What the strictest of our wire formats takes: Anthropic's 5 MB a picture are counted in base64, four bytes for three
(its error for a longer one names that length: portkey.ai/error-library/image-size-error-10499, read in 2026-11)."""

MAX_BYTES_TOGETHER = 12 * 1024 * 1024
"""Those of one call, in base64 with room for the words: Gemini takes 20 MB a request (discuss.ai.google.dev/t/43061),
Anthropic 32 MB. It is also what is sealed and kept of a question."""

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


def bytes_together(pictures: Iterable[ImagePart]) -> int:
    """How large they are."""
    return sum(len(picture.data) for picture in pictures)


def not_too_large(pictures: Iterable[ImagePart]) -> None:
    """`BadInput` for more of them than can be sent in one call."""
    if bytes_together(pictures) > MAX_BYTES_TOGETHER:
        most = MAX_BYTES_TOGETHER // (1024 * 1024)
        raise BadInput(f"These pictures are larger than {most} MB together. Make them smaller, or send fewer.")


def not_too_large_alone(size_bytes: int, name: str) -> None:
    """`BadInput` for a picture that is larger than every model takes."""
    if size_bytes > MAX_PICTURE_BYTES:
        most = MAX_PICTURE_BYTES / (1024 * 1024)
        raise BadInput(
            f"{name} is larger than {most:.2f} MB, the most for a picture. Make it smaller, or send a part of it."
        )


def without_pictures(message: Message) -> Message:
    """Its words only."""
    return Message(message.role, tuple(part for part in message.parts if not isinstance(part, ImagePart)))


def picture_of(data: bytes, name: str) -> ImagePart:
    """The picture that these bytes are. `BadInput`, with what to do instead, for what no model takes."""
    not_too_large_alone(len(data), name)
    media_type = next((kind for start, kind in _KINDS.items() if data.startswith(start)), "")
    if data.startswith(b"RIFF") and data[_WEBP_AT:].startswith(b"WEBP"):
        media_type = "image/webp"
    if not media_type:
        raise BadInput(f"{name} is no picture that can be sent. Save it as PNG, JPEG, GIF or WebP.")
    return ImagePart(media_type, data)
