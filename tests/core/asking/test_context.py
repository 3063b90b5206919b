"""A question takes the newest of its conversation along, as much as there is a budget for."""

from core.asking.context import newest_within
from core.call import Message, Role, TextPart
from tests.fakes import ByteCounter


def turns(*texts: str) -> tuple[Message, ...]:
    """A conversation that a person began; both speak in turn."""
    return tuple(
        Message(Role.ASSISTANT if number % 2 else Role.USER, (TextPart(text),)) for number, text in enumerate(texts)
    )


async def test_the_newest_messages_that_fit_are_sent_and_the_rest_is_said_to_be_left_out() -> None:
    history = turns("a" * 50, "b" * 50, "c" * 40, "d" * 40)
    context = await newest_within(history, 100, ByteCounter())
    assert context.sent == history[2:]
    assert context.left_out == history[:2]
    assert context.note == "Left out of this conversation: 2 messages at its beginning."


async def test_what_is_sent_begins_with_a_persons_words() -> None:
    history = turns("a" * 50, "b" * 10, "c" * 10)
    context = await newest_within(history, 20, ByteCounter())
    assert context.sent == history[2:]


async def test_a_conversation_that_fits_is_sent_whole_without_a_word() -> None:
    history = turns("one", "two", "three")
    context = await newest_within(history, 100, ByteCounter())
    assert (context.sent, context.left_out, context.note) == (history, (), "")


async def test_one_message_above_the_budget_is_left_out_whole() -> None:
    context = await newest_within(turns("a" * 500), 100, ByteCounter())
    assert context.sent == ()
    assert context.note == "Left out of this conversation: 1 message at its beginning."
