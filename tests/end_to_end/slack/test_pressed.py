"""What is pressed under an ask in Slack, by whom it may be, and what becomes of it."""

import asyncio

from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, SlackHouse, chipin_in
from tests.end_to_end.slack.test_typed import last, replies, types
from tests.provider_behaviours import gate
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack
from tests.slack.state import Ephemeral, Message
from tests.waiting import until


async def presses(house: SlackHouse, action: str, on: Message | Ephemeral, user: str = BEN, value: str = "") -> str:
    """Press; what whoever pressed reads alone then."""
    before = len(house.slack.ephemerals(user))
    heard = await house.feed.press(action, user=user, on=on, value=value or None)
    assert heard.ok
    await house.quiet()
    return "\n".join(map(house.slack.text_of, house.slack.ephemerals(user)[before:]))


async def test_details_say_to_whoever_presses_what_is_theirs_to_know(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        await types(house, "/ask --here what is a deadlock in <#C0123456789|general>? #Launch")
        [answer] = replies(house)
        own = await presses(house, "ask_details", answer)
        other = await presses(house, "ask_details", answer, ANNA)
        assert "tokens" in own and "left this month" in own
        assert "Tag: launch" in own  # and not the channel's name, which is written like one
        assert "tokens" not in other and "left this month" in other


async def test_a_better_model_answers_once_and_only_for_its_asker(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        await types(house, "/ask --here what is a deadlock?")
        [answer] = replies(house)
        assert "somebody else" in await presses(house, "ask_better", answer, ANNA)
        assert len(server.calls) == 1
        for _ in range(2):
            await presses(house, "ask_better", answer)
        assert len(server.calls) == len(replies(house)) == 2
        assert server.calls[0].body["model"] != server.calls[1].body["model"]


async def test_thumbs_are_their_askers(sqlite_url: str, server: ProviderServer, slack: FakeSlack) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await types(house, "/ask --here what is a deadlock?")
        [answer] = replies(house)
        assert await presses(house, "ask_feedback", answer) == "Thank you."
        assert "Only whoever asked" in await presses(house, "ask_feedback", answer, ANNA)


async def test_prices_come_first_and_the_one_that_is_pressed_is_asked(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await types(house, "/chipin price what is a deadlock?")
        assert server.calls == []
        await presses(house, "ask_quoted:1", last(house, BEN))
        assert len(server.calls) == 1


async def test_a_secret_leaves_only_when_its_asker_says_so(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await types(house, "/ask --here is 4111 1111 1111 1111 valid?")
        assert server.calls == []
        await presses(house, "ask_remove_secrets", last(house, BEN))
        assert len(server.calls) == 1
        assert "4111" not in str(server.calls[0].body)


async def test_an_answer_is_stopped_by_its_asker_or_an_admin_and_nobody_else(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    slack.add_user("U9CLEO", "cleo")
    opened = asyncio.Event()
    server.answer_with(gate(opened))
    async with chipin_in(slack, sqlite_url, server) as house:
        await house.feed.command("/ask", "--here what is a deadlock?", user=BEN, channel=GENERAL)
        await until(lambda: bool(server.calls))
        [asked] = await house.requests()
        button = {"type": "button", "action_id": "ask_stop", "value": f'{{"ask_id":"{asked["id"]}"}}'}
        shown = Ephemeral(GENERAL, BEN, "1.0")
        await house.feed.press("ask_stop", user="U9CLEO", on=shown, forged=button)
        await until(lambda: "nothing to stop" in told(slack))
        assert house.app.use_cases.asks.running == 1
        await house.feed.press("ask_stop", user=ANNA, on=shown, forged=button)
        await house.quiet()
        assert house.app.use_cases.asks.running == 0
        opened.set()


def told(slack: FakeSlack) -> str:
    return "".join(str(call.fields.get("text")) for call in slack.calls_of("response_url"))


async def test_a_request_is_decided_from_a_card_and_says_by_whom(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        await types(house, "/request 3 a demo")
        await types(house, "/chipin requests", ANNA)
        listed = last(house, ANNA)
        assert "ben asks for $3.00 more for this month" in slack.text_of(listed)
        assert "Only admins" in await presses(house, "decide_approve", listed, BEN)
        assert "Approved: $3.00 more for this month for ben." in await presses(house, "decide_approve", listed, ANNA)
        assert slack.text_of(listed) == "Nobody waits for a decision."
        assert "Nothing of your $8.00" in await types(house, "/balance")


async def test_a_limit_in_the_way_offers_to_ask_the_admins_for_more_of_it(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await types(house, f"/chipin limit <@{BEN}> 0.01", ANNA)
        await types(house, "/ask --here --model gpt-6.1-sol what is a deadlock?")
        refused = last(house, BEN)
        assert "Your monthly limit leaves too little" in slack.text_of(refused)
        assert "You asked for $5.00 more for this month." in await presses(house, "ask_for_more", refused)
        await types(house, "/chipin requests", ANNA)
        await presses(house, "decide_approve", last(house, ANNA), ANNA)
        assert server.calls == []
        run = next(each for each in reversed(slack.direct_messages(BEN)) if "run_now" in str(each.blocks))
        await presses(house, "run_now", run)
        assert len(server.calls) == 1


async def test_an_empty_wallet_offers_to_ask_the_admins_for_more(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server, nanos=1) as house:
        await types(house, "/ask --here what is a deadlock?")
        refused = last(house, BEN)
        assert "Ask for $25.00" in slack.text_of(refused)
        assert "somebody else" in await presses(house, "ask_for_25000000000", refused, ANNA)
        assert "You asked for $25.00 for the team wallet." in await presses(house, "ask_for_25000000000", refused)
