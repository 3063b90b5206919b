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


async def test_the_asks_of_a_thread_are_known_while_their_answers_come() -> None:
    async with a_desk() as desk:
        seen: list[tuple[str, ...]] = []

        def look() -> None:
            seen.append(desk.responder.asks_in(desk.slack.team_id, "C1", desk.question.ts))
            seen.append(desk.responder.asks_in("T0OTHER", "C1", desk.question.ts))

        await desk.answer("One. ", look, "Two.")
        assert seen == [("ask_1",), ()]
        assert desk.responder.asks_in(desk.slack.team_id, "C1", desk.question.ts) == ()
