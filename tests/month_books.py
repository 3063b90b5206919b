"""A month's books as tests of its documents need them: with names and tags that would do harm if they could."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.month_books import BilledMonth, MonthBooks
from core.people import OPERATOR, Team
from core.periods import Calendar, Period
from core.spending import Movement, SpentOn, WalletMovements

BERLIN = Calendar(ZoneInfo("Europe/Berlin"))
TEAM = Team("team", "wal", "Rocket & Sons <Berlin>", BERLIN)
NOVEMBER = BERLIN.span(Period.MONTH, datetime(2026, 11, 15, tzinfo=UTC))
FORMULA = '=HYPERLINK("http://evil.example";"click")'
NAMES = {"mbr_anna": "Anna \N{EM DASH} <b>Admin</b>", "mbr_bo": FORMULA}
MOVED = WalletMovements(
    opening_nanos=12_345_678_901,
    top_ups=(
        Movement("top_1", 25_000_000_000, "mbr_anna", "November budget", datetime(2026, 11, 3, 9, 4, tzinfo=UTC)),
        Movement(
            "top_2",
            10_000_000_000,
            "mbr_bo",
            "@SUM(1) \N{FULLWIDTH EQUALS SIGN}1",
            _at := datetime(2026, 11, 9, tzinfo=UTC),
        ),
    ),
    taken_back=(Movement("back_2", 9_999_999_999, OPERATOR, "", _at, of="top_2"),),
    spent=(
        SpentOn("openai", "launch", 3_004_999_999),
        SpentOn("openai", "", 1_500_000_004),
        SpentOn("anthropic", "-1+1", 2_250_000_001),
        SpentOn("<script>alert(1)</script>", "", 4_000_000),
    ),
    given_back=(SpentOn("openai", "launch", 33_333_333),),
    absorbed_nanos=120_000_001,
    closing_nanos=12_345_678_901
    + 35_000_000_000
    - 9_999_999_999
    - (3_004_999_999 + 1_500_000_004 + 2_250_000_001 + 4_000_000)
    + 33_333_333,
)
BOOKS = MonthBooks(TEAM, NOVEMBER, datetime(2026, 12, 2, 8, 30, tzinfo=UTC), MOVED, NAMES)
SO_FAR = replace(BOOKS, made_at=datetime(2026, 11, 22, 8, 30, 5, tzinfo=UTC))
BILLED = replace(BOOKS, bills=(BilledMonth("openai", "2026-11", 4_600_000_000, 4_505_000_003),))
EMPTY = replace(BOOKS, movements=WalletMovements(0, (), (), (), (), 0, 0), names={})
