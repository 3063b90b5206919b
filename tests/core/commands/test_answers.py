"""Every command that is listed is answered, for whom it says; nothing is decided by a number that nobody was shown."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from functools import partial

import pytest
import pytest_asyncio

from core.announcement import Announcement, Notice
from core.commands.answers import Answers
from core.commands.listed import ADMIN, ASK, HELP, LISTED, PRICE
from core.commands.options import split_options
from core.commands.speaking import ForgetWaits, Reply, Speaker, TopUpWaits
from core.errors import BadInput, NotAllowed
from core.money import NANOS_PER_USD
from core.operations import Decision
from core.people import Identity, Place
from tests.adapters.terminal.house import DEFAULTS, House, open_house

COMMANDS = [command for commands in LISTED.values() for command in commands]
ANSWERED_BY_CHATS = {ASK, PRICE, HELP, ADMIN}
TYPED = {
    "/topup": "5",
    "/admin policy": "everyone month 3",
    "/freeze": "everyone",
    "/unfreeze": "everyone",
} | dict.fromkeys(("/approve", "/half", "/deny"), "")


class NoNames:
    """`core.ports.PlaceNames` of a chat without roles and channels."""

    def target(self, typed: str) -> str:
        """Neither."""
        return ""

    def name(self, target: str) -> str:
        """As it is."""
        return target

    def channel(self, target: str) -> str:
        """The same."""
        return self.name(target)


@dataclass
class Told:
    """`core.ports.Announcer` that hears everything."""

    workspaces: tuple[str, ...]
    admins: list[Notice] = field(default_factory=list)
    platform: str = "test"

    @property
    def admin_workspaces(self) -> tuple[str, ...]:
        """All of them."""
        return self.workspaces

    async def tell_admins(self, notice: Notice) -> bool:
        """Hear it."""
        self.admins.append(notice)
        return True

    async def tell_member(self, notice: Notice) -> bool:
        """Nobody is told."""
        raise AssertionError(notice)

    async def announce(self, announcement: Announcement) -> bool:
        """Nothing is."""
        raise AssertionError(announcement)


@pytest_asyncio.fixture
async def house(sqlite_url: str) -> AsyncIterator[House]:
    async with open_house(sqlite_url) as house:
        yield house


async def speaker(house: House, name: str = "Anna", *, admin: bool = True, key: str = "k") -> Speaker:
    member, _ = await house.use_cases.membership.member(
        Identity("test", "w", name.casefold(), name), DEFAULTS, admin=admin
    )
    return Speaker(member, Place("test", "w", "c"), NoNames(), key=key, agrees="the button below")


async def types(house: House, who: Speaker, name: str, typed: str = "") -> Reply:
    return await Answers(house.use_cases).by_name[name](who, typed)


async def balance(house: House, who: Speaker) -> int:
    return (await house.use_cases.balances.of(who.member, who.place)).wallet.balance_nanos


async def test_every_command_is_answered_by_core_or_by_each_chat(house: House) -> None:
    assert {command.name for command in COMMANDS} == ANSWERED_BY_CHATS | set(Answers(house.use_cases).by_name)


@pytest.mark.parametrize("name", [command.name for command in COMMANDS if command.for_admins])
async def test_what_is_listed_for_admins_does_nothing_for_anybody_else(name: str, house: House) -> None:
    await speaker(house)
    ben = await speaker(house, "Ben", admin=False)
    if name in ("/approve", "/half", "/deny"):
        await types(house, ben, "/request", "3")
    before = await balance(house, ben)
    with pytest.raises(NotAllowed):
        await types(house, ben, name, TYPED.get(name, "Ben"))
    assert await balance(house, ben) == before


async def test_an_unusual_amount_waits_and_is_recorded_once_however_often_it_is_agreed_to(house: House) -> None:
    anna = await speaker(house)
    before = await balance(house, anna)
    reply = await types(house, anna, "/topup", "500 for all of us")
    assert reply.waits == TopUpWaits("500", "for all of us", "k")
    assert reply.lines[0].endswith("Nothing is recorded yet: the button below records it.")
    assert await balance(house, anna) == before
    agreed = [await Answers(house.use_cases).agree(anna, reply.waits) for _ in range(2)]
    assert agreed[0].top_up_id == agreed[1].top_up_id != ""
    assert await balance(house, anna) == before + 500 * NANOS_PER_USD
    undone = [await Answers(house.use_cases).money.undo(anna, top_up_id=agreed[0].top_up_id) for _ in range(2)]
    assert undone[0] == undone[1]
    assert await balance(house, anna) == before


async def test_a_chat_that_announces_tells_the_team_once_with_what_an_admin_may_undo(house: House) -> None:
    anna = replace(await speaker(house), announces=True)
    replies = [await types(house, anna, "/topup", "25 November budget") for _ in range(2)]
    told = Told(workspaces=("w",))
    assert await house.use_cases.notices.run(told) == 1
    [notice] = told.admins
    assert notice.undo == replies[0].top_up_id == replies[1].top_up_id != ""
    assert notice.words.startswith("Anna recorded $25.00 of budget for the team: ")
    assert notice.words.endswith(' The reason given: "November budget".')


async def test_options_stand_in_front_with_their_values_or_alone() -> None:
    split = partial(split_options, with_value=("--model",), alone=("--here", "--only-me"))
    assert split('--here --model "GPT 5" why --here?') == ((("--here", ""), ("--model", "GPT 5")), "why --here?")
    assert split("--only-me") == ((("--only-me", ""),), "")
    assert split("--hereby ask") == ((), "--hereby ask")


async def test_who_is_forgotten_already_is_not_known(house: House) -> None:
    anna = await speaker(house)
    await speaker(house, "Ben", admin=False)
    waits = (await types(house, anna, "/forget", "Ben")).waits
    assert isinstance(waits, ForgetWaits)
    assert (await Answers(house.use_cases).agree(anna, waits)).forgotten == "Ben"
    with pytest.raises(BadInput, match="not known here any more"):
        await Answers(house.use_cases).agree(anna, waits)


async def test_without_numbers_that_were_shown_one_is_decided_and_several_are_listed(house: House) -> None:
    anna = await speaker(house)
    for name in ("Ben", "Cleo"):
        await types(house, await speaker(house, name, admin=False), "/request", "3")
    reply = await types(house, anna, "/approve", "1")
    assert reply.requests is not None and len(reply.requests) == len(reply.lines) == 2
    assert (await types(house, anna, "/requests")).requests == reply.requests
    assert (
        "Approved"
        in (await Answers(house.use_cases).requests.decide(anna, reply.requests[0], Decision.APPROVE)).lines[0]
    )
    with pytest.raises(BadInput, match="Which one"):
        await types(house, anna, "/deny", "2")
    assert "Denied" in (await types(house, anna, "/deny")).lines[0]
