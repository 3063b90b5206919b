"""The composition root: one place that knows every adapter, for the process and for tests alike."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx

from adapters.charts.drawing import ChartDrawing
from adapters.llm.catalogue import load_catalogue
from adapters.llm.client import open_client
from adapters.llm.connect import connect
from adapters.llm.live import LiveCatalogue
from adapters.llm.routing_file import load_rules
from adapters.llm.tokens import OfflineTokenCounter
from adapters.store.database import Store, open_store
from adapters.store.overdue import StoreOverdue
from adapters.store.vault import FernetVault, secret_beside
from bot.alerts import Alerts, alerts_on
from bot.clock import SystemClock
from bot.ports import Ports, ports_on
from bot.settings import Settings
from core.act_log import ActLogs
from core.admins import Admins
from core.allowance import Allowances
from core.asks import Asks
from core.balance import Balances
from core.budget_requests import BudgetRequests
from core.catalogue_news import CatalogueNews
from core.defaults import SEAT_PRICE_USD
from core.deliveries import Deliveries
from core.departures import Departures
from core.digest.gathering import Gathering
from core.digests import Digests
from core.errors import NotConfigured
from core.feedback import Feedback
from core.forecast import Forecasts
from core.forgetting import Forgetting
from core.freezing import Freezing
from core.going_on import GoingOn
from core.homes import Homes
from core.ids import new_id
from core.kept_presses import KeptPresses
from core.leases import Leases
from core.linking import Linking
from core.membership import Membership
from core.model_list import ModelList
from core.money import NANOS_PER_USD
from core.notices import Notices
from core.operations import RecogniseSecret, Refused
from core.operator_lists import OperatorLists
from core.own_data import OwnData
from core.own_weeks import OwnWeeks
from core.ports import Clock, Drawing
from core.preferences import Preferences
from core.question import AskSettings
from core.receipts import Receipts
from core.refill import Refills
from core.routing.rules import Rules
from core.routing_report import RoutingReports
from core.statements import Statements
from core.sweep import Sweep
from core.team_linking import TeamLinking
from core.team_policy import TeamPolicy
from core.top_up_ceiling import TopUpCeiling
from core.topup import TopUps
from core.usage import Usages
from core.use_cases import UseCases
from core.zones import Zones

STOP_GRACE_SECONDS = 5.0
"""How long asks that are stopped get to settle when the process ends (bot/stopping.py: 30 seconds in all)."""


OWN_SECRET = "the books' own secret"  # noqa: S105 - not one: what is hashed with it, so that books know theirs


@dataclass(frozen=True, slots=True)
class App:
    """Everything, built and connected."""

    settings: Settings
    clock: Clock
    store: Store
    catalogue: LiveCatalogue
    use_cases: UseCases
    sweep: Sweep
    news: CatalogueNews
    alerts: Alerts
    drawing: Drawing


@asynccontextmanager
async def wire(
    settings: Settings,
    *,
    practice: bool,
    clock: Clock | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    drawing: Drawing | None = None,
) -> AsyncIterator[App]:
    """Build the process. `practice` allows the practice model (demo teams only) when nothing real is connected.

    At the end running asks are stopped and settled, then the books are closed.
    """
    clock = clock or SystemClock()
    vault = FernetVault(secret_of(settings))
    database_url = settings.database_url.get_secret_value()
    async with open_store(database_url) as store, provider_client(settings, transport) as client:
        await _recognise_secret(store, vault, clock)
        catalogue = await connect_providers(settings, client, clock, practice=practice)
        counter = OfflineTokenCounter()
        warming = asyncio.create_task(counter.warm({model.tokenizer for model in catalogue.models}))
        ports = ports_on(store, catalogue, counter, vault, clock)
        asking = replace(settings.ask_settings(), rules=rules_of(settings))
        use_cases = use_cases_on(
            ports, asking, listed=settings.listed(), ceiling=settings.ceiling(), seat_nanos=settings.seat_nanos
        )
        news = CatalogueNews(
            catalogue, store.books, ports.notices, notifier=use_cases.notices, people=ports.asks.people, clock=clock
        )
        sweep = Sweep(store.books, StoreOverdue(store), clock)
        try:
            drawn = drawing or ChartDrawing()
            yield App(settings, clock, store, catalogue, use_cases, sweep, news, alerts_on(ports, use_cases), drawn)
        finally:
            await use_cases.asks.close(STOP_GRACE_SECONDS)
            warming.cancel()
            await asyncio.gather(warming, return_exceptions=True)


def use_cases_on(
    ports: Ports,
    settings: AskSettings,
    *,
    listed: OperatorLists | None = None,
    ceiling: TopUpCeiling | None = None,
    seat_nanos: int = int(SEAT_PRICE_USD) * NANOS_PER_USD,
) -> UseCases:
    """Every use case, on whatever fills the ports."""
    books, reports, people = ports.asks.books, ports.asks.reports, ports.asks.people
    policies, catalogue, vault, clock = ports.asks.policies, ports.asks.catalogue, ports.asks.vault, ports.asks.clock
    preferred, links = ports.preferred, ports.links
    asks = Asks(ports.asks, settings)
    allowances = Allowances(policies, reports, clock)
    return UseCases(
        asks=asks,
        balances=Balances(allowances, reports, clock),
        usages=Usages(ports.spending, people, clock),
        forecasts=Forecasts(ports.spending, clock),
        policy=TeamPolicy(
            books,
            people,
            policies,
            allowances=allowances,
            catalogue=catalogue,
            clock=clock,
            in_flight=settings.max_in_flight,
        ),
        top_ups=TopUps(books, reports, clock, ceiling),
        membership=Membership(books, people, clock, vault, listed),
        catalogue=catalogue,
        deliveries=Deliveries(books, ports.undelivered, vault, catalogue, clock),
        notices=Notices(books, ports.notices, people, clock, preferred=preferred, reports=reports, listed=listed),
        feedback=Feedback(books, clock),
        routing=RoutingReports(reports, catalogue, asks.health, clock),
        linking=Linking(books, people, links, vault, clock),
        team_linking=TeamLinking(books, people, links, vault, clock),
        forgetting=Forgetting(books, people, ports.personal, vault, clock),
        own_data=OwnData(people, ports.personal),
        preferences=Preferences(books, preferred, catalogue, clock),
        going_on=GoingOn(ports.threads, preferred),
        homes=Homes(books, people, preferred, clock),
        kept_presses=KeptPresses(books, ports.presses, vault, clock),
        leases=Leases(books, clock),
        receipts=Receipts(ports.receipts, allowances, catalogue),
        refills=Refills(books, reports, people, preferred=preferred, clock=clock, ceiling=ceiling),
        own_weeks=OwnWeeks(
            books,
            ports.spending,
            people,
            personal=ports.personal,
            preferred=preferred,
            weeks=ports.weeks,
            catalogue=catalogue,
            clock=clock,
        ),
        zones=Zones(books, people, clock),
        budget_requests=BudgetRequests(
            books,
            ports.requests,
            people=people,
            allowances=allowances,
            reports=reports,
            clock=clock,
            ceiling=ceiling,
            listed=listed,
        ),
        models=ModelList(catalogue, settings.rules, asks.health, allowances, clock),
        admins=Admins(books, people, clock, listed),
        departures=Departures(books, people, clock),
        freezing=Freezing(books, people, ports.acts, clock),
        act_logs=ActLogs(ports.acts, people),
        statements=Statements(
            ports.spending,
            ports.charges,
            ports.bills,
            people=people,
            models=lambda: (*catalogue.models, *catalogue.embedders),
            clock=clock,
        ),
        digests=Digests(
            books,
            people,
            preferred,
            Gathering(ports.spending, reports, ports.weeks, catalogue),
            clock,
            seat_nanos=seat_nanos,
        ),
    )


async def _recognise_secret(store: Store, vault: FernetVault, clock: Clock) -> None:
    digest = vault.digest(OWN_SECRET)
    known = await store.books.apply(RecogniseSecret(id=new_id("secret", clock.now()), wallet_id="", digest=digest))
    if isinstance(known, Refused):
        raise NotConfigured(
            "These books were begun with another SECRET_KEY. With this one, questions that are delivered again would "
            "be answered and paid twice. Set the SECRET_KEY (or restore the secret.key) that belongs to this database."
        )


def provider_client(settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """The one HTTP client for all providers."""
    direct = [host.strip() for host in (settings.no_proxy or "").split(",") if host.strip()]
    return open_client(transport=transport, proxy=settings.https_proxy, no_proxy=direct)


async def connect_providers(
    settings: Settings, client: httpx.AsyncClient, clock: Clock, *, practice: bool
) -> LiveCatalogue:
    """The catalogue with every provider that has a key or is there."""
    catalogue = load_catalogue(settings.models_file)
    rows = catalogue.providers.values()
    return await connect(
        catalogue,
        keys=settings.provider_keys({row.id: row.key_variable for row in rows}),
        base_urls=settings.provider_base_urls({row.id: row.base_url_variable for row in rows}),
        client=client,
        clock=clock,
        practice=practice,
    )


def rules_of(settings: Settings) -> Rules:
    """The routing rules, which may name every model and provider of the catalogue, connected or not."""
    if settings.routing_file is None:
        return Rules()
    return load_rules(settings.routing_file, load_catalogue(settings.models_file))


def secret_of(settings: Settings) -> str:
    """SECRET_KEY, or the secret beside the database (made on the first run)."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    if settings.on_server:
        raise NotConfigured(
            "SECRET_KEY is not set. With PostgreSQL every process needs the same one: make it once, for example with "
            "`openssl rand -hex 32`, and set it wherever Chipin runs."
        )
    return secret_beside(settings.data_folder)
