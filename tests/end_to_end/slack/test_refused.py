"""Who may not, does not: nothing changes, they alone are told, and it is written down. And everything happens once."""

import asyncio

import pytest
from structlog.testing import capture_logs

from adapters.slack.views.cards import notice_shown
from core.announcement import TOPPED_UP, Notice
from core.money import NANOS_PER_USD
from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, SlackHouse, chipin_in
from tests.end_to_end.slack.locks import locked
from tests.end_to_end.slack.test_budget import balance, undo_of
from tests.end_to_end.slack.test_typed import last, replies, types
from tests.provider_behaviours import gate
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack
from tests.slack.state import Message

TEN_AND_A_HALF = 21 * NANOS_PER_USD // 2
"""In whole dollars the same before and after a question."""


async def announced(house: SlackHouse, notice: Notice) -> Message:
    """As it stands in a channel, for everybody to press."""
    workspace = await house.chat.workspaces.of(house.slack.team_id)
    assert workspace is not None
    shown = notice_shown(notice).fields
    await workspace.api.call("chat.postMessage", channel=GENERAL, unfurl_links=False, unfurl_media=False, **shown)
    return house.slack.messages(GENERAL)[-1]


async def test_a_command_delivered_twenty_times_is_done_once(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport, nanos=TEN_AND_A_HALF) as house:
        before = await balance(house)
        asked = house.feed.payloads.command("/ask", "--here why?", BEN, GENERAL)
        recorded = house.feed.payloads.command("/topup", "25 November", ANNA, GENERAL)
        heard = await asyncio.gather(
            *(house.feed.deliver("slash_commands", payload) for payload in (asked, recorded) for _ in range(20))
        )
        await house.quiet()
        assert all(each.ok for each in heard)
        assert len(server.calls) == len(replies(house)) == len(await house.requests()) == 1
        assert await balance(house) == before + 25


async def test_presses_and_forms_are_acknowledged_while_everything_behind_them_stands_still(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    opened = asyncio.Event()
    server.answer_with(gate(opened))
    async with chipin_in(slack, sqlite_url, server, transport=transport, nanos=TEN_AND_A_HALF) as house:
        before = await balance(house)
        await types(house, "/topup", ANNA)
        await types(house, "/ask")
        forms = [slack.modal(user) for user in (ANNA, BEN)]
        await types(house, "/topup 500 all", ANNA)
        with locked(sqlite_url):
            assert forms[0] is not None and forms[1] is not None
            heard = [
                await house.feed.submit(forms[0], {"amount": "25"}),
                await house.feed.submit(forms[1], {"question": "why?", "where": "--here"}),
                await house.feed.press("agree", user=ANNA, on=last(house, ANNA)),
            ]
            assert all(each.ok for each in heard)
            assert not server.calls and await balance(house) == before
        opened.set()
        await house.quiet()
        assert len(server.calls) == 1
        assert await balance(house) == before + 525


async def test_a_public_top_up_is_undone_by_an_admin_once_and_says_by_whom(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        before = await balance(house)
        await types(house, "/topup 25 November", ANNA)
        top_up = undo_of(house)["value"]
        card = await announced(house, Notice("n", "T", TOPPED_UP, "anna recorded $25.00.", undo=top_up))
        with capture_logs() as logs:
            await house.feed.press("undo", user=BEN, on=card)
            await house.quiet()
        assert [(each["event"], each["user"]) for each in logs if each["log_level"] == "warning"] == [
            ("slack_refused", BEN)
        ]
        assert await balance(house) == before + 25
        assert "Only admins" in slack.text_of(last(house, BEN))
        button = next(each for block in card.blocks for each in block.get("elements", []))
        for _ in range(2):
            await house.feed.press("undo", user=ANNA, on=card, forged=button)
            await house.quiet()
        assert await balance(house) == before
        shown = slack.text_of(card)
        assert shown.startswith("anna recorded $25.00.\nThe top-up of $25.00 is undone.")
        assert shown.endswith("Undone by anna.")


async def test_rights_are_those_of_the_moment_a_form_is_sent_or_a_button_pressed(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await types(house, "/topup 25 November", ANNA)
        undo = last(house, ANNA)
        await types(house, "/topup 500 all", ANNA)
        agree = last(house, ANNA)
        await types(house, "/topup", ANNA)
        form, before = slack.modal(ANNA), await balance(house)
        assert form is not None
        anna = slack.workspace.users[ANNA]
        anna.admin = anna.owner = False
        await house.feed.submit(form, {"amount": "25"})
        await house.feed.press("undo", user=ANNA, on=undo)
        await house.feed.press("agree", user=ANNA, on=agree)
        await house.quiet()
        assert "Only admins" in await types(house, "/chipin limit everyone 1", ANNA)
        assert "Only admins" in await types(house, "/topup 25 all", ANNA)
        assert await balance(house) == before


async def test_a_button_that_nobody_knows_is_acknowledged_and_does_nothing(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        await types(house, "/topup 500 all", ANNA)
        shown, before = last(house, ANNA), await balance(house)
        for action in (
            {"action_id": "of_long_ago"},
            {"action_id": "agree", "value": "[[["},
            {"action_id": "ask_again"},
        ):
            forged = {"type": "button", **action}
            assert (await house.feed.press(action["action_id"], user=ANNA, on=shown, forged=forged)).ok
            await house.quiet()
            assert "of another version of Chipin" in slack.text_of(last(house, ANNA))
        assert await balance(house) == before


async def test_a_decided_card_can_be_pressed_no_more_and_another_copy_says_by_whom(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await types(house, "/request 3 a demo")
        ben = await house.member(BEN)
        assert ben is not None
        [request] = await house.app.use_cases.budget_requests.open_for(ben)
        cards = [await announced(house, Notice("n", "T", "request", "ben asks.", decide=request.id)) for _ in range(2)]
        await house.feed.press("decide_half", user=ANNA, on=cards[0])
        await house.quiet()
        await house.feed.press("decide_deny", user=ANNA, on=cards[1])
        await house.quiet()
        assert "for ben" in slack.text_of(cards[0]) and "Decided by anna." in slack.text_of(cards[0])
        assert "You approved this just now." in slack.text_of(cards[1])
        assert all(block["type"] != "actions" for card in cards for block in card.blocks)


@pytest.mark.parametrize("line", ["/topup 25 all", "/topup", "/balance", "/ask --here why?"])
async def test_in_a_workspace_that_is_not_listed_even_its_owner_is_told_so_and_nothing_begins(
    line: str, sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    settings = {"teams": "slack:T7OTHER"}
    async with chipin_in(slack, sqlite_url, server, nanos=0, settings=settings) as house:
        with capture_logs() as logs:
            assert "This workspace may not use this Chipin." in await types(house, line, ANNA)
        assert "slack_refused" in [each["event"] for each in logs]
        assert await house.member(ANNA) is None and slack.modal(ANNA) is None
        assert await house.requests() == [] and server.calls == []


async def test_a_guest_and_somebody_of_another_company_record_nothing(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    slack.add_user("U8GUEST", "gia", restricted=True, admin=True)
    other = slack.add_workspace("T9OTHER", "Other")
    slack.workspace.users["U9OWNER"] = other.add_user("U9OWNER", "owner", owner=True)
    async with chipin_in(slack, sqlite_url, server) as house:
        before = await balance(house)
        for user in ("U8GUEST", "U9OWNER"):
            assert "Only admins" in await types(house, "/topup 25 all", user)
        assert await balance(house) == before
