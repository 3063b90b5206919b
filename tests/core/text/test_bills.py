"""A provider's bill in words: what was recorded, what stood there, and how far it is from the books."""

from core.month_books import BilledMonth
from core.operations import BillRecorded
from core.text.bills import MEND, NO_BILLS, doctor_finding, recorded_lines

USD = 1_000_000_000
SAME = BilledMonth("openai", "2026-11", 5 * USD, 5 * USD)
NEAR = BilledMonth("openai", "2026-11", 10_100_000_000, 10 * USD)
FAR = BilledMonth("openai", "2026-10", 12 * USD, 10 * USD)
UNKNOWN = BilledMonth("groq", "2026-11", USD, 0)


def test_a_first_bill_a_correction_and_the_same_again_are_told_apart() -> None:
    assert recorded_lines(SAME, BillRecorded(before_nanos=None)) == (
        "openai, 2026-11: $5.00 recorded. No balance changes by it.",
        "openai billed $5.00 for 2026-11 (UTC), and the books have $5.00: the same.",
    )
    assert recorded_lines(SAME, BillRecorded(before_nanos=USD))[0] == (
        "openai, 2026-11: $1.00 -> $5.00, corrected. No balance changes by it; what stood there before stays known."
    )
    assert recorded_lines(SAME, None)[0] == "openai, 2026-11: $5.00 is recorded already; nothing was changed."


def test_a_drift_is_told_in_money_and_per_cent_and_from_two_per_cent_on_with_what_to_do() -> None:
    near, far = (recorded_lines(each, None)[1:] for each in (NEAR, FAR))
    assert near == ("openai billed $10.10 for 2026-11 (UTC), and the books have $10.00: $0.10 more, +1.0 %.",)
    assert far == ("openai billed $12.00 for 2026-10 (UTC), and the books have $10.00: $2.00 more, +20.0 %.", MEND)
    assert recorded_lines(UNKNOWN, None)[1:] == (
        "groq billed $1.00 for 2026-11 (UTC), and the books have $0.00: $1.00 more.",
        MEND,
    )


def test_doctor_tells_every_bill_and_a_fix_where_one_is_far_off() -> None:
    assert doctor_finding(()) == (NO_BILLS, "")
    assert doctor_finding((SAME, NEAR))[1] == ""
    told, fix = doctor_finding((SAME, FAR))
    assert (told.count("openai billed"), fix) == (2, MEND)
