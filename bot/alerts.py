"""What admins are told by the clock before it hurts (core says when, and once): built here, run by bot/schedule.py."""

from dataclasses import dataclass

from bot.ports import Ports
from core.provider_trouble import ProviderTrouble
from core.stale_prices import StalePrices
from core.unusual_spending import UnusualSpending
from core.use_cases import UseCases


@dataclass(frozen=True, slots=True)
class Alerts:
    """Each is a use case whose `run` is one round."""

    provider_trouble: ProviderTrouble
    stale_prices: StalePrices
    unusual_spending: UnusualSpending


def alerts_on(ports: Ports, use_cases: UseCases) -> Alerts:
    """The alerts of one process, on what its asks have seen."""
    people, catalogue, clock, books = ports.asks.people, ports.asks.catalogue, ports.asks.clock, ports.asks.books
    health = use_cases.asks.health
    return Alerts(
        ProviderTrouble(health, catalogue, books, ports.notices, people=people, clock=clock),
        StalePrices(catalogue, use_cases.notices, people, clock),
        UnusualSpending(ports.spending, people, use_cases.notices, clock),
    )
