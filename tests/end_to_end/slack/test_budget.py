"""Money in Slack: budget is recorded once, by who may, everybody is told, and it can be undone."""

import pytest

from core.money import NANOS_PER_USD
from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, SlackHouse, chipin_in
from tests.end_to_end.slack.test_typed import last, types
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack


async def balance(house: SlackHouse) -> int:
    anna = await house.member(ANNA)
    assert anna is not None
    report = await house.app.use_cases.balances._reports.wallet(anna.team.wallet_id)
    return report.balance_nanos // NANOS_PER_USD


async def test_a_typed_top_up_is_recorded_and_undone_once(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        before = await balance(house)
        said = await types(house, "/topup 25 November budget", ANNA)
        assert "Recorded $25.00 of budget" in said and "/chipin undo takes it back" in said
        assert await balance(house) == before + 25
        reply = last(house, ANNA)
        for _ in range(2):
            await house.feed.press("undo", user=ANNA, on=reply, value=None, forged=undo_of(house))
        await house.quiet()
        assert "The top-up of $25.00 is undone." in slack.text_of(reply)
        assert await balance(house) == before


def undo_of(house: SlackHouse) -> dict[str, str]:
    """The button as it was shown, also after it has gone."""
    for call in reversed(house.slack.calls_of("response_url")):
        for block in call.fields.get("blocks", []):
            for element in block.get("elements", []):
                if element.get("action_id") == "undo":
                    return dict(element)
    raise LookupError("undo")


@pytest.mark.parametrize("line", ["/topup 25 for me", "/topup", "/chipin undo"])
async def test_a_member_records_nothing_and_gets_no_form(
    line: str, sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        before = await balance(house)
        assert "Only admins of the team can change its budget." in await types(house, line, BEN)
        assert slack.modal(BEN) is None and slack.calls_of("views.open") == []
        assert await balance(house) == before


async def test_the_form_is_recorded_once_however_often_it_is_delivered(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        before = await balance(house)
        await types(house, "/topup", ANNA)
        form = slack.modal(ANNA)
        assert form is not None and form.title == "Add budget"
        wrong = await house.feed.submit(form, {"amount": "lots"})
        assert "lots" in wrong.body["errors"]["amount"]
        for _ in range(3):
            await house.feed.submit(form, {"amount": "25", "reason": "November budget"})
        await house.quiet()
        assert await balance(house) == before + 25
        assert "Recorded $25.00 of budget" in slack.text_of(last(house, ANNA))


async def test_a_forged_submission_records_nothing(sqlite_url: str, server: ProviderServer, slack: FakeSlack) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        before = await balance(house)
        await types(house, "/topup", ANNA)
        form = slack.modal(ANNA)
        assert form is not None
        heard = await house.feed.submit(form, {"amount": "25"}, user=BEN)
        await house.quiet()
        assert heard.ok
        assert await balance(house) == before
        assert "Only admins" in "".join(call.fields["text"] for call in slack.calls_of("response_url"))


async def test_an_unusual_amount_is_recorded_when_it_is_agreed_to_and_once(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        before = await balance(house)
        assert "Nothing is recorded yet: the button below records it." in await types(house, "/topup 500 all", ANNA)
        asked = last(house, ANNA)
        forged = next(each for each in asked.blocks[-1]["elements"] if each["action_id"] == "agree")
        assert await balance(house) == before
        for _ in range(2):
            await house.feed.press("agree", user=ANNA, on=asked, forged=forged)
        await house.quiet()
        assert await balance(house) == before + 500
        assert "Recorded $500.00 of budget" in slack.text_of(asked)


async def test_nobody_else_agrees_and_not_now_does_nothing(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        before = await balance(house)
        await types(house, "/topup 500 all", ANNA)
        asked = last(house, ANNA)
        forged = next(each for each in asked.blocks[-1]["elements"] if each["action_id"] == "agree")
        await house.feed.press("agree", user=BEN, on=asked, forged=forged)
        await house.quiet()
        assert await balance(house) == before
        await house.feed.press("not_now", user=ANNA, on=asked)
        await house.quiet()
        assert slack.text_of(asked) == "Nothing was done."
        assert await balance(house) == before


async def test_a_form_that_opens_too_late_is_offered_again(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        late = slack.fail("views.open", error="expired_trigger_id", times=1)
        assert "could not be opened in time" in await types(house, "/topup", ANNA)
        assert late.fired == 1 and slack.modal(ANNA) is None
        await house.feed.press("open_topup", user=ANNA, on=last(house, ANNA))
        await house.quiet()
        assert slack.modal(ANNA) is not None


async def test_in_a_channel_without_the_bot_the_answer_arrives_all_the_same(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    slack.workspace.channels[GENERAL].members.discard(slack.bot_user_id)
    async with chipin_in(slack, sqlite_url, server) as house:
        assert "Recorded $25.00" in await types(house, "/topup 25 all", ANNA)


async def test_a_command_of_a_workspace_without_chipin_does_nothing(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    slack.add_workspace("T9OTHER", "Other").add_user("U1ANNA", "other anna", admin=True, owner=True)
    async with chipin_in(slack, sqlite_url, server) as house:
        before = await balance(house)
        heard = await house.feed.command("/topup", "25 all", user=ANNA, channel=GENERAL, team_id="T9OTHER")
        await house.quiet()
        assert heard.ok and "not installed" in slack.text_of(last(house, ANNA))
        await types(house, "/topup 500 all", ANNA)
        asked = last(house, ANNA)
        await house.feed.press("agree", user=ANNA, on=asked, team={"id": "T9OTHER", "domain": "other"})
        await house.quiet()
        assert await balance(house) == before


async def test_a_low_wallet_asks_admins_once_and_one_press_of_several_adds_it(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        before = await balance(house)
        said = await types(house, f"/chipin admin refill below {before + 5} add 25 at most 100", ANNA)
        assert "The refill rule is set" in said
        for _ in range(2):
            await house.app.use_cases.refills.run()
            await house.app.use_cases.notices.run(house.chat.announcer)
        (card,) = [each for each in slack.direct_messages(ANNA) if "refill rule would add" in slack.text_of(each)]
        button = next(e for block in card.blocks for e in block.get("elements", []) if e.get("action_id") == "refill")
        assert button["text"]["text"] == "Add $25"
        await house.feed.press("refill", user=BEN, on=card, value=None, forged=dict(button))
        await house.quiet()
        assert await balance(house) == before
        for _ in range(2):
            await house.feed.press("refill", user=ANNA, on=card, value=None, forged=dict(button))
            await house.quiet()
        assert await balance(house) == before + 25
        assert "$25.00 was added already" in slack.text_of(card) and "Undo" in slack.text_of(card)
