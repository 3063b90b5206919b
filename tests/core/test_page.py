"""What a batch changes: rows that are made, changed and gone, as they are to be written down."""

import pytest

from core.errors import BooksDamaged
from core.page import Gone, Page
from core.rows import EntryRow, IdentityRow

ANNA = IdentityRow(id="test:one/anna", member_id="anna")


def a_page(*rows: IdentityRow) -> Page:
    """What the database has of Anna."""
    page = Page()
    page.learn(IdentityRow, [ANNA.id], rows)
    return page


def test_a_row_that_goes_is_not_there_any_more() -> None:
    page = a_page(ANNA)
    page.write([Gone(ANNA)])
    assert page.get(IdentityRow, ANNA.id) is None
    assert (page.made(IdentityRow), page.changed(IdentityRow), page.removed(IdentityRow)) == ([], ([], []), [ANNA.id])


def test_a_row_that_comes_and_goes_leaves_nothing_to_write() -> None:
    page = a_page()
    page.write([ANNA, Gone(ANNA)])
    assert (page.made(IdentityRow), page.changed(IdentityRow), page.removed(IdentityRow)) == ([], ([], []), [])


def test_a_row_that_goes_and_comes_back_is_changed() -> None:
    page, back = a_page(ANNA), IdentityRow(id=ANNA.id, member_id="anna2")
    page.write([Gone(ANNA), back])
    assert (page.changed(IdentityRow), page.removed(IdentityRow)) == (([ANNA], [back]), [])


def test_what_is_append_only_never_goes() -> None:
    entry = EntryRow(id="e", transfer_id="t", wallet_id="w", account="pool", amount_nanos=1)
    with pytest.raises(BooksDamaged, match="entry"):
        Gone(entry)
