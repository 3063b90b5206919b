"""What a button stands for comes back when it is pressed: in its team, for a day, and sealed in between."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from adapters.store.vault import FernetVault
from core.defaults import KEEP_SEALED_MS
from core.errors import BadInput
from core.kept_presses import KeptPresses
from core.people import Asker, Member, Team
from core.periods import Calendar
from core.rows import KeptPressRow
from tests.bookkeeping import enrol
from tests.fakes import FakeClock, MemoryBooks, PlainVault
from tests.forgetting import forget
from tests.memory import MemoryPresses

TEXT = '["topup","1","150","a long reason","key"]'
TEAM = Team("team", "wal", "Team", Calendar(ZoneInfo("UTC")))
ANNA, BEN = (Member(name, TEAM, name, asker=Asker()) for name in ("anna", "ben"))


@pytest.fixture
async def books() -> MemoryBooks:
    memory = MemoryBooks(FakeClock())
    await memory.apply(enrol("anna"))
    await memory.apply(enrol("ben"))
    return memory


def presses(books: MemoryBooks, clock: FakeClock | None = None) -> KeptPresses:
    return KeptPresses(books, MemoryPresses(books, clock or FakeClock()), PlainVault(), FakeClock())


async def test_what_is_kept_comes_back_and_the_same_has_the_same_id(books: MemoryBooks) -> None:
    first = await presses(books).keep(ANNA, TEXT)
    assert await presses(books).keep(ANNA, TEXT) == first
    assert await presses(books).text(ANNA, first) == TEXT
    assert len(books.rows(KeptPressRow)) == 1
    assert first != await presses(books).keep(BEN, TEXT) != await presses(books).keep(BEN, f"{TEXT} ")


async def test_it_is_sealed_and_its_id_is_a_hash_that_fits_a_button(books: MemoryBooks) -> None:
    vault = FernetVault("any secret")
    press_id = await KeptPresses(books, MemoryPresses(books, FakeClock()), vault, FakeClock()).keep(ANNA, TEXT)
    (row,) = books.rows(KeptPressRow)
    assert vault.unseal(row.sealed) == TEXT and b"reason" not in row.sealed
    assert len(bytes.fromhex(press_id)) == 20


async def test_another_team_reads_nothing(books: MemoryBooks) -> None:
    kept = await presses(books).keep(ANNA, TEXT)
    assert await presses(books).text(BEN, kept) == TEXT
    with pytest.raises(BadInput, match="nothing was done"):
        await presses(books).text(replace(ANNA, team=replace(TEAM, id="others")), kept)


async def test_what_is_kept_under_a_name_is_its_keepers_alone_and_stays_as_it_was(books: MemoryBooks) -> None:
    kept = presses(books)
    await kept.keep_as(ANNA, "form 1", TEXT)
    await kept.keep_as(ANNA, "form 1", "something else")
    assert await kept.text_as(ANNA, "form 1") == TEXT
    for member, name in ((BEN, "form 1"), (ANNA, "form 2"), (ANNA, TEXT)):
        with pytest.raises(BadInput, match="nothing was done"):
            await kept.text_as(member, name)


async def test_after_its_day_it_is_over_also_before_the_sweep_came(books: MemoryBooks) -> None:
    kept, later = await presses(books).keep(ANNA, TEXT), FakeClock()
    later.advance(KEEP_SEALED_MS / 1000)
    with pytest.raises(BadInput, match="day is over"):
        await presses(books, later).text(ANNA, kept)


async def test_what_was_sealed_with_another_secret_is_over(books: MemoryBooks) -> None:
    class OtherVault(PlainVault):
        def unseal(self, sealed: bytes) -> str:
            raise ValueError(sealed)

    kept = await presses(books).keep(ANNA, TEXT)
    other = KeptPresses(books, MemoryPresses(books, FakeClock()), OtherVault(), FakeClock())
    with pytest.raises(BadInput, match="day is over"):
        await other.text(ANNA, kept)


async def test_nothing_is_kept_for_who_is_forgotten(books: MemoryBooks) -> None:
    await books.apply(forget("bye"))
    with pytest.raises(BadInput, match="not known"):
        await presses(books).keep(ANNA, TEXT)
