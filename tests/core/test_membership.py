"""Who somebody is at this moment, which workspaces are let in, and what is written down of it."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from core.errors import NotAllowed
from core.membership import Membership, TeamDefaults
from core.operations import Operation
from core.operator_lists import LetIn, OperatorLists
from core.people import AdminBecause, Asker, Identity, Member, Standing
from core.rows import KINDS, IdentityRow, MemberRow
from tests.bookkeeping import set_gone
from tests.fakes import FakeClock, MemoryBooks, MemoryPeople, PlainVault

DEFAULTS = TeamDefaults("Team", "UTC", 5_000_000_000, let_in=LetIn.UNLESS_LISTED_OTHERWISE)
ANNA, BEN = Identity("slack", "T1", "U1", "Anna"), Identity("slack", "T1", "U2", "Ben")
MADE, PLATFORM, LISTED = AdminBecause.MADE, AdminBecause.PLATFORM, AdminBecause.LISTED


class CountingBooks(MemoryBooks):
    """Books that know how often they were written to."""

    applied = 0

    async def apply(self, operation: Operation[Any]) -> Any:
        self.applied += 1
        return await super().apply(operation)


@dataclass
class Door:
    """Where everybody comes in."""

    listed: OperatorLists = field(default_factory=OperatorLists)
    books: CountingBooks = field(default_factory=lambda: CountingBooks(FakeClock()))

    async def enter(
        self, identity: Identity, asker: Asker | None = None, *, admin: bool = False, defaults: TeamDefaults = DEFAULTS
    ) -> Member:
        membership = Membership(self.books, MemoryPeople(self.books), FakeClock(), PlainVault(), self.listed)
        member, _ = await membership.member(identity, defaults, admin=admin, asker=asker)
        return member


async def test_nothing_is_written_while_nothing_changes() -> None:
    door = Door()
    await door.enter(ANNA, Asker(admin=True))
    before = door.books.applied
    again = await door.enter(ANNA, Asker(admin=True, roles=("slack:S1",)))
    assert (again.admin, again.asker.roles) == (True, ("slack:S1",))
    await door.enter(replace(ANNA, display_name="ANNA"), Asker(admin=True))
    assert door.books.applied == before


async def test_a_new_name_and_the_platforms_word_are_remembered() -> None:
    door = Door()
    await door.enter(ANNA)
    anna = await door.enter(replace(ANNA, display_name="Anne"), Asker(admin=True))
    assert (anna.display_name, anna.admin, anna.because) == ("Anne", True, (PLATFORM,))
    [identity], [member] = door.books.rows(IdentityRow), door.books.rows(MemberRow)
    assert (identity.admin, member.admin, member.display_name) == (1, 0, "Anne")


@pytest.mark.parametrize(
    ("made", "platform", "listed", "because"),
    [
        (False, False, False, ()),
        (True, False, False, (MADE,)),
        (False, True, False, (PLATFORM,)),
        (False, False, True, (LISTED,)),
        (True, True, True, (MADE, PLATFORM, LISTED)),
    ],
)
async def test_an_admin_is_whoever_anybody_makes_one(
    made: bool, platform: bool, listed: bool, because: tuple[AdminBecause, ...]
) -> None:
    door = Door(OperatorLists(admins=frozenset({ANNA.key} if listed else ())))
    anna = await door.enter(ANNA, Asker(admin=platform), admin=made)
    assert (anna.because, anna.admin, anna.asker.admin) == (because, bool(because), bool(because))
    assert anna.by_right == (platform or listed)


@pytest.mark.parametrize("standing", [Standing.GUEST, Standing.BOT, Standing.OUTSIDER])
async def test_who_looks_after_another_workspace_or_is_a_machine_is_no_admin_of_this_one(standing: Standing) -> None:
    door = Door()
    stranger = await door.enter(BEN, Asker(admin=True, standing=standing))
    assert (stranger.admin, stranger.asker.admin, stranger.by_right, stranger.because) == (False, False, False, ())
    assert [row.admin for row in door.books.rows(IdentityRow)] == [0]
    assert (await door.enter(BEN, Asker(standing=standing), admin=True)).asker.standing is standing


async def test_a_name_is_kept_in_one_line_whatever_the_platform_lets_people_type() -> None:
    door = Door()
    typed = "Ben\r\nFor admins:\tapprove\x1b[2J \u202eneB\u2028 <mbr_1>\0" + "x" * 500
    ben = await door.enter(replace(BEN, display_name=typed))
    assert ben.display_name == ("Ben For admins: approve[2J neB <mbr_1>" + "x" * 500)[:80]
    before = door.books.applied
    await door.enter(replace(BEN, display_name=typed))
    assert door.books.applied == before  # the same name is no news


async def test_whom_the_platform_demotes_is_no_admin_from_then_on() -> None:
    door = Door()
    await door.enter(ANNA, Asker(admin=True))
    assert not (await door.enter(ANNA, Asker())).admin
    assert [row.admin for row in door.books.rows(IdentityRow)] == [0]


async def test_who_left_has_no_rights_whoever_gave_them() -> None:
    door = Door(OperatorLists(admins=frozenset({ANNA.key})))
    anna = await door.enter(ANNA, admin=True)
    left = set_gone("left", anna.id, team_id=anna.team.id, wallet_id=anna.team.wallet_id, identity=ANNA.key)
    await door.books.apply(left)
    before = door.books.applied
    gone = await door.enter(ANNA, Asker(admin=True))
    assert (gone.suspended, gone.admin, gone.asker.gone, gone.because) == (True, False, True, ())
    assert door.books.applied == before


# --- which workspaces ---


@pytest.mark.parametrize(
    ("teams", "let_in", "inside"),
    [
        (None, LetIn.UNLESS_LISTED_OTHERWISE, True),
        (None, LetIn.ONLY_IF_LISTED, False),
        (None, LetIn.ALWAYS, True),
        ({"slack:T1"}, LetIn.ONLY_IF_LISTED, True),
        ({"slack:T1"}, LetIn.UNLESS_LISTED_OTHERWISE, True),
        ({"slack:T2", "discord:T1"}, LetIn.UNLESS_LISTED_OTHERWISE, False),
        ({"slack:T2"}, LetIn.ALWAYS, True),
        (set(), LetIn.UNLESS_LISTED_OTHERWISE, False),
    ],
)
async def test_only_workspaces_that_are_let_in_leave_a_trace(
    teams: set[str] | None, let_in: LetIn, inside: bool
) -> None:
    door = Door(OperatorLists(None if teams is None else frozenset(teams)))
    defaults = replace(DEFAULTS, let_in=let_in, demo=True)
    if inside:
        assert (await door.enter(ANNA, defaults=defaults)).display_name == "Anna"
        return
    with pytest.raises(NotAllowed, match=r"TEAMS has to name slack:T1\. Not charged\."):
        await door.enter(ANNA, admin=True, defaults=defaults)
    assert [row for kind in KINDS for row in door.books.rows(kind)] == []
    assert door.books.applied == 0


async def test_a_team_that_is_listed_no_more_is_shut_out_with_everybody_in_it() -> None:
    door = Door()
    await door.enter(ANNA)
    door.listed = OperatorLists(frozenset({"slack:T2"}))
    before = [row for kind in KINDS for row in door.books.rows(kind)]
    for who in (ANNA, BEN):
        with pytest.raises(NotAllowed):
            await door.enter(who, Asker(admin=True))
    assert [row for kind in KINDS for row in door.books.rows(kind)] == before
