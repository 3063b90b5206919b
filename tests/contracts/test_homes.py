"""Which workspace pays in a direct message, on the fake and on both real stores."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from adapters.store.database import open_store
from adapters.store.preferences import StorePreferences
from adapters.store.reports import StorePeople
from core.homes import Homes, that_pays
from core.ports import Books, People, PreferenceBooks
from core.preferred import home_on
from tests.bookkeeping import digest_of, enrol, prefer, set_gone
from tests.fakes import FakeClock, MemoryBooks, MemoryPeople
from tests.forgetting import forget
from tests.memory import MemoryPreferences

CHOOSING = ("red", "green")


@dataclass
class House:
    """Books of one kind: "eve" is known in two servers and, by another name, in a third; others stand beside her."""

    books: Books
    people: People
    preferences: PreferenceBooks

    @property
    def homes(self) -> Homes:
        return Homes(self.books, self.people, self.preferences, FakeClock())

    async def chosen(self) -> list[str]:
        return [home.workspace for home in await self.homes.of("chat", "7") if home.chosen]


@pytest_asyncio.fixture(params=["memory", "sqlite", "postgres"])
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    if request.param == "memory":
        memory = MemoryBooks(FakeClock())
        await _move_in(memory)
        yield House(memory, MemoryPeople(memory), MemoryPreferences(memory))
        return
    async with open_store(request.getfixturevalue(f"{request.param}_url")) as store:
        await _move_in(store.books)
        yield House(store.books, StorePeople(store), StorePreferences(store))


async def _move_in(books: Books) -> None:
    for server, user in (("red", "7"), ("green", "7"), ("blue", "17"), ("r_d", "70")):
        await _known(books, server, user)
    await _known(books, "red", "7", platform="other")


async def _known(books: Books, server: str, user: str, platform: str = "chat") -> None:
    workspace = f"{platform}:{server}"
    await books.apply(
        enrol(
            f"{platform} {server} {user}",
            team=f"{platform} {server}",
            wallet=f"wal {platform} {server}",
            workspace=workspace,
            identity=f"{workspace}/{user}",
        )
    )


async def test_somebody_is_found_in_every_workspace_that_knows_them_and_in_no_other(house: House) -> None:
    assert await house.people.workspaces_of("chat", "7") == ("green", "red")
    assert await house.people.workspaces_of("chat", "17") == ("blue",)
    assert await house.people.workspaces_of("chat", "8") == await house.people.workspaces_of("cha", "7") == ()
    homes = await house.homes.of("chat", "7")
    assert [(home.workspace, home.member.id) for home in homes] == [("green", "chat green 7"), ("red", "chat red 7")]


async def test_the_only_one_pays_and_of_several_the_chosen_one(house: House) -> None:
    only = that_pays(await house.homes.of("chat", "17"))
    assert only is not None and only.workspace == "blue"
    assert that_pays(await house.homes.of("chat", "7")) is None
    for workspace in CHOOSING:
        assert await house.homes.choose("chat", "7", workspace) is not None
        paying = that_pays(await house.homes.of("chat", "7"))
        assert paying is not None and (paying.workspace, paying.chosen) == (workspace, True)
        assert await house.chosen() == [workspace]


async def test_nobody_chooses_a_workspace_that_does_not_know_them(house: House) -> None:
    for workspace in ("blue", "nowhere", ""):
        assert await house.homes.choose("chat", "7", workspace) is None
    assert await house.chosen() == []


async def test_where_two_are_chosen_neither_pays_until_one_is_given_up(house: House) -> None:
    for server in CHOOSING:
        who = {"wallet_id": f"wal chat {server}", "team_id": f"chat {server}"}
        member = f"chat {server} 7"
        chosen = prefer(f"p {server}", home_on("chat"), server, owner=member, actor=member, **who)
        await house.books.apply(chosen)
    assert that_pays(await house.homes.of("chat", "7")) is None
    await house.homes.choose("chat", "7", "green")
    assert await house.chosen() == ["green"]


async def test_who_left_finds_that_workspace_no_more_unless_they_chose_it(house: House) -> None:
    await _leave(house, "red")
    assert [home.workspace for home in await house.homes.of("chat", "7")] == ["green"]
    await house.homes.choose("chat", "7", "green")
    await _leave(house, "green")
    (left,) = await house.homes.of("chat", "7")
    assert (left.workspace, left.member.gone) == ("green", True)


async def test_who_left_the_only_one_finds_it_still_so_that_they_are_refused_by_name(house: House) -> None:
    for server in CHOOSING:
        await _leave(house, server)
    assert [home.member.gone for home in await house.homes.of("chat", "7")] == [True, True]


async def test_who_is_forgotten_has_no_home(house: House) -> None:
    key = "chat:blue/17"
    identities = ((key, digest_of(key)),)
    who = {"team": "chat blue", "wallet_id": "wal chat blue"}
    await house.books.apply(forget("forgotten", "chat blue 17", identities=identities, **who))
    assert await house.homes.of("chat", "17") == ()


async def _leave(house: House, server: str) -> None:
    identity = f"chat:{server}/7"
    gone = set_gone(
        f"left {server}",
        f"chat {server} 7",
        wallet_id=f"wal chat {server}",
        team_id=f"chat {server}",
        identity=identity,
        others=(identity,),
    )
    await house.books.apply(gone)
