"""Double entry: the accounts of a wallet, and the transfers between them. Every transfer sums to zero."""

from collections import Counter as Tally
from enum import StrEnum

from core.money import MAX_TOTAL_NANOS
from core.operations import Release, Settle
from core.people import CHIPIN
from core.receipt import PricedLine
from core.rows import NOT_REPORTED, EntryRow, HoldRow, LineRow, Row, TransferRow

POOL = "pool"
FUNDING = "funding"
OPERATOR = "operator"
_SPEND = "spend:"


def spend_account(provider: str) -> str:
    """The account that shows what one provider took."""
    return f"{_SPEND}{provider}"


def provider_of(account: str) -> str:
    """Whose account it is; empty where it is no provider's."""
    return account.removeprefix(_SPEND) if account.startswith(_SPEND) else ""


class TransferKind(StrEnum):
    """Why entries were made."""

    TOP_UP = "top_up"
    REFUND = "refund"
    SETTLE = "settle"
    ABSORB = "absorb"  # the operator pays, the pool does not
    REVERSE = "reverse"  # a charge is given back: the operator pays after all


def closing_transfer(op: Settle | Release, held: HoldRow, charged: tuple[int, ...], now_ms: int) -> list[Row]:
    """The transfer that a closing hold makes: the pool pays the charges, the operator the rest; none when free."""
    spent: Tally[str] = Tally()
    for line in op.lines:
        spent[spend_account(line.provider)] += line.cost_nanos
    total, cost = sum(charged), spent.total()
    if cost == 0:
        return []
    kind = TransferKind.SETTLE if total else TransferKind.ABSORB
    amounts = {POOL: -total, OPERATOR: total - cost, **spent}
    return entries(op.id, held.wallet_id, kind, amounts, now_ms, request_id=held.request_id)


def entries(
    transfer_id: str,
    wallet_id: str,
    kind: TransferKind,
    amounts: dict[str, int],
    now_ms: int,
    *,
    request_id: str = "",
    reverses: str = "",
    actor: str = CHIPIN,
    reason: str = "",
) -> list[Row]:
    """A transfer and its sides: nano-dollars by account, which sum to zero; sides of nothing are left out."""
    transfer = TransferRow(
        id=transfer_id,
        wallet_id=wallet_id,
        kind=kind,
        request_id=request_id,
        reverses=reverses,
        actor=actor,
        reason=reason,
        at_ms=now_ms,
    )
    sides = [
        EntryRow(
            id=f"{transfer_id}/{number}",
            transfer_id=transfer_id,
            wallet_id=wallet_id,
            account=account,
            amount_nanos=amount,
        )
        for number, (account, amount) in enumerate(amounts.items())
        if amount
    ]
    return [transfer, *sides]


def receipt_lines(op: Settle | Release, held: HoldRow, charged: tuple[int, ...]) -> list[Row]:
    """The lines of the receipt as they were charged, in nano-dollars."""
    return [
        LineRow(
            id=f"{op.id}/{number}",
            request_id=held.request_id,
            wallet_id=held.wallet_id,
            step=line.step,
            provider=line.provider,
            model=line.model,
            input_tokens=line.usage.input_tokens,
            cache_read_tokens=line.usage.cache_read_tokens,
            cache_write_tokens=line.usage.cache_write_tokens,
            output_tokens=line.usage.output_tokens,
            reasoning_tokens=line.usage.reasoning_tokens,
            cost_nanos=line.cost_nanos,
            charged_nanos=charge,
            estimated=int(line.estimated),
            reported_nanos=_reported(line),
        )
        for number, (line, charge) in enumerate(zip(op.lines, charged, strict=True))
    ]


def _reported(line: PricedLine) -> int:
    """What the provider says it takes. What nobody could owe it says nothing: a receipt is not lost for it."""
    said = line.reported_nanos
    return said if said is not None and 0 <= said <= MAX_TOTAL_NANOS else NOT_REPORTED
