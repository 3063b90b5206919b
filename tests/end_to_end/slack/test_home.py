"""App Home: everybody sees their own month, admins the wallet and what waits; what is pressed there is theirs to do."""

import pytest

from adapters.slack import home
from adapters.slack.listeners.home_actions import INVITE
from adapters.slack.views import home as views
from core.models import AUTO
from core.money import NANOS_PER_USD
from core.people import Place
from core.preferred import announced_in, goes_on_in
from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, SlackHouse, chipin_in
from tests.end_to_end.slack.test_budget import balance
from tests.provider_server import ProviderServer
from tests.slack.payloads import action_of, found
from tests.slack.server import FakeSlack
from tests.slack.state import ShownView
from tests.waiting import until

BUDGET = "C2BUDGET"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long changes wait for each other is shown in tests/adapters/slack/test_home.py."""
    monkeypatch.setattr(home, "DEBOUNCE_SECONDS", 0.01)
    monkeypatch.setattr(home, "PACE_SECONDS", 0.01)


async def opened(house: SlackHouse, user: str) -> ShownView:
    """Somebody looks at their Home."""
    before = len(house.slack.calls_of("views.publish", taken=True))
    assert (await house.feed.home_opened(user)).ok
    await until(lambda: len(house.slack.calls_of("views.publish", taken=True)) > before)
    shown = house.slack.home(user)
    assert shown is not None
    return shown


async def shows(house: SlackHouse, user: str, words: str) -> str:
    """Their Home, once it says this."""
    shown = house.slack.home(user)
    assert shown is not None
    await until(lambda: words in house.slack.text_of(shown))
    return house.slack.text_of(shown)


async def presses(
    house: SlackHouse, user: str, action_id: str, value: object = None, *, on: ShownView | None = None
) -> str:
    """Press or choose something in Home; what opens then, or else comes as a direct message."""
    view = on or house.slack.home(user)
    assert view is not None
    before = {each.ts for each in house.slack.direct_messages(user)}
    used = action_of(found(view, action_id), value)  # type: ignore[arg-type]  # of some menus a list
    assert (await house.feed.press(action_id, user=user, on=view, forged=used)).ok
    await house.quiet()
    modal = house.slack.modal(user)
    told = [house.slack.text_of(each) for each in house.slack.direct_messages(user) if each.ts not in before]
    return "\n".join([*([house.slack.text_of(modal)] if modal else []), *told])


async def test_a_member_sees_their_own_and_nothing_of_the_wallet(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        heard = await house.feed.home_opened(BEN)
        await until(lambda: slack.home(BEN) is not None)
        assert heard.ok and heard.order < slack.calls_of("views.publish")[0].order
        text = await shows(house, BEN, "Your month")
        assert "Nothing of your $5.00 used" in text and views.NOTHING_ASKED in text
        assert "Team wallet" not in text and views.NOBODY_WAITS not in text


async def test_after_each_ask_the_home_of_its_asker_shows_its_price_and_no_word_of_it(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        await opened(house, BEN)
        await opened(house, ANNA)
        await house.feed.mention("what is a deadlock?", user=BEN, channel=GENERAL)
        text = await shows(house, BEN, " · Slack")
        assert "deadlock" not in text and "It depends" not in text
        anna = slack.home(ANNA)
        assert anna is not None and views.NOTHING_ASKED in slack.text_of(anna)


async def test_while_home_cannot_be_published_asks_are_answered(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        stalled = slack.fail("views.publish", stall="before")
        await house.feed.home_opened(BEN)
        await stalled.struck.wait()
        await house.feed.mention("what is a deadlock?", user=BEN, channel=GENERAL)
        await house.quiet()
        assert len(house.answers()) == 1
        stalled.release()


async def test_a_workspace_that_is_not_listed_reads_one_sentence_and_nobody_is_known_by_it(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    others = {"teams": "slack:T0OTHER"}
    async with chipin_in(slack, sqlite_url, server, nanos=0, settings=others) as house:
        shown = await opened(house, ANNA)
        assert slack.text_of(shown).startswith("This workspace may not use this Chipin.")
        assert len(shown.blocks) == 1
        assert await house.member(ANNA) is None


async def test_admins_decide_at_home_and_members_do_not(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await house.feed.command("/request", "7 big migration", user=BEN, channel=GENERAL)
        await house.quiet()
        shown = await opened(house, ANNA)
        assert "big migration" in slack.text_of(shown)
        refused = await presses(house, BEN, f"{views.DECIDE}_approve", on=shown)
        assert "admin" in refused and "big migration" in slack.text_of(shown)
        approved = await presses(house, ANNA, f"{views.DECIDE}_approve")
        assert "ben" in approved
        assert views.NOBODY_WAITS in await shows(house, ANNA, views.NOBODY_WAITS)
        ben = await house.member(BEN)
        assert ben is not None
        month = (await house.app.use_cases.balances.of(ben, Place("slack", slack.team_id, GENERAL))).month_limit_nanos
        assert month == 12 * NANOS_PER_USD


async def test_budget_is_added_at_home_and_announced_in_the_channel_that_was_chosen_there(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    slack.add_channel(BUDGET, "budget", [ANNA, BEN])
    async with chipin_in(slack, sqlite_url, server) as house:
        await opened(house, ANNA)
        assert await presses(house, ANNA, views.ANNOUNCE_IN, BUDGET) == ""
        await shows(house, ANNA, "announced in the channel beside")
        await presses(house, ANNA, "open_topup")
        form = slack.modal(ANNA)
        assert form is not None
        before = await balance(house)
        await house.feed.submit(form, {"amount": "25", "reason": "November budget"})
        await house.quiet()
        assert await balance(house) == before + 25
        (told,) = house.answers(BUDGET)
        assert "anna recorded $25.00 of budget for the team" in slack.text_of(told)
        assert "November budget" in slack.text_of(told)
        await shows(house, ANNA, f"Team wallet\n${before + 25}.00.")
        await house.feed.press("undo", user=ANNA, on=told)
        await house.quiet()
        assert await balance(house) == before
        await shows(house, ANNA, f"Team wallet\n${before}.00")


async def test_a_channel_that_the_bot_is_not_in_is_remembered_and_admins_are_told_meanwhile(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    slack.add_channel(BUDGET, "budget", [ANNA], bot_is_member=False)
    async with chipin_in(slack, sqlite_url, server) as house:
        await opened(house, ANNA)
        assert INVITE in await presses(house, ANNA, views.ANNOUNCE_IN, BUDGET)
        await house.feed.command("/topup", "25 November", user=ANNA, channel=GENERAL)
        await house.quiet()
        assert any("anna recorded $25.00" in slack.text_of(each) for each in slack.direct_messages(ANNA))
        await shows(house, ANNA, "Tell admins alone")
        await presses(house, ANNA, views.ANNOUNCE_TO_ADMINS)
        await shows(house, ANNA, "announced to admins alone")


@pytest.mark.parametrize(
    ("action_id", "value"),
    [(views.ANNOUNCE_IN, GENERAL), (views.GOES_ON_IN, [GENERAL]), (views.ANNOUNCE_TO_ADMINS, None)],
)
async def test_what_is_the_teams_is_set_by_nobody_who_is_no_admin_now(
    action_id: str, value: object, sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await opened(house, ANNA)
        await presses(house, ANNA, views.ANNOUNCE_IN, GENERAL)
        await shows(house, ANNA, "Tell admins alone")
        anna = await house.member(ANNA)
        assert anna is not None
        before = await house.app.use_cases.preferences.of_team(anna.team.id)
        said = await presses(house, BEN, action_id, value, on=slack.home(ANNA))
        assert "Only admins of the team can set that." in said
        assert await house.app.use_cases.preferences.of_team(anna.team.id) == before
        assert list(before) == [announced_in("slack", slack.team_id)]


async def test_channels_whose_threads_go_on_are_exactly_those_that_are_chosen(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    slack.add_channel(BUDGET, "budget", [ANNA])
    async with chipin_in(slack, sqlite_url, server) as house:
        await opened(house, ANNA)
        anna = await house.member(ANNA)
        assert anna is not None
        for chosen in ([GENERAL, BUDGET], [BUDGET], []):
            await presses(house, ANNA, views.GOES_ON_IN, chosen)
            liked = await house.app.use_cases.preferences.of_team(anna.team.id)
            assert set(liked) == {goes_on_in(Place("slack", slack.team_id, channel)) for channel in chosen}


async def test_the_usual_model_is_asked_from_then_on_and_what_is_not_offered_is_not_taken(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await opened(house, BEN)
        ben = await house.member(BEN)
        assert ben is not None
        preferences = house.app.use_cases.preferences
        model = (await house.app.use_cases.models.of(ben, Place("slack", slack.team_id, ""))).usable[-1].model
        assert await presses(house, BEN, views.MODEL, model.id) == ""
        await house.feed.mention("what is a deadlock?", user=BEN, channel=GENERAL)
        await shows(house, BEN, f"{model.title} · Slack")
        await presses(house, BEN, views.MODEL, AUTO)
        assert await preferences.of(ben) == {}
        assert "not offered here" in await presses(house, BEN, views.MODEL, "gpt-nothing")
        assert await preferences.of(ben) == {}


@pytest.mark.parametrize(
    ("action_id", "words"),
    [
        (views.BALANCE, "Team wallet"),
        (views.HELP, "/ask"),
        (views.MORE, "The admins are told"),
        (views.ASK, "Your question"),
    ],
)
async def test_quick_actions_open_beside_home(
    action_id: str, words: str, sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await opened(house, BEN)
        await presses(house, BEN, action_id)
        modal = slack.modal(BEN)
        assert modal is not None and words in slack.text_of(modal)


async def test_what_cannot_open_in_time_comes_as_a_direct_message(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await opened(house, BEN)
        slack.fail("views.open", error="expired_trigger_id")
        assert "Team wallet" in await presses(house, BEN, views.BALANCE)
        assert slack.modal(BEN) is None
