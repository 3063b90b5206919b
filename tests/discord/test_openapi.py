"""Every call is held to Discord's own description; so are the answers of the fake."""

import aiohttp
import pytest
from yarl import URL

from tests.discord import gate, openapi, payloads
from tests.discord.building import QUIET, button, command, row
from tests.discord.posting import with_ids
from tests.discord.routes import ROUTES
from tests.discord.server import FakeDiscord
from tests.discord.town import Town

pytestmark = pytest.mark.skipif(
    openapi.described_in() is None, reason="Discord's description does not lie beside the checkout"
)


async def call(discord: FakeDiscord, method: str, path: str, body: object = None) -> int:
    headers = {"Authorization": f"Bot {discord.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, URL(discord.api_url + path, encoded=True), json=body) as response,
    ):
        return response.status


def taken(discord: FakeDiscord) -> list[str]:
    """The rules that were broken, and forgotten with this."""
    rules = [f"{each.rule}: {each.why}" for each in discord.violations]
    discord.violations.clear()
    return rules


def test_every_route_of_the_fake_is_described_under_its_name() -> None:
    assert gate.ANSWERING
    for each in ROUTES:
        described = openapi.operation(each.template, each.method)
        assert described is not None and described[0]["operationId"] == each.operation, each.template


async def test_an_undocumented_route_is_a_violation(town: Town) -> None:
    assert await call(town.discord, "GET", "/channels/1/secrets") == 404
    assert taken(town.discord) == ["undocumented route: the description does not know it"]
    assert await call(town.discord, "GET", f"/channels/{town.general.id}/invites") == 404
    assert taken(town.discord) == ["unanswered route: Discord has it, and this fake does not"]


async def test_a_body_that_does_not_fit_is_refused_and_a_violation(town: Town) -> None:
    path = f"/channels/{town.general.id}/messages"
    assert await call(town.discord, "POST", path, {**QUIET, "content": 5}) == 400
    assert "openapi: content: 5 is no ['string', 'null']" in taken(town.discord)
    assert await call(town.discord, "POST", path, {**QUIET, "contents": "x"}) == 400
    assert taken(town.discord) == ["openapi: contents: unknown field"]
    assert await call(town.discord, "POST", path) == 400
    assert "openapi: no body" in taken(town.discord)
    assert not town.discord.messages(town.general)


async def test_parameters_are_checked_too(town: Town) -> None:
    path = f"/channels/{town.general.id}/messages"
    assert await call(town.discord, "GET", f"{path}?limit=101") == 400
    assert taken(town.discord) == ["openapi: query limit: 101; at most 100"]
    assert await call(town.discord, "GET", f"{path}?limits=1") == 400
    assert taken(town.discord) == ["openapi: query limits: unknown parameter"]
    assert await call(town.discord, "GET", f"{path}?limit=100&before={town.general.id}") == 200
    assert await call(town.discord, "GET", "/channels/x/messages") == 400
    assert "path channel_id" in "".join(taken(town.discord))


async def test_commands_are_checked_to_their_choices(town: Town) -> None:
    path = f"/applications/{town.discord.application_id}/commands"
    bad = command("ask", {"type": 3, "name": "model", "description": "x", "choices": [{"name": "a", "value": 5}]})
    assert await call(town.discord, "PUT", path, [bad]) == 400
    assert "[0].options[0].choices[0].value: 5 is no string" in "".join(taken(town.discord))


async def test_what_an_interaction_and_a_guild_carry_is_described_too(town: Town) -> None:
    discord, schemas = town.discord, openapi.document()["components"]["schemas"]
    card = discord.say("card", user=discord.bot_user, channel=town.general, components=with_ids([row(button())]))
    data = payloads.pressed_data(discord, card.components[0]["components"][0], [], town.general)
    told = payloads.interaction(discord, 3, data, user=town.ben, channel=town.general, on=card).payload
    member = {name: value for name, value in told["member"].items() if name != "permissions"}
    created = discord.guild.created_json(discord.told_members(discord.guild, 0))
    for value, name in (
        (told["message"], "MessageResponse"),
        (member, "GuildMemberResponse"),
        (told["channel"], "GuildChannelResponse"),
        (created, "GuildWithCountsResponse"),
        (discord.direct(town.ben).as_json(), "PrivateChannelResponse"),
        (discord.guild.add_thread(town.general, "Why", 11, town.ben).as_json(), "ThreadResponse"),
    ):
        assert not openapi.validator(strict=False).errors(value, schemas[name]), name


async def test_a_path_is_taken_as_it_is_written(town: Town) -> None:
    path = f"/webhooks/{town.discord.application_id}/token/messages"
    assert await call(town.discord, "GET", f"{path}/@original") == 404
    assert not taken(town.discord)
    assert await call(town.discord, "GET", f"{path}/%40original") == 400
    assert "path message_id: '%40original' does not match" in taken(town.discord)[0]
