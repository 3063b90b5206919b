"""Who is forgotten is in no byte of the books; who comes back the same day finds no fresh limit."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from core.events import Finished, FirstUse, Refused, Shortfall
from core.operations import Concluded, Decision
from core.people import Identity, Member, Place
from core.policy import Setting, member_target
from tests.bookkeeping import books_of, freeze, post_notice, rule
from tests.databases import short_on_sqlite
from tests.end_to_end.house import House, a_house, charged
from tests.provider_server import ProviderServer

NAME, CHANNEL, THREAD = "Zebedeus Quux", "D0QUUXDIRECT", "1732190400.777"
DM = Place("terminal", "one", CHANNEL, THREAD)
QUUX = Identity("terminal", "one", NAME, NAME)
SOME = 30
"""Others, so that pages of the file are split."""


async def lived(house: House) -> Member:
    """A life: asks, a limit of their own and one of an admin, a freeze, a notice, an ask that waits for a price."""
    quux = await house.member(NAME)
    where: dict[str, Any] = {"wallet_id": house.anna.team.wallet_id, "team_id": house.anna.team.id}
    for setting in (Setting.CHANNEL_DAY, Setting.THREAD):  # counters of the place that was a direct message
        ours = rule(f"place-{setting}", "everyone", setting, "900000000000", **where, actor=house.anna.id)
        assert await house.app.store.books.apply(ours) == Concluded()
    for number in range(3):
        events = await house.hear(f"what is {number}?", member=quux, place=DM)
        assert isinstance(events[-1], Finished)
    apply = house.app.store.books.apply
    await apply(rule("limit", member_target(quux.id), Setting.MONTH, "1000000000", **where, actor=house.anna.id))
    await apply(rule("own", f"own:{quux.id}", Setting.DAY, "500000000", **where, actor=quux.id))
    await apply(freeze("pause", quux.id, **where))
    assert isinstance((await house.hear("frozen?", member=quux, place=DM))[-1], Refused)
    await apply(freeze("on", quux.id, frozen=False, **where))
    requests = house.app.use_cases.budget_requests
    month, wallet = (None, Shortfall("", "", None, 0, ""))
    for amount, shortfall in (("7", month), ("20", wallet)):
        await requests.ask(quux, DM, amount, f"{NAME} needs it in {CHANNEL}", shortfall)
    await requests.decide(house.anna, (await requests.open_for(quux))[0].id, Decision.APPROVE)
    assert await house.app.use_cases.departures.left(QUUX) and await house.app.use_cases.departures.back(QUUX)
    await apply(post_notice("told", **where, words=f"<{quux.id}> was let ask again"))
    return quux


def leftovers(house: House, *secrets: str) -> list[str]:
    """Which of these stand in some byte of the books' files."""
    path = Path(str(house.app.settings.database_url.get_secret_value()).removeprefix("sqlite:///"))
    files = [path, *path.parent.glob(f"{path.name}-*")]
    return [secret for secret in secrets for file in files if secret.encode() in file.read_bytes()]


async def in_rows(house: House, *secrets: str) -> list[str]:
    """Which of these stand in some column of some row."""
    everything = str(await books_of(house.app.store))
    return [secret for secret in secrets if secret in everything]


async def test_no_byte_of_the_file_names_who_was_forgotten(sqlite_url: str, server: ProviderServer) -> None:
    async with a_house(sqlite_url, server) as house:
        quux = await lived(house)
        for number in range(SOME):
            await house.member(f"Other {number} of many")
        assert leftovers(house, NAME, CHANNEL, THREAD) and await in_rows(house, NAME, CHANNEL, THREAD)
        done = await house.app.use_cases.forgetting.forget(house.anna, quux)
        assert done.on_disk and not done.own
        assert leftovers(house, NAME, NAME.casefold(), CHANNEL, THREAD) == []
        await house.assert_at_rest()
    assert leftovers(house, NAME, CHANNEL, THREAD) == []


async def test_no_row_names_them_and_amounts_stay(database_url: str, server: ProviderServer) -> None:
    async with a_house(database_url, server) as house:
        quux = await lived(house)
        before = await books_of(house.app.store)
        await house.app.use_cases.forgetting.forget(quux, quux)
        after = await books_of(house.app.store)
        assert await in_rows(house, NAME, CHANNEL, THREAD) == []
        for table in ("wallet", "entry", "transfer", "counter", "hold", "receipt_line", "policy", "request_key"):
            assert after[table] == before[table]
        assert [row.cost_nanos for row in after["request"]] == [row.cost_nanos for row in before["request"]]  # type: ignore[attr-defined]
        (act,) = [row for row in after["act"] if row.kind == "forget"]  # type: ignore[attr-defined]
        assert (act.actor, act.subject) == (quux.id, quux.id)  # type: ignore[attr-defined]
        assert [member.display_name for member in await house.app.use_cases.forgetting._people.members(quux.team)] == [
            "Anna"
        ]
        await house.assert_at_rest()


async def test_who_comes_back_the_same_day_goes_on_where_they_were(database_url: str, server: ProviderServer) -> None:
    async with a_house(database_url, server) as house:
        quux = await lived(house)
        used = await house.rows("SELECT id, used FROM counter WHERE subject = :whose ORDER BY id", whose=quux.id)
        await house.app.use_cases.forgetting.forget(quux, quux)
        back = replace(await house.member(NAME), welcomed=False)
        assert (back.id, back.display_name) == (quux.id, NAME)
        assert await house.rows("SELECT id FROM member WHERE welcomed_at_ms > 0 AND id = :id", id=back.id) == []
        assert await house.rows("SELECT * FROM forgotten") == []
        events = await house.hear("am I new?", member=back, place=DM)
        assert isinstance(events[0], FirstUse) and isinstance(events[-1], Finished)
        again = await house.rows("SELECT id, used FROM counter WHERE subject = :whose ORDER BY id", whose=quux.id)
        spent = {row["id"]: row["used"] for row in again if "month" in row["id"]}
        assert spent == {row["id"]: row["used"] + charged(events) for row in used if "month" in row["id"]}
        await house.assert_at_rest()


@short_on_sqlite
async def test_who_was_frozen_comes_back_frozen(database_url: str, server: ProviderServer) -> None:
    async with a_house(database_url, server) as house:
        quux = await house.member(NAME)
        where: dict[str, Any] = {"wallet_id": quux.team.wallet_id, "team_id": quux.team.id}
        await house.app.store.books.apply(freeze("pause", quux.id, **where))
        await house.app.use_cases.forgetting.forget(quux, quux)
        await house.app.sweep.run()
        back = await house.member(NAME)
        assert back.frozen and back.id == quux.id
        assert isinstance((await house.hear("and now?", member=back))[-1], Refused)


@short_on_sqlite
async def test_after_the_periods_the_hash_goes_and_they_are_somebody_new(
    database_url: str, server: ProviderServer
) -> None:
    async with a_house(database_url, server) as house:
        quux = await lived(house)
        await house.app.use_cases.forgetting.forget(quux, quux)
        await house.app.sweep.run()
        assert len(await house.rows("SELECT * FROM forgotten")) == 1
        house.app.store.driver.clock_offset_ms = 40 * 24 * 3600 * 1000
        await house.app.sweep.run()
        assert await house.rows("SELECT * FROM forgotten") == []
        assert (await house.member(NAME)).id != quux.id
        await house.assert_at_rest()
