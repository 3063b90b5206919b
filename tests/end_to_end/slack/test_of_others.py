"""What belongs to another member, or to another team, is read, pressed and sent by nobody else."""

import json
from typing import Any

import pytest

from adapters.slack.views.carried import Action, Carried
from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, SlackHouse, chipin_in
from tests.end_to_end.slack.test_typed import last, types
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack
from tests.slack.state import Message

CLEO = "U9CLEO"


@pytest.fixture(autouse=True)
def _cleo(slack: FakeSlack) -> None:
    slack.add_user(CLEO, "cleo")
    slack.workspace.channels[GENERAL].members.add(CLEO)


async def asked_by_ben(house: SlackHouse) -> tuple[str, Message]:
    """The id of an ask of Ben's, and the message under which its buttons stand."""
    await types(house, "/ask --here what is a deadlock?")
    [request] = await house.requests()
    return request["id"], house.answers()[-1]


async def forges(house: SlackHouse, action: str, value: str, on: Message, **changed: Any) -> str:
    """Cleo presses a button that never stood anywhere; what she reads then."""
    before = len(house.slack.ephemerals(CLEO))
    forged = {"type": "button", "action_id": action, "value": value, "action_ts": str(before)}
    assert (await house.feed.press(action, user=CLEO, on=on, forged=forged, **changed)).ok
    await house.quiet()
    return "\n".join(house.slack.text_of(each) for each in house.slack.ephemerals(CLEO)[before:])


async def topped_up(house: SlackHouse) -> int:
    """How many top-ups there were."""
    async with house.app.store.snapshot() as session:
        connection = await session.connection()
        found = await connection.exec_driver_sql("SELECT count(*) FROM entry WHERE account = 'funding'")
        return int(found.scalar_one())


async def test_a_forged_press_runs_and_tells_nothing_of_somebody_elses(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        ask_id, message = await asked_by_ben(house)
        charged, requests = await house.charged_nanos(), len(await house.requests())
        for action in Action:
            for asker in ("", CLEO, BEN):
                carried = Carried(asker=asker, ask_id=ask_id, press=ask_id, thumb="good")
                told = await forges(house, action, carried.value, message)
                assert "deadlock" not in told and "1,204" not in told
        for value in ("", "{", "[]", '{"nanos": -1}', '{"nanos": 1.5}', '{"what": ""}', "9" * 3_000, "[" * 1_900):
            assert await forges(house, Action.BETTER, value, message)
        assert len(server.calls) == 1 and await house.charged_nanos() == charged
        assert len([each for each in await house.requests() if each["state"] == "settled"]) == requests == 1
        assert not [each["thumb"] for each in await house.requests() if each["thumb"]]


async def test_what_waits_for_somebody_elses_word_is_not_agreed_to(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        _, message = await asked_by_ben(house)
        ben = await house.member(BEN)
        assert ben is not None
        for value in (
            ["forget", CLEO, ben.id],
            ["topup", CLEO, "25", "mine", "k"],
            ["topup", ANNA, "25", "mine", "k"],
            ["forget", CLEO, None],
            ["topup", CLEO, "NaN", "", ""],
        ):
            assert await forges(house, "agree", json.dumps(value), message)
        assert await house.member(BEN) == ben
        assert await topped_up(house) == 1


async def test_a_form_that_somebody_else_sends_is_theirs(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    """Its asker is who sent it, and what it carries along leads nowhere else."""
    async with chipin_in(slack, sqlite_url, server) as house:
        await types(house, "/topup", ANNA)
        form = slack.modal(ANNA)
        assert form is not None
        evil = json.dumps({"channel": GENERAL, "response_url": f"http://localhost:1/{slack.team_id}"})
        form.view = {**form.view, "private_metadata": evil}
        await house.feed.submit(form, {"amount": "25"}, user=CLEO)
        await house.quiet()
        told = [slack.text_of(each) for each in slack.direct_messages(CLEO)]
        assert any("Only admins" in each for each in told), told
        assert house.answers() == []


async def test_a_press_from_a_workspace_that_is_not_ours_reaches_nothing(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        ask_id, message = await asked_by_ben(house)
        elsewhere = {"id": "T666", "domain": "elsewhere"}
        user = {"id": CLEO, "team_id": "T666", "username": "cleo"}
        value = Carried(ask_id=ask_id).value
        shown = await forges(house, Action.DETAILS, value, message, team=elsewhere)
        assert "cent" not in shown
        button = {"type": "button", "action_id": str(Action.AGAIN), "value": Carried(press=ask_id).value}
        press = house.feed.payloads.press(message, CLEO, button) | {"user": user}
        assert (await house.feed.deliver("interactive", press)).ok
        await house.quiet()
        assert len(server.calls) == 1


async def test_details_of_somebody_elses_answer_are_its_price_and_model(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        _, message = await asked_by_ben(house)
        for user in (BEN, CLEO):
            await house.feed.press("ask_details", user=user, on=message)
        await house.quiet()
        bens, cleos = slack.text_of(last(house, BEN)), slack.text_of(last(house, CLEO))
        assert "tokens" in bens and "tokens" not in cleos
