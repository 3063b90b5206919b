"""What is typed in Slack: acknowledged in words, and answered to whoever typed it."""

import json

import pytest

from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, SlackHouse, chipin_in
from tests.provider_server import ProviderServer
from tests.slack.feed import Acknowledged
from tests.slack.reading import text_of_blocks
from tests.slack.server import FakeSlack
from tests.slack.state import Ephemeral, Message


async def types(house: SlackHouse, line: str, user: str = BEN, channel: str = GENERAL) -> str:
    """Type a command; what its acknowledgement and its answer say to whoever typed it."""
    before = len(house.slack.ephemerals(user))
    name, _, text = line.partition(" ")
    heard = await house.feed.command(name, text, user=user, channel=channel)
    await house.quiet()
    answers = house.slack.ephemerals(user)[before:]
    return "\n".join((acknowledged(heard), *map(house.slack.text_of, answers)))


def acknowledged(heard: Acknowledged) -> str:
    """What was said at once."""
    assert heard.ok
    if isinstance(heard.body, str):
        return heard.body
    return text_of_blocks(heard.body["blocks"]) if heard.body.get("blocks") else str(heard.body["text"])


def replies(house: SlackHouse) -> list[Message]:
    """The answers themselves: each stands in a thread, under the question."""
    return [each for each in house.answers() if each.thread_ts]


def last(house: SlackHouse, user: str) -> Ephemeral:
    return house.slack.ephemerals(user)[-1]


async def test_every_short_command_is_acknowledged_in_words_and_answered_to_its_asker_alone(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        assert "Looking it up ...\nNothing of your $5.00 used" in await types(house, "/balance")
        assert "You, since 1 " in await types(house, "/usage")
        assert "Only admins see what the team" in await types(house, "/usage members")
        assert 'I do not know what "yesterday" means' in await types(house, "/usage tags yesterday")
        assert "/usage weekly on sends them with each" in await types(house, "/usage weekly")
        assert "nobody else reads them" in await types(house, "/usage weekly on")
        assert "/usage weekly off ends it" in await types(house, "/usage weekly")
        assert "the list that your chat shows" in await types(house, "/chipin admin digest channel #nowhere", ANNA)
        assert "The weekly digest is off" in await types(house, "/chipin admin digest schedule off", ANNA)
        assert "nothing comes before an admin turns it on" in await types(house, "/usage weekly")
        assert "/models NAME tells more of one" in await types(house, "/models")
        assert "You asked for $3.00 more for this month" in await types(house, "/request 3 a demo")
        assert house.answers() == []


async def test_everything_works_behind_chipin(sqlite_url: str, server: ProviderServer, slack: FakeSlack) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        assert "Nothing of your $5.00 used" in await types(house, "/chipin balance")
        shown = await types(house, "/chipin limit me 2")
        assert "You, by your own choice: $2.00 a month" in shown
        help_ = await types(house, "/chipin")
        assert "/chipin limit [WHOM AMOUNT]: show limits; set one (admins), or your own: /chipin limit me 2" in help_
        assert "/topup [AMOUNT REASON]" in help_
        assert await types(house, "/chipin help") == help_
        assert "/chipin admin allow WHOM" in await types(house, "/chipin admin")
        assert 'no command "/chipin balnce". Did you mean /balance?' in await types(house, "/chipin balnce")
        assert "a button under your answer" in await types(house, "/chipin details")
        assert "outside a thread" in await types(house, "/chipin new")
        assert "Nothing of your $2.00 used" in await types(house, "/chipin-balance")


async def test_an_admin_names_people_channels_and_groups_by_mention(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    slack.add_user("U9CLEO", "cleo")
    slack.add_user_group("S1DESIGN", "design", [BEN])
    async with chipin_in(slack, sqlite_url, server) as house:
        assert "ben: $2.00 a month" in await types(house, f"/chipin limit <@{BEN}|ben> 2", ANNA)
        assert "cleo: $3.00 a month" in await types(house, "/chipin limit <@U9CLEO> 3", ANNA)
        shown = await types(house, f"/chipin admin policy <#{GENERAL}|general> day 4", ANNA)
        assert "#general: $4.00 a day" in shown
        digest = await types(house, f"/chipin admin digest channel <#{GENERAL}|general>", ANNA)
        assert "It is posted in #general" in digest
        assert "@design: may ask" in await types(house, "/chipin admin allow <!subteam^S1DESIGN|@design>", ANNA)
        assert "cleo is an admin now." in await types(house, "/chipin admin add <@U9CLEO|cleo>", ANNA)
        assert "for ben" not in await types(house, "/chipin admin list", ANNA)
        frozen = await types(house, f"/chipin freeze <@{BEN}|ben> said <@U9CLEO|cleo> &amp; me", ANNA)
        assert "ben of Home: asking is paused." in frozen
        assert "said @cleo & me" in await types(house, "/chipin admin list", ANNA)
        assert "ben: asking" not in await types(house, "/chipin audit", BEN)


async def test_who_is_mentioned_by_a_plain_member_is_not_enrolled(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    slack.add_user("U9CLEO", "cleo")
    async with chipin_in(slack, sqlite_url, server) as house:
        assert "Only admins" in await types(house, "/chipin limit <@U9CLEO> 3", BEN)
        assert await house.member("U9CLEO") is None


async def test_the_first_question_in_a_channel_is_asked_where_its_answer_shall_stand(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        assert "Where should the answers" in await types(house, "/ask what is a deadlock?")
        assert server.calls == [] and house.answers() == []
        offer = last(house, BEN)
        pressed = [await house.feed.press("answers--here", user=BEN, on=offer) for _ in range(2)]
        await house.quiet()
        assert all(each.ok for each in pressed)
        assert len(server.calls) == len(replies(house)) == 1
        assert "stand here" in house.slack.text_of(offer)
        await types(house, "/ask and now?")
        assert len(server.calls) == 2


@pytest.mark.parametrize("words", ["why?", "w" * 3_000], ids=["short", "too long for a button"])
async def test_only_me_never_touches_the_channel(
    words: str, sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await types(house, f"/ask {words}")
        await house.feed.press("answers--only-me", user=BEN, on=last(house, BEN))
        await house.quiet()
        assert len(server.calls) == 1
        member = await house.member(BEN)
        assert member is not None
        assert "only me" in (await house.app.use_cases.preferences.of(member)).values()


async def test_what_looks_like_a_secret_is_written_nowhere_on_slack(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    """Not in what a button carries, a quote, a title or a notification; it is sent to the provider all the same."""
    key = "sk-proj-abcdefghijklmnopqrstuvwx"
    async with chipin_in(slack, sqlite_url, server) as house:
        await types(house, f"/ask is {key} a good one?")
        for action in ("answers--here", "ask_send_secrets"):
            assert (await house.feed.press(action, user=BEN, on=last(house, BEN))).ok
            await house.quiet()
        assert key in json.dumps(server.calls[0].body["messages"]) and len(replies(house)) == 1
        assert key not in json.dumps([call.fields for call in slack.calls])


async def test_an_empty_question_opens_a_form_with_models_and_their_prices(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        assert "A form opens ..." in await types(house, "/ask --here")
        form = slack.modal(BEN)
        assert form is not None
        assert "about" in slack.text_of(form) and "Your question" in slack.text_of(form)
        sent = [await house.feed.submit(form, {"question": "what is a deadlock?"}) for _ in range(2)]
        await house.quiet()
        assert all(each.ok for each in sent)
        assert len(server.calls) == len(replies(house)) == 1


async def test_a_tag_that_was_typed_before_the_form_opened_is_what_its_question_counts_for(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await types(house, "/ask --tag Launch --here")
        form = slack.modal(BEN)
        assert form is not None and "It counts for #launch." in slack.text_of(form)
        await house.feed.submit(form, {"question": "what is a deadlock in #5?"})
        await house.quiet()
        assert [each["tag"] for each in await house.requests()] == ["launch"]


async def test_an_admin_gets_the_months_files_in_a_direct_message_and_nobody_else_does(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        assert "Only admins of the team can see its books" in await types(house, "/chipin admin statement")
        assert slack.workspaces[slack.team_id].files == {}
        told = await types(house, "/chipin admin statement", user=ANNA)
        assert "in a direct message" in told and "in US dollars" in told
        await types(house, "/chipin export", user=ANNA)
        page, statement, charges = slack.workspaces[slack.team_id].files.values()
        assert [each.name.partition("-")[0] for each in (page, statement, charges)] == [*["statement"] * 2, "charges"]
        assert page.content.startswith(b"<!doctype html>") and statement.content.startswith(b'\xef\xbb\xbf"Line"')
        assert charges.content.startswith(b'\xef\xbb\xbf"BillingAccountId"')
        assert all(each.whole for each in (page, statement, charges))
        (channel,) = {each.shared_in for each in (page, statement, charges)}
        assert slack.workspaces[slack.team_id].channels[channel].im_user == ANNA


@pytest.mark.parametrize(
    ("method", "error"),
    [("files.getUploadURLExternal", "file_uploads_disabled"), ("files.completeUploadExternal", "internal_error")],
)
async def test_who_gets_no_file_reads_that_and_what_it_came_to(
    method: str, error: str, sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        slack.fail(method, error=error)
        for line in ("/chipin admin statement", "/chipin export"):
            told = await types(house, line, ANNA)
            assert "the chat did not take it" in told and "November" in told and "in a direct message" not in told


async def test_my_data_comes_in_a_direct_message(sqlite_url: str, server: ProviderServer, slack: FakeSlack) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        assert "in a direct message" in await types(house, "/chipin mydata")
        [sent] = slack.direct_messages(BEN)
        assert '"display_name": "ben"' in slack.text_of(sent)


async def test_a_private_channel_keeps_its_name_from_who_is_not_in_it(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    slack.add_channel("C9LAYOFFS", "layoffs-2027", [ANNA], private=True)
    async with chipin_in(slack, sqlite_url, server) as house:
        said = await types(house, "/chipin admin digest channel <#C9LAYOFFS|layoffs-2027>", ANNA)
        assert "It is posted in #layoffs-2027" in said
        for line in ("/usage #C9LAYOFFS", "/chipin models #C9LAYOFFS", "/chipin forget #C9LAYOFFS"):
            said = await types(house, line, BEN)
            assert "layoffs" not in said, said
        assert "#C9LAYOFFS" in await types(house, "/usage #C9LAYOFFS", BEN)
