"""/balance: an admin reads what the team's month will come to, once that can be told; a member never does."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast

import pytest

from core.commands.money import Money
from core.commands.speaking import Speaker
from core.forecast import Forecast
from core.money import NANOS_PER_USD
from core.people import Member, Place, Team
from core.periods import Period
from core.ports import PlaceNames
from core.reports import Balance, WalletReport
from core.use_cases import UseCases
from tests.core.asking.house import ANNA, BEN, PLACE, TEAM

USD = NANOS_PER_USD
MONTH = TEAM.calendar.span(Period.MONTH, datetime(2026, 11, 21, tzinfo=UTC))


@dataclass
class OneMonth:
    """Use cases, as far as /balance asks them."""

    month: Forecast

    @property
    def balances(self) -> "OneMonth":
        return self

    @property
    def forecasts(self) -> "Forecasting":
        return Forecasting(self.month)

    async def of(self, member: Member, place: Place) -> Balance:
        return Balance(0, 0, None, date(2026, 12, 1), WalletReport(9 * USD, 0, 0, 0, None), None)


@dataclass
class Forecasting:
    month: Forecast

    async def of(self, team: Team) -> Forecast:
        return self.month


@pytest.mark.parametrize(("member", "nanos", "told"), [(ANNA, 41 * USD, True), (ANNA, None, False), (BEN, 41, False)])
async def test_only_admins_read_what_the_month_will_come_to(member: Member, nanos: int | None, told: bool) -> None:
    month = Forecast(MONTH, 12 * USD, nanos, days_left=10, days_known=20)
    speaker = Speaker(member, PLACE, cast("PlaceNames", None), "key", "/yes")
    reply = await Money(cast("UseCases", OneMonth(month))).balance(speaker, "")
    assert any(line.startswith("Team wallet: $9.00") for line in reply.lines)
    assert any("November: about $41.00 by its end" in line for line in reply.lines) is told
