"""A file for one person, as messages: each a piece of it, letter for letter."""

from collections.abc import AsyncIterable, AsyncIterator

from adapters.slack.views.shown import Shown
from core.text.neutralise_slack import for_slack_plain

PIECE_CHARS = 10_000
MOST_PIECES = 20
CUT = "\n[There is more. Whoever runs Chipin can give you all of it.]"


async def pieces_of(document: AsyncIterable[str]) -> AsyncIterator[str]:
    """The document in pieces that fit a message each; the last says so where there is more than can be sent."""
    rest, sent = "", 0
    async for part in document:
        rest += part
        while len(rest) > PIECE_CHARS:
            sent += 1
            if sent == MOST_PIECES:
                yield rest[:PIECE_CHARS] + CUT
                return
            yield rest[:PIECE_CHARS]
            rest = rest[PIECE_CHARS:]
    if rest:
        yield rest


def document_shown(piece: str) -> Shown:
    """One of them, as code."""
    text = for_slack_plain(piece)
    code = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}
    return Shown("What Chipin keeps about you", ({"type": "rich_text", "elements": [code]},))
