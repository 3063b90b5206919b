"""What goes on is shown before there is an answer, and holds nothing up."""

from core.events import (
    Delta,
    FirstUse,
    Pausing,
    Refused,
    SwitchedModel,
    Waiting,
)
from tests.adapters.slack.answering.desk import FINISHED, STARTED, a_desk
from tests.slack.server import FakeSlack


async def test_what_is_told_first_and_what_goes_on_is_shown_before_the_answer() -> None:
    async with a_desk() as desk:
        await desk.show(
            FirstUse(("Questions go to providers.", "They cost.")),
            Waiting(2),
            Pausing("OpenAI is busy; trying again in 3 seconds."),
            STARTED,
            SwitchedModel("GPT", "Claude", 20_000_000, "did not answer"),
            Delta("Because."),
            FINISHED,
        )
        [first] = desk.slack.ephemerals("U1")
        assert FakeSlack.text_of(first) == "Questions go to providers.\nThey cost."
        said = [status["status"] for status in desk.slack.workspace.statuses]
        assert said == [
            "Waiting: 2 running asks may give back a part of what it needs.",
            "OpenAI is busy; trying again in 3 seconds.",
            "is thinking...",
            "GPT did not answer, so Claude answers, for at most 2 cents.",
        ]
        [message] = desk.messages
        assert "GPT did not answer, so Claude answers, for at most 2 cents." in FakeSlack.text_of(message)
        assert desk.slack.workspace.sessions["C1", desk.question.ts] == {"title": "why?", "status": "active"}


async def test_a_status_that_slack_does_not_take_in_time_delays_no_answer() -> None:
    async with a_desk() as desk:
        stalled = desk.slack.fail("agents.sessions.setStatus", stall="before", times=1)
        ask = await desk.answer("Because.")
        assert stalled.struck.is_set()
        assert FakeSlack.body_of(desk.messages[0]) == "Because."
        assert ask.was_delivered
        assert desk.slack.workspace.sessions["C1", desk.question.ts]["status"] == "active"


async def test_what_is_not_answered_is_not_thought_about_any_more() -> None:
    async with a_desk() as desk:
        await desk.show(Waiting(2), Refused("Your month is used up."))
        assert desk.slack.workspace.sessions["C1", desk.question.ts]["status"] == "active"
        assert [each["status"] for each in desk.slack.workspace.statuses][-1] == ""
