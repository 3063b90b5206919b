"""What somebody reads: the text of a message, an ephemeral, a view or blocks."""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.slack.state import Ephemeral, Json, Message, ShownView

READ = ("text", "title", "caption", "label", "x_label", "y_label", "name")


def strings(thing: Any) -> Iterator[str]:
    """Every string of blocks that is shown, in reading order."""
    if isinstance(thing, list):
        for one in thing:
            yield from strings(one)
    elif isinstance(thing, dict):
        for name, value in thing.items():
            if isinstance(value, str):
                if name in READ:
                    yield value
            elif name not in ("metadata", "confirm"):
                yield from strings(value)


def text_of_blocks(blocks: Sequence[Json]) -> str:
    return "\n".join(strings(list(blocks)))


def text_of(shown: Message | Ephemeral | ShownView) -> str:
    """All a person reads: streamed Markdown, then blocks; the plain text only where nothing else is shown."""
    if isinstance(shown, ShownView):
        return "\n".join(strings([shown.view.get("title", {}), *shown.blocks]))
    parts = [shown.markdown, text_of_blocks(shown.blocks)]
    return "\n".join(part for part in parts if part) or shown.text


def body_of(message: Message) -> str:
    """The answer itself, letter for letter: what was streamed and what stands in markdown blocks, or the text."""
    written = [block["text"] for block in message.blocks if block.get("type") == "markdown"]
    return message.markdown + "".join(written) or message.text


def buttons(shown: Message | Ephemeral | ShownView) -> list[Json]:
    """Everything that can be pressed or chosen in it, each with the block_id it stands in."""
    return list(_interactive(shown.blocks))


def _interactive(blocks: Sequence[Json]) -> Iterator[Json]:
    for block in blocks:
        inside = [block.get("accessory"), block.get("element"), *block.get("elements", ()), *block.get("actions", ())]
        for one in inside:
            if isinstance(one, dict) and "action_id" in one:
                yield {**one, "block_id": block.get("block_id", "")}
        yield from _interactive(block.get("child_blocks", ()))
