"""A team's charges as CSV in the columns of FOCUS, the FinOps Open Cost and Usage Specification (1.4, June 2026).

Every column that its Cost and Usage dataset calls mandatory is there, those conditional ones that apply (measured
usage, SKUs, tags), and behind them ours, named `x_...` as it asks. A row is what one member's asks with one model
under one tag came to in one day of the team, or of its month. What is left empty is null. Decision 0042 says what each
column means here, and where this is no full conformance.
"""

import json
from collections.abc import Iterator

from core.charges import Charge, ChargeNames, Export
from core.csv_safe import BYTE_ORDER_MARK, Cell, csv_row, usd
from core.people import Team
from core.periods import Span
from core.text.names import SOMEBODY
from core.text.statements import utc_time
from core.text.wording import count_of

ISSUER = "Chipin"
"""Who issues these books: not a provider's invoice, and paid by nobody by itself."""
TOKENS = "Tokens"
HEADS = (
    "BillingAccountId",  # first, as it is a text: no row of a file begins with a minus
    "BillingAccountName",
    "BillingCurrency",
    "BillingPeriodStart",
    "BillingPeriodEnd",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "BilledCost",
    "EffectiveCost",
    "ContractedCost",
    "ListCost",
    "PricingQuantity",
    "PricingUnit",
    "ConsumedQuantity",
    "ConsumedUnit",
    "InvoiceIssuerName",
    "ServiceProviderName",
    "HostProviderName",
    "ServiceCategory",
    "ServiceSubcategory",
    "ServiceName",
    "SkuId",
    "SkuPriceId",
    "Tags",
    "x_MemberId",
    "x_MemberName",
    "x_Provider",
    "x_Model",
    "x_Tag",
    "x_Asks",
    "x_InputTokens",
    "x_OutputTokens",
    "x_EstimatedAsks",
    "x_GivenBack",
)


def focus_csv(export: Export) -> Iterator[str]:
    """The file, a row at a time."""
    yield BYTE_ORDER_MARK + csv_row(HEADS)
    for charge in export.charges:
        yield focus_row(export.team, export.span, charge, export.names)


def focus_row(team: Team, span: Span, charge: Charge, names: ChargeNames) -> str:
    """One row of it."""
    return csv_row((*_billing(team, span, charge), *_costs(charge), *_service(charge, names), *_ours(charge, names)))


def _billing(team: Team, span: Span, charge: Charge) -> tuple[Cell, ...]:
    return (
        team.wallet_id,
        team.name,
        "USD",
        utc_time(span.start),
        utc_time(span.end),
        utc_time(charge.start),
        utc_time(charge.end),
        "Usage",  # FOCUS: refunds stay in the category of what they refund
        "Correction" if charge.of_earlier else None,
        _description(charge),
        "Usage-Based",
    )


def _description(charge: Charge) -> str:
    if charge.given_back:
        return f"Given back: {count_of(charge.asks, 'ask')} answered by {charge.model}"
    return f"{count_of(charge.asks, 'ask')} answered by {charge.model}"


def _costs(charge: Charge) -> tuple[Cell, ...]:
    """Nobody has a contract or a discount here: all four costs are what was charged."""
    cost = usd(charge.cost_nanos)
    tokens = None if charge.of_earlier else charge.input_tokens + charge.output_tokens
    unit = None if charge.of_earlier else TOKENS
    return cost, cost, cost, cost, tokens, unit, tokens, unit


def _service(charge: Charge, names: ChargeNames) -> tuple[Cell, ...]:
    provider = names.providers.get(charge.provider) or charge.provider
    sku = f"{charge.provider}/{charge.model}"
    return (
        ISSUER,
        provider,
        provider,  # FOCUS: its own name, where it does not say on whose machines it runs
        "AI and Machine Learning",
        "Generative AI",
        names.models.get(charge.model) or charge.model,
        sku,
        sku,
        json.dumps({"tag": charge.tag}, ensure_ascii=False) if charge.tag else None,
    )


def _ours(charge: Charge, names: ChargeNames) -> tuple[Cell, ...]:
    return (
        charge.member_id,
        names.members.get(charge.member_id) or SOMEBODY,
        charge.provider,
        charge.model,
        charge.tag,
        charge.asks,
        charge.input_tokens,
        charge.output_tokens,
        charge.estimated,
        "yes" if charge.given_back else "no",
    )
