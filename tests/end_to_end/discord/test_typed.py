"""What is typed on Discord is answered: every command of core's table, by an admin and by a member."""

import pytest

from adapters.discord.commands.definitions import BY_PATH, OF_ADMINS
from adapters.discord.listeners import desk
from core.money import NANOS_PER_USD
from tests.discord.town import Town
from tests.end_to_end.discord.hands import knows_commands, told, types
from tests.end_to_end.discord.house import chipin_in
from tests.provider_server import ProviderServer

GIVEN = {"prompt": "why?", "text": "why?", "amount": "25", "reason": "November"}
"""What is given for options that have to be."""


@pytest.mark.parametrize("who", ["anna", "ben"])
async def test_every_command_is_answered_to_who_typed_it_alone(
    who: str, sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await knows_commands(house)
        heard, user = {}, getattr(town, who)
        for path, definition in BY_PATH.items():
            given = {each.name: GIVEN[each.name] for each in definition.options if each.required}
            typed = await house.feed.command(" ".join(path), given, user=user, channel=town.general, forged=True)
            heard[definition] = typed
        await house.quiet()
        for definition, typed in heard.items():
            assert typed.deferred and told(typed), definition.path
            assert typed.ephemeral == (definition.path != ("ask",)), definition.path
        refused = {each.path for each, typed in heard.items() if "Only admins" in told(typed)}
        assert bool(refused) == (user is town.ben) and refused <= {each.path for each in OF_ADMINS}


async def test_two_settings_of_the_digest_at_once_are_refused_and_none_is_lost_in_silence(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        both = await types(house, town.anna, "admin digest", schedule="friday 17:00", seats="30")
        assert "one option of /admin digest at a time. Nothing was changed" in told(both)
        standing = told(await types(house, town.anna, "admin digest"))
        assert "every Monday 09:00" in standing and "$25.00" in standing


async def test_members_are_not_offered_what_is_for_admins(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await knows_commands(house)
        admin = set(house.feed.offers(town.anna, town.general))
        assert admin - set(house.feed.offers(town.ben, town.general)) == {"topup", "admin"}


async def test_commands_are_told_once_and_again_only_when_they_are_others(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    for _ in range(2):
        async with chipin_in(town, sqlite_url, server) as house:
            await knows_commands(house)
            await house.quiet()
    assert len(town.discord.calls_of("bulk_set_application_commands")) == 1


async def test_a_question_is_answered_for_all_and_in_private_for_one(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        public = await types(house, town.ben, "ask", prompt="what is a deadlock?")
        private = await types(house, town.ben, "ask", prompt="what is a deadlock?", private=True)
        assert (public.ephemeral, private.ephemeral) == (False, True)
        assert len(server.calls) == 2 and told(public) and told(private)


async def test_prices_are_shown_while_somebody_picks_a_model(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await knows_commands(house)
        offered = await house.feed.autocomplete("ask", "model", "", user=town.ben, channel=town.general)
        assert offered and all("about" in each["name"] for each in offered)
        zones = await house.feed.autocomplete("admin zone", "zone", "berl", user=town.anna, channel=town.general)
        assert [each["value"] for each in zones] == ["Europe/Berlin"]


async def test_rules_are_set_for_members_roles_and_channels_that_are_picked(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        said = told(await types(house, town.anna, "admin limit", who=town.ben, amount="2", period="day"))
        assert "ben" in said and "$2.00" in said
        said = told(await types(house, town.anna, "admin policy", who=town.crew, setting="week", value="7"))
        assert "@crew" in said and "$7.00" in said
        said = told(await types(house, town.anna, "admin deny", channel=town.general))
        assert "#general" in said
        assert "may not ask" in told(await types(house, town.ben, "ask", prompt="why?"))
        assert "@crew" in told(await types(house, town.anna, "admin policy"))
        assert "$2.00" in told(await types(house, town.ben, "chipin limit"))


async def test_a_limit_of_ones_own_is_set_as_sentences_say_it_and_by_itself(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        assert "$2.00" in told(await types(house, town.ben, "chipin limit", limit="me 2"))
        assert "$1.00" in told(await types(house, town.ben, "chipin limit", limit="1", period="day"))
        assert "Only admins" in told(await types(house, town.ben, "chipin limit", limit="everyone 9"))


async def test_somebody_who_never_spoke_is_made_an_admin_by_being_picked(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    cleo = town.discord.add_member("cleo")
    async with chipin_in(town, sqlite_url, server) as house:
        assert "cleo" in told(await types(house, town.anna, "admin add", member=cleo))
        assert "cleo" in told(await types(house, town.ben, "chipin admins"))
        assert "Recorded $5.00" in told(await types(house, cleo, "topup", amount="5", reason="a demo"))


async def test_all_that_is_kept_of_somebody_comes_as_a_file_for_them_alone(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        typed = await types(house, town.ben, "chipin mydata")
        assert typed.ephemeral and typed.original is not None
        [file] = typed.original.attachments
        assert file.filename == "mydata.json" and b'"display_name": "ben"' in file.content


async def test_an_admin_gets_the_months_files_beside_what_it_came_to(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        typed = await types(house, town.anna, "admin statement")
        assert typed.ephemeral and typed.original is not None
        assert "in US dollars" in typed.original.content
        page, statement = typed.original.attachments
        assert page.filename.endswith(".html") and page.content.startswith(b"<!doctype html>")
        assert statement.filename.endswith(".csv") and b"Opening balance" in statement.content
        typed = await types(house, town.anna, "admin export")
        assert typed.original is not None
        [charges] = typed.original.attachments
        assert charges.filename.startswith("charges-") and b"x_MemberName" in charges.content


@pytest.mark.parametrize("line", ["admin statement", "admin export", "chipin mydata"])
async def test_who_gets_no_file_reads_that(line: str, sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        town.discord.fail("*", status=403, code=50013, when=lambda call: bool(call.files))
        assert "the chat did not take it" in told(await types(house, town.anna, line))


async def test_no_word_beside_a_file_is_formatted_or_leads_anywhere(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    town.discord.guild.name = "**Home** [bank](https://evil.example) @everyone"
    async with chipin_in(town, sqlite_url, server, nanos=0) as house:
        await types(house, town.anna, "balance")
        for line in ("admin statement", "admin export"):
            content = (await types(house, town.anna, line)).said[0].content
            assert "[bank](" not in content and "**Home**" not in content, content


@pytest.mark.parametrize("line", ["admin statement", "admin export"])
async def test_a_file_that_is_too_large_is_not_cut_where_somebody_would_add_it_up(
    line: str, sqlite_url: str, server: ProviderServer, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "MOST_DOCUMENT_BYTES", 200)
    async with chipin_in(town, sqlite_url, server) as house:
        said = await types(house, town.anna, line)
        assert "more than a file may have here" in told(said) and not said.said[0].attachments
        mine = await types(house, town.anna, "chipin mydata")
        assert mine.original is not None and b"There is more" in mine.original.attachments[0].content


async def test_help_names_commands_as_they_are_typed_here_and_members_see_theirs(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        member, admin = [told(await types(house, user, "chipin help")) for user in (town.ben, town.anna)]
        assert "/chipin limit" in member and "/admin policy" not in member
        assert "/admin policy" in admin and "/admin request approve" in admin


async def test_a_price_is_told_before_anything_is_asked(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server, nanos=NANOS_PER_USD) as house:
        typed = await types(house, town.ben, "price", text="what is a deadlock?")
        assert typed.ephemeral and not server.calls and not await house.charged_nanos()


async def test_a_file_goes_along_and_a_model_may_be_named_as_sentences_do(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    file = town.discord.add_file("notes.txt", b"two locks, two orders", "text/plain")
    async with chipin_in(town, sqlite_url, server) as house:
        model = house.app.use_cases.models.offered()[0].model
        await types(house, town.ben, "ask", prompt=f"--model {model.id} what is this?", image=file)
        [call] = server.calls
        assert "two locks, two orders" in str(call.body) and "--model" not in str(call.body)
        assert call.body["model"] == model.wire_name


async def test_a_rule_for_a_role_in_one_channel_is_not_taken_for_one_of_the_role_everywhere(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        typed = await types(house, town.anna, "admin deny", who=town.crew, channel=town.general)
        assert "Choose one of them" in told(typed)
        await types(house, town.ben, "ask", prompt="why?")
        assert len(server.calls) == 1


async def test_usage_is_chosen_from_menus_and_the_teams_is_for_admins(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await types(house, town.anna, "ask", prompt="why?")
        assert "You, since" in told(await types(house, town.anna, "usage", whose="me", by="models", when="week"))
        assert "1 ask, " in told(await types(house, town.anna, "usage", whose="members"))
        assert "Only admins see what the team" in told(await types(house, town.ben, "usage", whose="members"))
        assert "nobody else reads them" in told(await types(house, town.ben, "usage", weekly="on"))


async def test_direct_messages_are_one_line_of_usage_and_nobodys(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    cleo = town.discord.add_member("cleo", town.crew)
    async with chipin_in(town, sqlite_url, server) as house:
        await types(house, town.ben, "ask", prompt="what is a deadlock?")
        await types(house, cleo, "ask", prompt="what is a deadlock?")
        for user in (town.ben, cleo):
            await house.feed.direct("and a livelock?", user=user)
            await house.quiet()
        said = told(await types(house, town.anna, "usage", whose="team", by="channels"))
        assert "direct messages, or channels that are gone: 2 asks" in said and "#general: 2 asks" in said
        for user in (town.ben, cleo):
            assert town.discord.direct(user).id not in said
