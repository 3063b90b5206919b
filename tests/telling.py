"""What teams are told, by hand."""

from typing import Any

from core.operations import OfferRefill, PostDigest, Prefer, Refill
from core.preferred import REFILL_RULE
from core.quota import Limit, Scope
from core.refill_rule import RefillRule, refill_id
from tests.bookkeeping import prefer, top_up

_MONDAY_MS = 1_763_334_000_000  # 2025-11-17 in Berlin: over by every clock


def post_digest(label: str, **fields: Any) -> PostDigest:
    """A week of Anna's team."""
    known: dict[str, Any] = {"id": f"{label}.digest", "wallet_id": "wal", "team_id": "team", "weeks": 1}
    known |= {"start_ms": _MONDAY_MS - 604_800_000, "end_ms": _MONDAY_MS, "words": f"{label}!", "chart": ""}
    return PostDigest(label=label, **(known | {"workspace": "", "channel": ""} | fields))


RULE = RefillRule(100, 50, 200)


def set_refill(op_id: str, rule: RefillRule = RULE, **fields: Any) -> Prefer:
    """Anna sets the team's refill rule."""
    return prefer(op_id, REFILL_RULE, rule.kept, **({"owner": "team"} | fields))


def offer_refill(op_id: str, since: str = "", **fields: Any) -> OfferRefill:
    """A round finds the wallet below the rule's line."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "month": "2026-11"}
    return OfferRefill(id=op_id, since=since, **(known | fields))


def refill(since: str = "", rule: RefillRule = RULE, **fields: Any) -> Refill:
    """Anna presses the button under it."""
    wallet = fields.get("wallet_id", "wal")
    offer = refill_id(wallet, since, rule)
    recorded = top_up(offer, rule.add_nanos, wallet_id=wallet, team_id=fields.get("team_id", "team"))
    known: dict[str, Any] = {"id": offer, "wallet_id": "wal", "team_id": "team", "member_id": "anna"}
    known |= {"month": "2026-11", "top_up": recorded}
    return Refill(since=since, **(known | fields))


def refilled(at_most: int, team: str = "team", label: str = "2026-11") -> Limit:
    """What a team's refill rule may add in a month."""
    return Limit(Scope.TEAM_MONTH_REFILLED, team, label, at_most)
