"""What applies to whom, as it is set and read at the prompt, on a real SQLite file."""

import asyncio

import pytest

from adapters.terminal.screen import Suggestions
from tests.adapters.terminal.house import open_house
from tests.fakes import a_model

TWO_MODELS = (a_model(), a_model(id="other", title="Other One"))


async def test_nothing_is_set_beyond_the_defaults_and_the_list_says_which_they_are(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.screen.ready()
        terminal.screen.shown()
        shown = (await terminal.says("/admin policy")).splitlines()
        assert shown[0] == ("Nothing is set beyond the defaults: $5.00 a month, 3 asks at a time, every model.")
        assert shown[1] == "Nobody has other rules."
        assert shown[2].startswith("/admin policy WHOM WHAT VALUE sets one.")


async def test_what_is_set_is_told_with_before_and_after_and_shown_to_whom_it_applies(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("/as Bo Li")
        await terminal.says("/as you")
        told = await terminal.says("/admin policy everyone month 10")
        assert told.startswith(
            "Everyone: $10.00 a month (before: $5.00 a month).\nIt counts from the next ask on, with"
        )
        new = await terminal.says("/admin policy bo  li day 2")
        assert new.startswith("Bo Li: $2.00 a day (nothing was set before).\nIt counts from now on: what was spent")
        again = await terminal.says("/admin policy Bo Li day 2.00")
        assert again == "Bo Li: $2.00 a day. It was so already; nothing was changed.\n"
        whole = await terminal.says("/admin policy")
        assert "Everyone: $10.00 a month (you, " in whole
        assert "\nBo Li: $2.00 a day (you, " in whole
        await terminal.says("/as bo li")
        mine = await terminal.says("/limit")
        assert "  $2.00 a day, nothing used, starts anew on " in mine
        assert "(for you alone, set by you on " in mine
        assert "  $10.00 a month, nothing used, starts anew on " in mine
        assert "(for everyone, set by you on " in mine


async def test_an_admin_reads_what_applies_to_somebody_and_why(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("/as Anna")
        await terminal.says("what is a deadlock?")
        await terminal.says("/limit me day 1")
        await terminal.says("/as you")
        await terminal.says("/admin policy #chat models test-model")
        shown = await terminal.says("/admin policy Anna")
        assert "What applies to Anna here:\n" in shown
        assert "  $5.00 a month, 0.018 cents used, starts anew on " in shown
        assert "  $1.00 a day, nothing used, starts anew on " in shown
        assert "(a limit of their own choice, set on " in shown
        assert "  only test-model (for #chat, set by you on " in shown


async def test_a_role_and_a_standing_count_while_somebody_has_them(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        assert "a guest with @design." in await terminal.says("/as Gia @guest @Design")
        assert "Asking is not allowed (an admin has to allow it first)." in await terminal.says("/limit")
        await terminal.says("why?")
        assert house.provider.calls == []
        await terminal.says("/as you")
        await terminal.says("/admin policy @design may-ask allow")
        await terminal.says("/admin policy @design month 9")
        await terminal.says("/as Gia")
        assert "It depends." in await terminal.says("why?")
        assert "  $9.00 a month, 0.018 cents used" in await terminal.says("/limit")
        await terminal.says("/as Gia @leads")
        assert "  $5.00 a month, 0.018 cents used" in await terminal.says("/limit")


async def test_a_member_sets_a_lower_limit_for_themselves_and_takes_it_away(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("/as Anna")
        set_ = await terminal.says("/limit me 0")
        assert set_.startswith("You, by your own choice: $0.00 a month (nothing was set before).")
        await terminal.says("why?")
        assert house.provider.calls == []
        await terminal.says("/limit me day 0")
        await terminal.says("/limit me clear")
        assert "/limit me day off takes it away." in await terminal.says("why?")
        assert "is taken away" in await terminal.says("/limit me day off")
        higher = await terminal.says("/limit me 50")
        assert "What applies to you is $5.00 a month (the team's rule, which is lower)." in higher
        off = await terminal.says("/limit me off")
        assert off.startswith("You, by your own choice: the monthly limit is taken away (it was: $50.00 a month).")
        assert "It depends." in await terminal.says("why?")


@pytest.mark.parametrize(
    "typed",
    [
        "/admin policy",
        "/admin policy you",
        "/admin policy everyone month 5",
        "/limit you",
        "/limit you 5",
        "/limit everyone 5",
    ],
)
async def test_a_plain_member_sees_and_sets_no_rules_of_others(typed: str, sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("/as Anna")
        assert "Only admins of the team see and change its rules. Nothing was changed." in await terminal.says(typed)
        await terminal.says("/as you")
        assert "Nothing is set beyond the defaults" in await terminal.says("/admin policy")


async def test_whoever_sets_their_own_limit_reads_what_counts_for_them_with_their_roles(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("/admin policy @design month 1")
        await terminal.says("/as Dora @design")
        told = await terminal.says("/limit me 10")
        assert "What applies to you is $1.00 a month (the team's rule, which is lower)." in told
        await terminal.says("/limit me day 2")
        assert "No such limit counts for you now." in await terminal.says("/limit me day off")


async def test_several_models_that_are_not_on_the_list_are_told_of_as_several(sqlite_url: str) -> None:
    three = (*TWO_MODELS, a_model(id="third", title="Third"))
    async with open_house(sqlite_url, models=three) as house, house.terminal() as terminal:
        await terminal.says("/admin policy #chat models other")
        told = await terminal.says("/models")
        assert "Not here: 2 models, as they are not on your team's list of models." in told


async def test_models_prices_and_auto_follow_the_rules_of_the_place(sqlite_url: str) -> None:
    async with open_house(sqlite_url, models=TWO_MODELS) as house, house.terminal() as terminal:
        await terminal.says("/admin policy #chat models other")
        assert "Not here: 1 model, as it is not on your team's list of models." in await terminal.says("/models")
        assert "Not here: it is not on your team's list of models." in await terminal.says("/models test-model")
        priced = await terminal.says("/price why?")
        assert "Other One" in priced and "Test Model" not in priced
        assert "· Other One ·" in await terminal.says("why?")
        await terminal.says("/ask --model test-model why?")
        assert [call.model.id for call in house.provider.calls] == ["other"]
        await terminal.says("/admin policy you may-ask deny")
        assert "You may not ask here, whatever the model" in await terminal.says("/models")


async def test_the_balance_has_the_day_and_the_week_where_they_are_limited(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        assert "today" not in await terminal.says("/balance")
        await terminal.says("/admin policy everyone day 2")
        await terminal.says("/admin policy everyone week 4")
        await terminal.says("why?")
        balance = await terminal.says("/balance")
        assert "0.018 cents of your $2.00 for today used, new day on " in balance
        assert "0.018 cents of your $4.00 for this week used, new week on " in balance


@pytest.mark.parametrize(
    "typed",
    [
        "everyone month -5",
        "everyone month ٣",
        "everyone month NaN",
        "everyone month 1e9",
        "everyone month 99999999999999999999",
        "everyone at-once 0",
        "everyone models nope",
        "everyone regions mars",
        "you thread 5",
        "nobody month 5",
        "#nope month 5",
        "@ month 5",
        "everyone",
        "everyone nonsense 5",
        "month 5",
        "\x00\x1b[2J everyone month",
        "x" * 50_000,
        "everyone models " + "test-model," * 5_000,
    ],
)
async def test_nonsense_changes_nothing(typed: str, sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        said = await terminal.says(f"/admin policy {typed}")
        assert len(said) < 1_000
        assert "Nothing is set beyond the defaults" in await terminal.says("/admin policy")
        assert house.provider.calls == []


async def test_of_two_admins_at_once_both_rules_stand(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as one, house.terminal() as two:
        await asyncio.gather(one.says("/admin policy everyone day 2"), two.says("/admin policy everyone week 6"))
        await asyncio.gather(one.says("/admin policy everyone month 8"), two.says("/admin policy everyone month 9"))
        shown = await one.says("/limit everyone")
        assert "$2.00 a day" in shown and "$6.00 a week" in shown
        assert ("$8.00 a month" in shown) != ("$9.00 a month" in shown)


async def test_of_many_members_those_with_limits_of_their_own_are_listed_first(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        for number in range(25):
            await terminal.says(f"/as Member {number:02}")
        await terminal.says("/as you")
        await terminal.says("/limit Member 17 2")
        listed = (await terminal.says("/limit")).splitlines()
        assert listed[0] == "Member 17: $2.00 a month (a limit of their own)"
        assert listed[20] == "And 6 more; /limit NAME shows one. For everyone else: $5.00 a month."
        assert len(listed) == 22


async def test_completion_offers_whom_and_then_what(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("/as Bo Li")
        await terminal.says("/as you")
        suggest = terminal.screen.suggest
        assert suggest is not None
        assert suggest("/admin policy e") == Suggestions(1, ("everyone",))
        assert suggest("/admin policy bo li da") == Suggestions(2, ("day", "data-collection"))
        assert suggest("/limit m") == Suggestions(1, ("me",))
        assert suggest("/limit Bo Li w") == Suggestions(1, ("week",))


async def test_a_name_that_means_something_in_rules_is_nobodys(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        for name in ("everyone", "me", "Guests", "operator"):
            assert "has a meaning of its own here" in await terminal.says(f"/as {name}")
        assert "Type a role of at most" in await terminal.says("/as Anna @a,b")
