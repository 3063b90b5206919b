"""The clock's rounds: what one of them cannot do keeps nothing of the others from being done."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from bot import schedule
from bot.wiring import App
from core.errors import BooksUnavailable
from core.ports import Announcer
from core.sweep import SweepReport
from tests.waiting import until

LOOKED_AFTER = ("sweep", "news", "provider_trouble", "stale_prices", "budget_requests")


@dataclass
class Round:
    """A use case that is run by the clock, or finds no database."""

    broken: bool = False
    runs: list[int] = field(default_factory=list)

    async def run(self) -> SweepReport:
        self.runs.append(1)
        if self.broken:
            raise BooksUnavailable("The database is away.")
        return SweepReport(0, 0, ())

    async def tidy(self) -> None: ...


@pytest.mark.parametrize("broken", LOOKED_AFTER)
async def test_what_fails_in_a_round_stops_no_other_and_is_tried_again(broken: str) -> None:
    works = {name: Round(broken=name == broken) for name in LOOKED_AFTER}
    app: Any = SimpleNamespace(
        sweep=works["sweep"],
        news=works["news"],
        alerts=SimpleNamespace(provider_trouble=works["provider_trouble"], stale_prices=works["stale_prices"]),
        use_cases=SimpleNamespace(budget_requests=works["budget_requests"]),
        store=Round(),
    )
    for _ in range(2):
        await schedule._look_after(app)
    assert [len(works[name].runs) for name in LOOKED_AFTER] == [2] * len(LOOKED_AFTER)


@pytest.mark.parametrize("work", [schedule._look_at_spending, schedule._offer_refills])
async def test_a_round_that_finds_no_database_comes_again(work: Callable[[App], Awaitable[None]]) -> None:
    broken = Round(broken=True)
    app: Any = SimpleNamespace(
        alerts=SimpleNamespace(unusual_spending=broken), use_cases=SimpleNamespace(refills=broken)
    )
    for _ in range(2):
        await work(app)
    assert len(broken.runs) == 2


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
