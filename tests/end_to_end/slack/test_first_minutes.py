"""The first minutes in the one workspace of a token: its admins read once what to do."""

import pytest

from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, SlackHouse, chipin_in
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack
from tests.waiting import until


async def notices(house: SlackHouse) -> list[str]:
    async with house.app.store.snapshot() as session:
        connection = await session.connection()
        found = await connection.exec_driver_sql("SELECT kind FROM notice")
        return [kind for (kind,) in found]


async def met(house: SlackHouse) -> None:
    """Until Chipin knows its workspace."""
    await until(lambda: bool(house.chat.workspaces.reachable))


async def test_an_admin_whom_the_operator_named_is_told_at_the_first_start_and_never_again(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    named = {"admins": f"slack:{slack.team_id}/{ANNA},slack:T9ELSE/U9", "teams": None}
    for _ in range(2):
        async with chipin_in(slack, sqlite_url, server, nanos=0, settings=named) as house:
            await met(house)
            await house.quiet()
            anna = await house.member(ANNA)
            assert anna is not None and anna.admin
            assert await notices(house) == ["first_minutes"]
    assert len(slack.calls_of("users.info")) == 1, "whom the books know is not looked up again"


@pytest.mark.parametrize("first", [ANNA, BEN])
async def test_else_it_waits_for_whoever_is_the_first_to_speak(
    first: str, sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server, nanos=0) as house:
        assert await notices(house) == []
        for _ in range(2):
            assert (await house.feed.command("/balance", user=first, channel=GENERAL)).ok
            await house.quiet()
            assert await notices(house) == ["first_minutes"]
