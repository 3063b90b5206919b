from tests.adapters.slack.answering.desk import a_desk
from tests.slack.server import FakeSlack


async def test_an_answer_is_streamed_into_the_thread_with_its_price_under_it() -> None:
    async with a_desk() as desk:
        ask = await desk.answer("Because ", "locks ", "wait.")
        [message] = desk.messages
        assert message.markdown == "Because locks wait."
        assert message.via == "chat.startStream"
        assert "0.3 cents · Claude Haiku 4.5" in FakeSlack.text_of(message)
        assert ask.was_delivered
