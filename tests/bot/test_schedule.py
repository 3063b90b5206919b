"""The clock's rounds: what one of them cannot do keeps nothing of the others from being done."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot import schedule
from bot.wiring import App
from core.errors import BooksUnavailable
from core.ports import Announcer
from tests.waiting import until

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


@dataclass
class Told:
    """Which chats were told, round by round."""

    by: list[str] = field(default_factory=list)

    async def run(self, announcer: Announcer) -> int:
        self.by.append(announcer.platform)
        return 0


async def test_each_chat_is_told_again_and_again_not_only_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(_: App) -> None: ...

    for work in ("_follow_models_file", "_look_after", "_offer_refills", "_beat", "_post_digests", "_look_at_spending"):
        monkeypatch.setattr(schedule, work, nothing)
    late, notices = Told(), Told()
    app: Any = SimpleNamespace(
        settings=SimpleNamespace(sweep_seconds=0.001),
        use_cases=SimpleNamespace(deliveries=late, notices=notices),
    )
    chats: list[Any] = [SimpleNamespace(platform=name) for name in ("slack", "discord")]
    async with schedule.scheduled(app, chats):
        await until(lambda: all(told.by.count(chat.platform) >= 3 for told in (late, notices) for chat in chats))
