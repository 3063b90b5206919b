"""One operation on one page: find its rule, and give an operation that was done before its first outcome again."""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from core import operations
from core.errors import OperationConflict
from core.ledger import (
    bills,
    budget_requests,
    closing,
    deciding,
    delivery,
    digests,
    holding,
    leases,
    links,
    notices,
    policy,
    preferences,
    presses,
    privacy,
    refills,
    requests,
    reversing,
    rights,
    roster,
    teams,
    topups,
)
from core.operations import (
    AlreadyClaimed,
    Asked,
    BillRecorded,
    Claimed,
    Closed,
    Concluded,
    Decided,
    Enrolled,
    Held,
    LeasedTo,
    Moved,
    Operation,
    Refused,
    Settled,
    Taken,
    Typed,
    WrongCode,
)
from core.operations.operation import CAME_LATER
from core.page import Change, Page, Wanted
from core.prices import Usage
from core.quota import Limit
from core.receipt import PricedLine
from core.rows import OperationRow

Rule = Callable[[Any, Page, int], tuple[Any, Sequence[Change]]]
Wants = Callable[[Any, Page], Wanted]

_RULES: dict[type[Operation[Any]], tuple[Rule, Wants]] = {
    operations.Claim: (requests.claim, requests.claim_wants),
    operations.Conclude: (requests.conclude, requests.request_wants),
    operations.KeepQuestion: (requests.keep_question, requests.request_wants),
    operations.RateAnswer: (requests.rate_answer, requests.rate_wants),
    operations.RequestStop: (requests.request_stop, requests.request_wants),
    operations.Interrupt: (requests.interrupt, requests.request_wants),
    operations.TakeDelivery: (delivery.take_delivery, delivery.delivery_wants),
    operations.ConfirmDelivery: (delivery.confirm_delivery, delivery.delivery_wants),
    operations.EraseKept: (delivery.erase_kept, delivery.delivery_wants),
    operations.RecogniseSecret: (requests.recognise_secret, requests.secret_wants),
    operations.Hold: (holding.hold, holding.hold_wants),
    operations.Rehold: (holding.rehold, closing.closing_wants),
    operations.Settle: (closing.settle, closing.closing_wants),
    operations.Release: (closing.release, closing.closing_wants),
    operations.Expire: (closing.expire, closing.closing_wants),
    operations.TopUp: (topups.top_up, topups.topup_wants),
    operations.Refund: (topups.refund, topups.topup_wants),
    operations.OfferRefill: (refills.offer_refill, refills.offer_wants),
    operations.Refill: (refills.refill, refills.refill_wants),
    operations.Reverse: (reversing.reverse, reversing.reverse_wants),
    operations.Enrol: (roster.enrol, roster.enrol_wants),
    operations.SetRule: (policy.set_rule, policy.rule_wants),
    operations.Prefer: (preferences.prefer, preferences.prefer_wants),
    operations.KeepPress: (presses.keep_press, presses.keep_press_wants),
    operations.ErasePress: (presses.erase_press, presses.erase_press_wants),
    operations.SetZone: (policy.set_zone, policy.zone_wants),
    operations.Welcome: (privacy.welcome, privacy.member_wants),
    operations.Forget: (privacy.forget, privacy.member_wants),
    operations.EraseTraces: (privacy.erase_traces, privacy.member_wants),
    operations.LetGo: (privacy.let_go, privacy.let_go_wants),
    operations.GiveCode: (links.give_code, links.code_wants),
    operations.TypeCode: (links.type_code, links.code_wants),
    operations.AgreeToLink: (links.agree_to_link, links.code_wants),
    operations.JoinPeople: (links.join_people, links.code_wants),
    operations.JoinTeams: (teams.join_teams, teams.join_teams_wants),
    operations.PartPeople: (links.part_people, links.part_wants),
    operations.SetFrozen: (roster.set_frozen, roster.set_wants),
    operations.NoteIdentity: (rights.note_identity, rights.identity_wants),
    operations.SetAdmin: (rights.set_admin, rights.admin_wants),
    operations.SetGone: (rights.set_gone, rights.identity_wants),
    operations.Restore: (rights.restore, rights.restore_wants),
    operations.AskForMore: (budget_requests.ask_for_more, budget_requests.ask_for_more_wants),
    operations.DecideRequest: (deciding.decide_request, deciding.decide_wants),
    operations.CancelRequest: (budget_requests.cancel_request, budget_requests.request_wants),
    operations.CloseRequest: (budget_requests.close_request, budget_requests.request_wants),
    operations.PostNotice: (notices.post_notice, notices.notice_wants),
    operations.RecordBill: (bills.record_bill, bills.bill_wants),
    operations.PostDigest: (digests.post_digest, digests.digest_wants),
    operations.TellChange: (notices.tell_change, notices.change_wants),
    operations.TakeNotice: (notices.take_notice, notices.notice_wants),
    operations.ConfirmNotice: (notices.confirm_notice, notices.notice_wants),
    operations.TakeLease: (leases.take_lease, leases.lease_wants),
    operations.GiveLeaseUp: (leases.give_lease_up, leases.lease_wants),
}


def _always_asked(kind: type[Operation[Any]]) -> Callable[[Operation[Any]], tuple[Any, ...]]:
    fields = (each for each in dataclasses.fields(kind) if each.compare and CAME_LATER not in each.metadata)
    return attrgetter(*(each.name for each in fields))


_ASKED = {kind: _always_asked(kind) for kind in _RULES}
_ASKED_SINCE = {
    kind: tuple((each.name, each.default) for each in dataclasses.fields(kind) if CAME_LATER in each.metadata)
    for kind in _RULES
}
_OUTCOMES: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        Claimed,
        Concluded,
        Held,
        Settled,
        Moved,
        Enrolled,
        Taken,
        Asked,
        Decided,
        Closed,
        Typed,
        WrongCode,
        BillRecorded,
    )
}
_NOT_REMEMBERED = (Refused, AlreadyClaimed, LeasedTo)
_SAID = {
    name: tuple(f.name for f in dataclasses.fields(kind) if f.name != "replayed") for name, kind in _OUTCOMES.items()
}


def wants(operation: Operation[Any], page: Page) -> Wanted:
    """The rows that `apply` will read beside the wallet, as far as the page tells; ask again once those are on it."""
    return [(OperationRow, operation.id), *_RULES[type(operation)][1](operation, page)]


def apply(operation: Operation[Any], page: Page, now_ms: int) -> Any:
    """Do one operation on the page and return its outcome. Raises `OperationConflict`; then the page is as it was."""
    fingerprint = _fingerprint(operation)
    done = page.get(OperationRow, operation.id)
    if done is not None:
        if done.fingerprint != fingerprint:
            raise OperationConflict(f"Operation {operation.id} was done before with other fields.")
        return _outcome_from(done.outcome)
    outcome, rows = _RULES[type(operation)][0](operation, page, now_ms)
    if rows and not isinstance(outcome, _NOT_REMEMBERED):
        text = _outcome_text(outcome)
        rows = [*rows, OperationRow(id=operation.id, fingerprint=fingerprint, outcome=text, at_ms=now_ms)]
    page.write(rows)
    return outcome


def _fingerprint(operation: Operation[Any]) -> str:
    """A hash of the operation's kind and the values that were asked for, in the order of their fields.

    What an earlier release could not ask for is there by its name, and only where it was asked for.
    """
    kind = type(operation)
    asked = [kind.__name__, _ASKED[kind](operation)]
    since = {name: value for name, default in _ASKED_SINCE[kind] if (value := getattr(operation, name)) != default}
    return hashlib.sha256(_json([*asked, since] if since else asked).encode()).hexdigest()[:32]


def _outcome_text(outcome: Any) -> str:
    kind = type(outcome)
    return _json([kind.__name__, {name: getattr(outcome, name) for name in _SAID[kind.__name__]}])


def _parts_of_line(line: PricedLine) -> tuple[Any, ...]:
    """As an earlier release knew it; what the provider says it takes follows where it says so."""
    parts = line.provider, line.model, line.usage, line.cost_nanos, line.charged_nanos, line.estimated, line.step
    return parts if line.reported_nanos is None else (*parts, line.reported_nanos)


_PARTS: dict[type[Any], Callable[[Any], tuple[Any, ...]]] = {
    Limit: attrgetter("scope", "subject", "label", "at_most"),  # what else it says is for people
    PricedLine: _parts_of_line,
    Usage: attrgetter(*(each.name for each in dataclasses.fields(Usage))),
}
_json = json.JSONEncoder(
    check_circular=False, separators=(",", ":"), default=lambda part: _PARTS[type(part)](part)
).encode


def _outcome_from(text: str) -> Any:
    name, fields = json.loads(text)
    if name == Settled.__name__:
        fields["charged_by_line"] = tuple(fields["charged_by_line"])
        for totals in ("used_by_counter", "left_by_counter"):
            fields[totals] = tuple((counter, nanos) for counter, nanos in fields.get(totals, ()))
    return _OUTCOMES[name](**fields, replayed=True)
