"""The refill rule at work: one offer for each dip of the wallet, taken at most once, within the month's maximum."""

from dataclasses import replace

from core.announcement import REFILL, notice_id
from core.ledger.topups import top_up, topup_wants
from core.operations import Concluded, Moved, OfferRefill, Reason, Refill, Refused
from core.page import Page, Wanted
from core.preferred import REFILL_RULE, preferred_from
from core.quota import Scope, counter_id_of
from core.refill_rule import RefillRule, carried, refill_id, rule_from
from core.rows import CounterRow, MemberRow, NoticeRow, PreferenceRow, Row, TeamRow, WalletRow
from core.text import refills as words


def offer_refill(op: OfferRefill, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Post it, unless this dip was told of. Where the month has no room for it, that is said, and there is no button.

    In the next month it is offered all the same.
    """
    rule, balance = _rule_of(op, page), _balance(op, page)
    if rule is None or balance is None:
        return Refused(reason=Reason.NOT_FOUND), []
    if balance >= rule.below_nanos:
        return Refused(reason=Reason.NOT_DUE), []
    limit = rule.limit_of(op.team_id, op.month)
    counter = page.get(CounterRow, limit.counter_id)
    used = counter.used if counter is not None else 0
    with_button, without = _notices(refill_id(op.wallet_id, op.since, rule), rule, op)
    if used + rule.add_nanos > rule.most_nanos:
        posted, told = without, words.used_up(rule, balance_nanos=balance, used_nanos=used)
    else:
        posted, told = with_button, words.offered(rule, balance_nanos=balance, used_nanos=used)
    if page.get(NoticeRow, posted) is not None:
        return Refused(reason=Reason.UNCHANGED), []
    return Concluded(), [NoticeRow(id=posted, team_id=op.team_id, kind=REFILL, words=told, at_ms=now_ms)]


def _notices(offered: str, rule: RefillRule, op: OfferRefill) -> tuple[str, str]:
    """The ids of the two that one dip may have: with a button, and in a month that has no room for it without."""
    keys = carried(offered, rule.add_nanos), f"{offered}.{op.month}"
    return notice_id(REFILL, op.team_id, keys[0]), notice_id(REFILL, op.team_id, keys[1])


def refill(op: Refill, page: Page, now_ms: int) -> tuple[Moved | Refused, list[Row]]:
    """Record it, if it is still what the rule offers."""
    member, rule, balance = page.get(MemberRow, op.member_id), _rule_of(op, page), _balance(op, page)
    if member is None or member.team_id != op.team_id or member.suspended or not (member.admin or op.admin):
        return Refused(reason=Reason.NOT_ADMIN), []
    if rule is None or balance is None or refill_id(op.wallet_id, op.since, rule) != op.id:
        return Refused(reason=Reason.SUPERSEDED), []
    if balance >= rule.below_nanos:
        return Refused(reason=Reason.NOT_DUE, available=balance), []
    limit = rule.limit_of(op.team_id, op.month)
    recorded = replace(op.top_up, id=op.id, amount_nanos=rule.add_nanos, refill=limit)
    return top_up(recorded, page, now_ms)


def _rule_of(op: OfferRefill | Refill, page: Page) -> RefillRule | None:
    """What admins set for the team, if it is one of this wallet."""
    team, liked = page.get(TeamRow, op.team_id), page.get(PreferenceRow, op.team_id)
    if team is None or team.wallet_id != op.wallet_id or team.part_of or liked is None:
        return None
    return rule_from(preferred_from(liked.entries).get(REFILL_RULE, ""))


def _balance(op: OfferRefill | Refill, page: Page) -> int | None:
    wallet = page.get(WalletRow, op.wallet_id)
    return None if wallet is None else wallet.available_nanos + wallet.held_nanos


def offer_wants(op: OfferRefill, page: Page) -> Wanted:
    """Rows that `offer_refill` reads, beside the wallet."""
    wanted: Wanted = [(TeamRow, op.team_id), (PreferenceRow, op.team_id)]
    liked = page.peek(PreferenceRow, op.team_id)
    rule = rule_from(preferred_from(liked.entries).get(REFILL_RULE, "")) if liked is not None else None
    if rule is not None:
        wanted.append((CounterRow, rule.limit_of(op.team_id, op.month).counter_id))
        wanted += [(NoticeRow, each) for each in _notices(refill_id(op.wallet_id, op.since, rule), rule, op)]
    return wanted


def refill_wants(op: Refill, page: Page) -> Wanted:
    """Rows that `refill` reads, beside the wallet."""
    wanted: Wanted = [(TeamRow, op.team_id), (PreferenceRow, op.team_id), (MemberRow, op.member_id)]
    counter = counter_id_of(Scope.TEAM_MONTH_REFILLED, op.team_id, op.month)
    return [*wanted, (CounterRow, counter), *topup_wants(op.top_up, page)]
