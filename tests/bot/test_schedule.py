"""The clock's rounds: what one of them cannot do keeps nothing of the others from being done."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot import schedule
from bot.wiring import App
from core.errors import BooksUnavailable

ALERTS = ("provider_trouble", "stale_prices", "unusual_spending")


@dataclass
class Round:
    """A use case that is run by the clock, or finds no database."""

    broken: bool = False
    runs: list[int] = field(default_factory=list)

    async def run(self) -> None:
        self.runs.append(1)
        if self.broken:
            raise BooksUnavailable("The database is away.")


@pytest.mark.parametrize("broken", ALERTS)
async def test_an_alert_that_fails_stops_no_other_and_is_tried_again(broken: str) -> None:
    alerts = {name: Round(broken=name == broken) for name in ALERTS}
    app = cast("App", SimpleNamespace(alerts=SimpleNamespace(**alerts)))
    rounds: list[Any] = [schedule._post_alerts, schedule._look_at_spending]
    for work in rounds * 2:
        await work(app)
    assert [len(alerts[name].runs) for name in ALERTS] == [2, 2, 2]
