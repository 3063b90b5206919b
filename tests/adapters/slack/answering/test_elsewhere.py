"""Where the bot may not write, an answer comes whole by another way."""

from dataclasses import replace

import pytest

from adapters.slack.answering.responder import Where
from adapters.slack.origin import Origin
from tests.adapters.slack.answering.desk import Desk, a_desk
from tests.slack.faults import Moment
from tests.slack.payloads import Payloads
from tests.slack.server import FakeSlack


def where_the_bot_is_no_member(desk: Desk) -> Where:
    """A command typed there."""
    slack = desk.slack
    slack.add_channel("C2", "elsewhere", ["U1"], bot_is_member=False)
    url = Payloads(slack, slack.workspace).response_url("U1", "C2")
    return replace(desk.where, origin=Origin(slack.team_id, "U1", "C2", response_url=url))


async def test_where_the_bot_is_no_member_the_answer_comes_through_the_commands_address() -> None:
    async with a_desk() as desk:
        slack, where = desk.slack, where_the_bot_is_no_member(desk)
        ask = await desk.answer("Because <!here>.", where=where)
        [answer] = slack.messages("C2")
        assert FakeSlack.body_of(answer) == "Because &lt;!here>."
        assert "0.3 cents · Claude Haiku 4.5" in FakeSlack.text_of(answer)
        assert "/invite" in FakeSlack.text_of(answer)
        assert ask.was_delivered


async def test_where_slack_is_in_trouble_for_a_moment_a_paid_answer_still_comes_through_the_address() -> None:
    async with a_desk() as desk:
        slack, where = desk.slack, where_the_bot_is_no_member(desk)
        slack.fail("response_url", status=503, times=3)
        ask = await desk.answer("Because.", where=where)
        assert [FakeSlack.body_of(each) for each in slack.messages("C2")] == ["Because."]
        assert ask.was_delivered


@pytest.mark.parametrize("drop", ["before", "after"])
async def test_a_paid_answer_whose_fate_nobody_can_look_up_is_left_to_be_told_later(drop: Moment) -> None:
    async with a_desk() as desk:
        slack, where = desk.slack, where_the_bot_is_no_member(desk)
        slack.fail("response_url", drop=drop, when=lambda call: call.fields["response_type"] == "in_channel")
        ask = await desk.answer("Because.", where=where)
        assert not ask.was_delivered
        assert len(slack.messages("C2")) == (1 if drop == "after" else 0)
        assert slack.direct_messages("U1") == []


async def test_a_long_answer_where_the_bot_is_no_member_comes_as_a_direct_message() -> None:
    async with a_desk() as desk:
        slack, where = desk.slack, where_the_bot_is_no_member(desk)
        text = "".join(f"Line {number}.\n" for number in range(6_000))
        ask = await desk.answer(text, where=where)
        assert "".join(FakeSlack.body_of(each) for each in slack.direct_messages("U1")) == text
        assert "/invite" in FakeSlack.text_of(slack.direct_messages("U1")[-1])
        assert slack.messages("C2") == []
        assert ask.was_delivered
