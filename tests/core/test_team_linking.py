"""A workspace joins the team of another one: agreed to by an admin of each, before it has a life of its own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from adapters.store.audit import audit
from adapters.store.database import Store, open_store
from adapters.store.links import StoreLinks
from adapters.store.policies import StorePolicies
from adapters.store.reports import StorePeople
from core.errors import BadInput, NotAllowed
from core.operations import Refused
from core.people import Asker, Identity, Member, Place
from core.policy import EVERYONE, Setting, member_target, role_target
from core.team_linking import TeamLinking, Teams
from tests.bookkeeping import claim, enrol, freeze, hold, refund, rule, set_admin, top_up
from tests.fakes import FakeClock, PlainVault
from tests.keeping import keep_press

SLACK, DISCORD = Place("slack", "T1", ""), Place("discord", "G1", "")
THEIRS: dict[str, Any] = {"team_id": "guild", "wallet_id": "wal2"}


@dataclass
class House:
    """Two teams: Anna's on Slack, and Zoe's on Discord."""

    store: Store
    linking: TeamLinking

    async def anna(self) -> Member:
        """The admin of the team that stays."""
        return await self.member("slack:T1/anna")

    async def zoe(self) -> Member:
        """The admin of the one that joins."""
        return await self.member("discord:G1/zoe")

    async def member(self, key: str) -> Member:
        """Whoever speaks by an identity."""
        where, _, user = key.partition("/")
        platform, _, workspace = where.partition(":")
        found = await StorePeople(self.store).find(Identity(platform, workspace, user, ""))
        assert found is not None
        return found

    async def agreed(self) -> Teams:
        """Both sides agree."""
        code = await self.linking.code(await self.anna(), SLACK)
        asked = await self.linking.typed(await self.zoe(), DISCORD, code)
        assert await self.linking.agree(await self.zoe(), asked.link_id) == (asked, False)
        joined, done = await self.linking.agree(await self.anna(), asked.link_id)
        assert done
        return joined


@pytest_asyncio.fixture(params=["sqlite", "postgres"])
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    """On each database."""
    async with open_store(request.getfixturevalue(f"{request.param}_url")) as store:
        await store.books.apply(enrol("anna", workspace="slack:T1", identity="slack:T1/anna"))
        for name in ("zoe", "yan"):
            who: dict[str, Any] = {"workspace": "discord:G1", "identity": f"discord:G1/{name}", "admin": name == "zoe"}
            await store.books.apply(enrol(name, team="guild", wallet="wal2", **who))
        people, links = StorePeople(store), StoreLinks(store)
        yield House(store, TeamLinking(store.books, people, links, PlainVault(), FakeClock()))


async def test_everybody_of_the_one_is_of_the_other_and_of_its_wallet(house: House) -> None:
    apply = house.store.books.apply
    await apply(top_up("budget", 100))
    for number, target in enumerate((role_target("discord:8812"), member_target("yan"), EVERYONE)):
        await apply(rule(f"r{number}", target, Setting.MAY_ASK, "allow", by_right=True, **THEIRS))
    await apply(keep_press("kept", member="zoe", **THEIRS))  # the button under which she agrees, where one is kept
    both = await house.agreed()
    assert (both.stays, both.joins, both.joining_place) == ("Team", "Guild", "discord:G1")
    zoe, yan = await house.zoe(), await house.member("discord:G1/yan")
    assert {(each.team.id, each.team.wallet_id) for each in (zoe, yan)} == {("team", "wal")}
    said = {policy.target: policy.entries for policy in await StorePolicies(house.store).all("team")}
    assert said[role_target("discord:8812")][Setting.MAY_ASK].value == "allow"
    assert said[member_target("yan")][Setting.MAY_ASK].value == "allow"
    assert Setting.MAY_ASK not in said[EVERYONE]
    new = await apply(enrol("new", team="x", wallet="x", workspace="discord:G1", identity="discord:G1/new"))
    assert (new.team_id, new.wallet_id) == ("team", "wal")
    await apply(claim("a", member="yan"))
    held = await apply(hold("a", 60, asker=Asker(roles=("discord:8812",))))
    assert not isinstance(held, Refused)
    assert isinstance(await apply(top_up("late", 5, **THEIRS)), Refused)
    assert (await audit(house.store)).violations == ()


async def test_nothing_is_joined_before_an_admin_of_each_has_agreed(house: House) -> None:
    code = await house.linking.code(await house.anna(), SLACK)
    asked = await house.linking.typed(await house.zoe(), DISCORD, code)
    with pytest.raises(BadInput, match="The other side has not agreed yet"):
        await house.linking.agree(await house.anna(), asked.link_id)
    plain = await house.member("discord:G1/yan")
    for doing in (house.linking.code(plain, DISCORD), house.linking.typed(plain, DISCORD, code)):
        with pytest.raises(NotAllowed, match="Only admins"):
            await doing
    before = await house.zoe()
    await house.store.books.apply(set_admin("made", "yan", actor="zoe", **THEIRS))
    await house.store.books.apply(set_admin("out", "zoe", admin=False, actor="yan", **THEIRS))
    with pytest.raises(BadInput, match="Only admins"):  # none any more, when the books look
        await house.linking.agree(before, asked.link_id)
    assert (await house.zoe()).team.id == "guild"


async def test_a_team_with_a_life_of_its_own_stays_one(house: House) -> None:
    apply = house.store.books.apply
    code = await house.linking.code(await house.anna(), SLACK)
    await apply(top_up("theirs", 50, actor="zoe", **THEIRS))
    asked = await house.linking.typed(await house.zoe(), DISCORD, code)
    await house.linking.agree(await house.zoe(), asked.link_id)
    with pytest.raises(BadInput, match=r"has budget, or has asked something.*Nothing was changed"):
        await house.linking.agree(await house.anna(), asked.link_id)
    await apply(refund("back", "theirs", actor="zoe", **THEIRS))
    assert (await house.linking.agree(await house.anna(), asked.link_id))[1]
    assert (await audit(house.store)).violations == ()


async def test_who_has_asked_something_does_not_join(house: House) -> None:
    apply = house.store.books.apply
    await apply(top_up("theirs", 50, actor="zoe", **THEIRS))
    await apply(claim("a", member="yan", **THEIRS))
    await apply(hold("a", 10, wallet_id="wal2", asker=Asker(admin=True)))
    code = await house.linking.code(await house.anna(), SLACK)
    with pytest.raises(BadInput, match="has asked something"):
        await house.linking.typed(await house.zoe(), DISCORD, code)


async def test_a_team_that_is_paused_does_not_join(house: House) -> None:
    await house.store.books.apply(freeze("stop", **THEIRS))
    with pytest.raises(BadInput, match="Asking is paused in one of the teams"):
        await house.agreed()


async def test_the_code_of_ones_own_team_joins_nothing(house: House) -> None:
    code = await house.linking.code(await house.anna(), SLACK)
    with pytest.raises(BadInput, match="That code is of this team itself"):
        await house.linking.typed(await house.anna(), SLACK, code)
