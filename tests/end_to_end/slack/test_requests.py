"""Asking for more in Slack, from the empty wallet to the answer: cards for admins, and a press for whoever waited."""

from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, chipin_in
from tests.end_to_end.slack.test_budget import balance
from tests.end_to_end.slack.test_pressed import presses
from tests.end_to_end.slack.test_typed import last, types
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack


async def test_from_an_empty_wallet_to_the_answer(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport, nanos=1) as house:
        await types(house, "/ask --here what is a deadlock?")
        assert "You asked for $25.00" in await presses(house, "ask_for_25000000000", last(house, BEN))
        [card] = slack.direct_messages(ANNA)
        assert "ben asks for $25.00" in slack.text_of(card)
        assert "Only admins" in await presses(house, "decide_approve", card, BEN)
        await presses(house, "decide_approve", card, ANNA)
        assert "Decided by anna." in slack.text_of(card)
        assert await balance(house) == 25
        announced = slack.direct_messages(ANNA)[-1]
        assert "anna recorded $25.00 of budget for the team" in slack.text_of(announced)
        ready = slack.direct_messages(BEN)[-1]
        assert "anna put $25.00 into the team wallet, as you asked." in slack.text_of(ready)
        assert server.calls == []
        for _ in range(2):
            await presses(house, "run_now", ready)
        assert len(server.calls) == 1


async def test_a_typed_top_up_tells_everybody_who_waits_that_they_can_go_on(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server, nanos=1) as house:
        await types(house, "/ask --here what is a deadlock?")
        await presses(house, "ask_for_10000000000", last(house, BEN))
        await types(house, "/topup 25 November", ANNA)
        ready = slack.direct_messages(BEN)[-1]
        assert "The team wallet has budget again." in slack.text_of(ready)
        await presses(house, "run_now", ready)
        assert len(server.calls) == 1


async def test_a_top_up_is_announced_once_where_admins_chose_or_else_to_each_of_them(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        payload = house.feed.payloads.command("/topup", "25 November budget", ANNA, GENERAL)
        for _ in range(3):
            await house.feed.deliver("slash_commands", payload)
        await house.quiet()
        [card] = slack.direct_messages(ANNA)
        assert "anna recorded $25.00 of budget for the team" in slack.text_of(card)
        assert 'The reason given: "November budget".' in slack.text_of(card)
        before = await balance(house)
        await presses(house, "undo", card, ANNA)
        assert "Undone by anna." in slack.text_of(card)
        assert await balance(house) == before - 25
