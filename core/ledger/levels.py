"""How low a wallet runs before its admins hear of it: once a level, until budget comes in again. docs/decisions/0040.

A mark is what levels are shares of: the balance when budget last moved, the top-up that it is named after, and the
lowest level that was told since. A top-up makes a new mark. Its undoing puts the one before it back, so that a top-up
by mistake tells nothing twice. What else takes budget back, or gives a charge back, arms no level again.
"""

from collections.abc import Callable, Iterator

from core.announcement import WALLET_LOW, notice_id
from core.columns import changed
from core.defaults import WALLET_LEVELS_PERCENT
from core.rows import NoticeRow, TopUpRow, WalletRow
from core.text.alerts import wallet_left

Look = Callable[[str], TopUpRow | None]
"""Reads a top-up by its id."""
NOTHING_TOLD = 100
"""`WalletRow.told_percent` of a wallet of which nothing was told since budget last came in."""


def marked(wallet: WalletRow, top_up_id: str) -> WalletRow:
    """The wallet after a top-up: as full as it is now, and of no level anybody was told."""
    balance = wallet.available_nanos + wallet.held_nanos
    return changed(wallet, full_nanos=balance, told_percent=NOTHING_TOLD, marked_by=top_up_id)


def mark_of(wallet: WalletRow) -> str:
    """The mark as a top-up keeps it, to be put back: what was full, what was told, and the name."""
    return f"{wallet.full_nanos} {wallet.told_percent} {wallet.marked_by}"


def unmarked(wallet: WalletRow, record: TopUpRow, look: Look) -> WalletRow:
    """The wallet after some of a top-up was taken back; `record` as it stands then."""
    if record.mark_before and record.refunded_nanos == record.amount_nanos and wallet.marked_by == record.id:
        *_, oldest = _undone_in_a_row(record, look)
        full, told, name = _mark_before(oldest)
        return changed(wallet, full_nanos=int(full), told_percent=int(told), marked_by=name)
    return changed(wallet, full_nanos=wallet.available_nanos + wallet.held_nanos)


def marks_before(record: TopUpRow, look: Look) -> list[str]:
    """The top-ups that `unmarked` looks at, beside the one it is about."""
    return [_mark_before(each)[2] for each in _undone_in_a_row(record, look) if each.mark_before]


def _undone_in_a_row(record: TopUpRow, look: Look) -> Iterator[TopUpRow]:
    """A top-up, and those right before it that were undone already: what was full with them is full no more."""
    yield record
    while record.mark_before:
        before = look(_mark_before(record)[2])
        if before is None or not before.mark_before or before.refunded_nanos < before.amount_nanos:
            return
        yield (record := before)


def _mark_before(record: TopUpRow) -> tuple[str, str, str]:
    full, told, name = record.mark_before.split(" ", 2)  # a name may have spaces
    return full, told, name


def told_of_level(wallet: WalletRow, team_id: str, now_ms: int) -> tuple[WalletRow, list[NoticeRow]]:
    """The wallet, and what its admins are told where it has come to a level that they were not told of: the lowest."""
    balance = wallet.available_nanos + wallet.held_nanos
    if balance * 100 > WALLET_LEVELS_PERCENT[0] * wallet.full_nanos or not wallet.full_nanos:  # nearly every ask
        return wallet, []
    level = min(each for each in WALLET_LEVELS_PERCENT if balance * 100 <= each * wallet.full_nanos)
    if level >= wallet.told_percent:
        return wallet, []
    told = changed(wallet, told_percent=level)
    notice = NoticeRow(
        id=level_notice_id(told),
        team_id=team_id,
        kind=WALLET_LOW,
        words=wallet_left(balance, wallet.full_nanos),
        at_ms=now_ms,
    )
    return told, [notice]


def level_notice_id(wallet: WalletRow) -> str:
    """Of what was told last: there is one for each level of a mark."""
    return notice_id(WALLET_LOW, wallet.id, f"{wallet.marked_by}:{wallet.told_percent}")
