"""An interaction is acknowledged once, within three seconds; its token opens the answer for fifteen minutes."""

import io
from collections.abc import Mapping
from typing import Any

import pytest
from discord import File
from discord.http import HTTPClient, Route

from tests.discord import payloads
from tests.discord.building import QUIET, V2, button, label, modal, row, select, text
from tests.discord.building import field as text_field
from tests.discord.calling import call, edit, refused, upload
from tests.discord.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPLETES,
    COMPONENT,
    DEFERS,
    DEFERS_UPDATE,
    OPENS,
    SAYS,
    UPDATES,
    Interaction,
)
from tests.discord.people import Json
from tests.discord.state import EPHEMERAL, Message
from tests.discord.town import Town

WEBHOOK = "/webhooks/{application_id}/{webhook_token}"
ORIGINAL, ONE = WEBHOOK + "/messages/@original", WEBHOOK + "/messages/{message_id}"
SAID = {**QUIET, "content": "hello"}


class Asked:
    """One interaction, and the calls that its token opens."""

    def __init__(self, town: Town, http: HTTPClient, kind: int = COMMAND, on: Message | None = None) -> None:
        self._http, self._town = http, town
        data: Json = {"id": "1", "name": "ask", "type": 1, "custom_id": "b", "component_type": 2}
        self.it: Interaction = payloads.interaction(
            town.discord, kind, data, user=town.ben, channel=town.general, on=on
        )

    async def answer(self, kind: int, data: Json | None = None, *, told: bool = False) -> Any:
        route = "/interactions/{interaction_id}/{webhook_token}/callback" + ("?with_response=true" if told else "")
        body = {"type": kind, **({"data": data} if data is not None else {})}
        where = {"interaction_id": self.it.id, "webhook_token": self.it.token}
        return await call(self._http, "POST", route, body, **where)

    async def webhook(self, method: str, route: str, body: Mapping[str, Any] | None = None, **more: Any) -> Any:
        where = {"application_id": self._town.discord.application_id, "webhook_token": self.it.token, **more}
        return await call(self._http, method, route, body, **where)


@pytest.fixture
def asked(town: Town, http: HTTPClient) -> Asked:
    return Asked(town, http)


# --- the callback ---


async def test_an_answer_in_words_is_the_original(town: Town, asked: Asked) -> None:
    told = await asked.answer(SAYS, SAID, told=True)
    assert asked.it.original is town.discord.answers(town.general)[0]
    assert told["resource"]["message"]["id"] == told["interaction"]["response_message_id"] == asked.it.original.id
    assert (asked.it.ok, asked.it.deferred, asked.it.callback) == (True, False, SAYS)
    about = asked.it.original.as_json()
    assert about["type"] == 20 and about["interaction_metadata"]["user"]["id"] == town.ben.id


async def test_a_second_callback_is_refused(asked: Asked) -> None:
    await asked.answer(DEFERS)
    assert await refused(asked.answer(DEFERS)) == (400, 40060)


async def test_after_three_seconds_the_interaction_is_unknown(town: Town, asked: Asked) -> None:
    town.discord.clock.advance(3.1)
    assert await refused(asked.answer(DEFERS)) == (404, 10062)
    assert not asked.it.ok


async def test_a_callback_must_fit_what_was_done(town: Town, http: HTTPClient) -> None:
    typing = Asked(town, http, AUTOCOMPLETE)
    assert await refused(typing.answer(DEFERS)) == (400, 50035)
    await typing.answer(COMPLETES, {"choices": [{"name": "fast", "value": "fast"}]})
    assert typing.it.choices == [{"name": "fast", "value": "fast"}]
    command = Asked(town, http)
    assert await refused(command.answer(UPDATES, SAID)) == (400, 50035)
    assert await refused(command.answer(COMPLETES, {"choices": []})) == (400, 50035)


async def test_thinking_is_filled_in_by_an_edit_or_by_what_follows_first(
    town: Town, http: HTTPClient, asked: Asked
) -> None:
    told = await asked.answer(DEFERS, told=True)
    assert told["interaction"]["response_message_loading"] and "resource" not in told
    original = asked.it.original
    assert original is not None and original.is_loading
    await asked.webhook("PATCH", ORIGINAL, SAID)
    assert (original.flags, original.content) == (QUIET["flags"], "hello")
    await asked.webhook("POST", WEBHOOK, {**SAID, "content": "more"})
    assert [each.content for each in asked.it.said] == ["hello", "more"]

    other = Asked(town, http)
    await other.answer(DEFERS)
    told = await other.webhook("POST", WEBHOOK, SAID)
    assert other.it.original is not None and told["id"] == other.it.original.id and not other.it.followed


async def test_an_ephemeral_answer_is_for_who_asked_alone(town: Town, http: HTTPClient, asked: Asked) -> None:
    await asked.answer(DEFERS, {"flags": EPHEMERAL})
    await asked.webhook("PATCH", ORIGINAL, SAID)
    assert asked.it.ephemeral and not town.discord.messages(town.general)
    assert town.discord.ephemerals(town.ben) == [asked.it.original] and not town.discord.ephemerals(town.anna)
    assert asked.it.original is not None
    assert await refused(edit(http, asked.it.original)) == (404, 10008)  # only its token knows it
    await asked.webhook("POST", WEBHOOK, {**SAID, "flags": QUIET["flags"] | EPHEMERAL})
    assert [each.only_for for each in asked.it.followed] == [town.ben.id]


async def test_a_press_changes_its_message_or_leaves_it(town: Town, http: HTTPClient) -> None:
    discord = town.discord
    card = discord.say("card", user=discord.bot_user, channel=town.general, components=[row(button())], flags=4)
    changing = Asked(town, http, COMPONENT, card)
    await changing.answer(UPDATES, {**SAID, "components": []})
    assert card.content == "hello" and not card.components and changing.it.original is card
    leaving = Asked(town, http, COMPONENT, card)
    await leaving.answer(DEFERS_UPDATE)
    assert card.content == "hello"
    await leaving.webhook("PATCH", ORIGINAL, {**SAID, "content": "later"})
    assert card.content == "later"
    await leaving.webhook("POST", WEBHOOK, {**SAID, "content": "beside"})
    assert [each.content for each in leaving.it.followed] == ["beside"]


async def test_a_modal_is_opened(asked: Asked) -> None:
    form = modal(label(text_field()), label(select(), "Which?"))
    await asked.answer(OPENS, form)
    assert asked.it.modal == form and asked.it.original is None


# --- the token ---


async def test_a_token_dies_after_fifteen_minutes(town: Town, asked: Asked) -> None:
    await asked.answer(DEFERS)
    town.discord.clock.advance(15 * 60 - 1)
    await asked.webhook("PATCH", ORIGINAL, SAID)
    town.discord.clock.advance(1.1)
    assert await refused(asked.webhook("PATCH", ORIGINAL, SAID)) == (401, 50027)
    assert await refused(asked.webhook("POST", WEBHOOK, SAID)) == (401, 50027)


async def test_a_token_opens_nothing_before_the_first_answer(asked: Asked) -> None:
    assert await refused(asked.webhook("POST", WEBHOOK, SAID)) == (404, 10015)


async def test_what_followed_is_read_changed_and_deleted_by_its_own_token_only(
    town: Town, http: HTTPClient, asked: Asked
) -> None:
    await asked.answer(SAYS, SAID)
    more = await asked.webhook("POST", WEBHOOK, SAID)
    await asked.webhook("PATCH", ONE, {**SAID, "content": "changed"}, message_id=more["id"])
    assert (await asked.webhook("GET", ONE, message_id=more["id"]))["content"] == "changed"
    other = Asked(town, http)
    await other.answer(SAYS, SAID)
    assert await refused(other.webhook("PATCH", ONE, SAID, message_id=more["id"])) == (404, 10008)
    await asked.webhook("DELETE", ONE, message_id=more["id"])
    await asked.webhook("DELETE", ORIGINAL)
    assert not asked.it.said
    assert await refused(asked.webhook("GET", ORIGINAL)) == (404, 10008)


async def test_the_answer_can_be_a_card(town: Town, asked: Asked) -> None:
    await asked.answer(SAYS, {**V2, "components": [text("card")]})
    assert asked.it.original is not None and town.discord.text_of(asked.it.original) == "card"


async def test_the_bot_goes_on_in_the_channel_when_the_token_is_dead(
    town: Town, http: HTTPClient, asked: Asked
) -> None:
    await asked.answer(SAYS, SAID)
    town.discord.clock.advance(16 * 60)
    assert asked.it.original is not None
    await edit(http, asked.it.original, "by its channel")
    assert asked.it.original.content == "by its channel"


async def test_files_go_with_an_answer_an_edit_and_what_follows(town: Town, http: HTTPClient, asked: Asked) -> None:
    described = {**SAID, "attachments": [{"id": "0", "filename": "answer.md"}]}
    where = {"webhook_token": asked.it.token, "application_id": town.discord.application_id}
    callback = Route(
        "POST", "/interactions/{interaction_id}/{webhook_token}/callback", interaction_id=asked.it.id, **where
    )
    await upload(http, callback, File(io.BytesIO(b"one"), "a.md"), {"type": SAYS, "data": described})
    await upload(http, Route("PATCH", ORIGINAL, **where), File(io.BytesIO(b"two"), "a.md"), described)
    await upload(http, Route("POST", WEBHOOK, **where), File(io.BytesIO(b"three"), "a.md"), described)
    assert [[file.content for file in each.attachments] for each in asked.it.said] == [[b"two"], [b"three"]]
