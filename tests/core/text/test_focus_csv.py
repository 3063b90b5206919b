"""An export has the columns of FOCUS, and what it says in them is what FOCUS asks for."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta

from core.charges import Charge, ChargeNames, Export
from core.csv_safe import BYTE_ORDER_MARK
from core.text.focus_csv import HEADS, focus_csv
from tests.core.test_csv_safe import runs
from tests.month_books import FORMULA, NOVEMBER, TEAM

DAY = datetime(2026, 11, 2, 23, tzinfo=UTC)
MANDATORY = {
    *("BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency"),
    *("BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd"),
    *("ChargeCategory", "ChargeClass", "ChargeDescription"),
    *("ContractedCost", "EffectiveCost", "ListCost", "PricingQuantity", "PricingUnit"),
    *("HostProviderName", "InvoiceIssuerName", "ServiceCategory", "ServiceName", "ServiceProviderName"),
}
"""FOCUS 1.4, Cost and Usage, "Feature level: Mandatory"."""


def charge(**fields: object) -> Charge:
    known = {
        "start": DAY,
        "end": DAY + timedelta(days=1),
        "member_id": "mbr_bo",
        "provider": "openai",
        "model": "gpt-5-mini",
        "tag": "launch",
        "asks": 3,
        "input_tokens": 1_200,
        "output_tokens": 300,
        "estimated": 1,
        "cost_nanos": 12_345_678,
    }
    return Charge(**(known | fields))  # type: ignore[arg-type]


def read(*charges: Charge) -> list[dict[str, str]]:
    names = ChargeNames({"mbr_bo": FORMULA}, {"openai": "OpenAI"}, {"gpt-5-mini": "GPT-5 mini"})
    text = "".join(focus_csv(Export(TEAM, NOVEMBER, charges, names, by_day=True)))
    assert text.startswith(BYTE_ORDER_MARK)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")))


def test_every_mandatory_column_is_there_and_ours_come_behind() -> None:
    assert set(HEADS) >= MANDATORY
    ours = [head.startswith("x_") for head in HEADS]
    assert ours == sorted(ours)
    assert all(re.fullmatch(r"(x_)?[A-Z][A-Za-z]*", head) for head in HEADS)


def test_a_row_says_who_used_what_under_which_tag_on_which_day() -> None:
    (row,) = read(charge())
    assert (row["BilledCost"], row["BillingCurrency"]) == ("0.012345678", "USD")
    assert row["EffectiveCost"] == row["ContractedCost"] == row["ListCost"] == row["BilledCost"]
    assert (row["BillingPeriodStart"], row["BillingPeriodEnd"]) == ("2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z")
    assert (row["ChargePeriodStart"], row["ChargePeriodEnd"]) == ("2026-11-02T23:00:00Z", "2026-11-03T23:00:00Z")
    assert (row["ChargeCategory"], row["ChargeClass"]) == ("Usage", "")
    assert (row["ServiceCategory"], row["ServiceSubcategory"]) == ("AI and Machine Learning", "Generative AI")
    assert (row["ServiceProviderName"], row["ServiceName"]) == ("OpenAI", "GPT-5 mini")
    assert (row["ConsumedQuantity"], row["ConsumedUnit"]) == ("1500", "Tokens")
    assert (row["SkuId"], row["SkuPriceId"]) == ("openai/gpt-5-mini", "openai/gpt-5-mini")
    assert json.loads(row["Tags"]) == {"tag": "launch"}
    assert (row["x_MemberId"], row["x_MemberName"]) == ("mbr_bo", f"'{FORMULA}")
    assert (row["x_Asks"], row["x_EstimatedAsks"], row["x_GivenBack"]) == ("3", "1", "no")
    assert row["ChargeDescription"] == "3 asks answered by gpt-5-mini"


def test_what_was_given_back_in_its_own_month_is_negative_usage_of_nothing() -> None:
    (row,) = read(charge(given_back=True, cost_nanos=-5, input_tokens=0, output_tokens=0))
    assert (row["BilledCost"], row["ChargeCategory"], row["ChargeClass"]) == ("-0.000000005", "Usage", "")
    assert (row["ConsumedQuantity"], row["x_GivenBack"]) == ("0", "yes")
    assert row["ChargeDescription"] == "Given back: 3 asks answered by gpt-5-mini"


def test_what_was_given_back_of_an_earlier_month_is_a_correction() -> None:
    (row,) = read(charge(given_back=True, of_earlier=True, cost_nanos=-5, input_tokens=0, output_tokens=0))
    assert row["ChargeClass"] == "Correction"
    assert (row["ConsumedQuantity"], row["ConsumedUnit"], row["PricingQuantity"], row["PricingUnit"]) == ("",) * 4


def test_who_is_forgotten_has_no_name_and_what_has_no_tag_has_none() -> None:
    (row,) = read(charge(member_id="mbr_gone", tag=""))
    assert (row["x_MemberId"], row["x_MemberName"]) == ("mbr_gone", "somebody who left")
    assert (row["Tags"], row["x_Tag"]) == ("", "")


def test_no_text_runs() -> None:
    harm = charge(tag="=1+1", model="@model", provider="+provider", member_id="-member")
    (row,) = read(harm)
    texts = [cell for head, cell in row.items() if not head.endswith(("Cost", "Quantity", "Tokens", "Asks"))]
    assert not any(runs(cell) for cell in texts)
    assert json.loads(row["Tags"]) == {"tag": "'=1+1"}


def test_no_line_begins_with_a_number() -> None:
    assert all(row["BillingAccountId"] for row in read(charge(cost_nanos=-5, given_back=True)))
    assert HEADS[0] == "BillingAccountId"
