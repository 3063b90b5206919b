"""`doctor`: looks at everything an operator can get wrong, and says how to mend each."""

import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from datetime import date
from pathlib import Path

from adapters.llm.catalogue import load_catalogue
from adapters.llm.providers_file import ProviderRow
from adapters.store.bills import StoreBills
from adapters.store.database import open_store
from bot.check import Check
from bot.clock import SystemClock
from bot.freezing import frozen_now
from bot.settings import Settings
from bot.wiring import connect_providers, provider_client, rules_of, secret_of
from core import defaults
from core.bills import Bills
from core.errors import ChipinError, NoBooksYet
from core.models import PRACTICE, Model, with_stale_prices
from core.money import format_price, format_usd
from core.prices import TYPICAL_QUESTION, cost
from core.routing.sentences import in_words
from core.text.bills import doctor_finding
from core.text.wording import count_of

CLOCK_OFF_SECONDS = 5
DISK_LOW_MB = 100
_MEND_DATABASE = (
    "Check DATABASE_URL and the server (is it a standby? is default_transaction_read_only on?), "
    "who may write the folder, and whether its disk is full or read-only."
)


async def examine(settings: Settings) -> AsyncGenerator[Check, None]:
    """Every check, in the order in which things break."""
    yield _secret(settings)
    async for check in _database(settings):
        yield check
    if settings.models_file is not None:
        its_check = _models_file(settings.models_file)
        yield its_check
        if not its_check.ok:  # what the providers give without it is still worth looking at
            settings = settings.model_copy(update={"models_file": None})
    async for check in _providers(settings):
        yield check
    yield _routing(settings)
    if settings.uses_slack:
        from bot.slack_doctor import examine_slack  # noqa: PLC0415 (slack_sdk only where it is used)

        async for check in examine_slack(settings):
            yield check
    if settings.discord_token is not None:
        from bot.discord_doctor import examine_discord  # noqa: PLC0415 (discord.py only where it is used)

        async for check in examine_discord(settings, settings.discord_token):
            yield check
    for name, meaning in rules_in_force(settings):
        yield Check(name, True, meaning)


def rules_in_force(settings: Settings) -> tuple[tuple[str, str], ...]:
    """What decides about money, in words, as it is set now."""
    numbers = settings.ask_settings()
    return (
        ("monthly limit", f"{format_usd(defaults.MEMBER_MONTH_LIMIT_NANOS)} a member, where a new team begins"),
        ("confirmation", f"asks that may cost more than {format_usd(numbers.confirm_above_nanos)}"),
        ("teams", _teams(settings)),
        ("admins", settings.admins or "those whom their platform makes one, and who is made one in the chat"),
        ("top-up ceiling", _ceiling(settings)),
        ("in flight", f"{numbers.max_in_flight} asks a member"),
        ("waiting", f"up to {numbers.hold_wait_seconds:.0f} seconds for money that running asks hold"),
        ("output cap", f"{numbers.max_output_tokens} tokens an answer"),
        ("deadline", f"{numbers.deadline_seconds:.0f} seconds an ask"),
        ("unanswered asks", f"{format_usd(numbers.member_day_absorbed_nanos)} a member and day, paid by the operator"),
    )


def _teams(settings: Settings) -> str:
    return settings.teams or "the one workspace that a chat's token belongs to, and the terminal"


def _ceiling(settings: Settings) -> str:
    nanos = settings.ceiling().nanos
    return "none" if nanos is None else f"{format_usd(nanos)} a team and month"


def _secret(settings: Settings) -> Check:
    if settings.secret_key is None and not settings.on_server and not settings.data_folder.exists():
        return Check("secret key", True, "will be made on the first run, beside the database")
    try:
        secret_of(settings)
    except ChipinError as error:
        return Check("secret key", False, str(error), "Set SECRET_KEY, or make the data folder writable.")
    return Check("secret key", True, "set" if settings.secret_key is not None else "kept beside the database")


async def _database(settings: Settings) -> AsyncIterator[Check]:
    try:
        async with open_store(settings.database_url.get_secret_value(), must_exist=True) as store:
            await store.check_writable()
            yield Check("database", True, f"{store.read_engine.dialect.name}, can be opened and written")
            off_seconds = abs(await store.now_ms() / 1000 - SystemClock().now().timestamp())
            fix = "" if off_seconds < CLOCK_OFF_SECONDS else "Let both machines keep time by NTP."
            frozen = await frozen_now(store)
            yield Check("frozen", True, frozen or "nobody", "`python -m bot unfreeze` lets all ask." if frozen else "")
            yield Check("clock", not fix, f"{off_seconds:.1f} seconds from the database's clock", fix)
            told, fix = doctor_finding(await Bills(store.books, StoreBills(store), SystemClock()).newest())
            yield Check("bills", not fix, told, fix)
    except NoBooksYet as none_yet:
        yield Check("database", True, str(none_yet), "The first run makes them there. Is that where you want them?")
    except ChipinError as error:
        yield Check("database", False, error.in_full, _MEND_DATABASE)
    if not settings.on_server and settings.data_folder.exists():
        yield _disk(settings)


def _disk(settings: Settings) -> Check:
    free_mb = shutil.disk_usage(settings.data_folder).free // 1_000_000
    fix = "" if free_mb >= DISK_LOW_MB else "Make room on this disk: when it is full, every ask is refused."
    return Check("disk", not fix, f"{free_mb:,} MB free beside the database", fix)


def _models_file(path: Path) -> Check:
    try:
        models = load_catalogue(path).models_of_operator
    except ChipinError as error:
        fix = "Mend that place. Meanwhile none of the file's models is offered, and Chipin does not start anew."
        return Check("models file", False, str(error), fix)
    return Check("models file", True, f"{path}: {count_of(len(models), 'model')} of your own or at prices of your own")


def _routing(settings: Settings) -> Check:
    try:
        rules = rules_of(settings)
    except ChipinError as error:
        return Check("routing", False, str(error), "Mend that place, or remove ROUTING_FILE: Chipin does not start.")
    return Check("routing", True, f"{settings.routing_file or 'no ROUTING_FILE'}: {in_words(rules)}")


async def _providers(settings: Settings) -> AsyncIterator[Check]:
    clock = SystemClock()
    try:
        async with provider_client(settings) as client:
            catalogue = await connect_providers(settings, client, clock, practice=True)
    except ChipinError as error:
        yield Check("providers", False, str(error), "Correct the setting that the sentence names.")
        return
    for note in catalogue.notes:
        yield Check("providers", False, note, "Set what is missing, or remove the line.")
    if PRACTICE in catalogue.providers:
        yield Check("providers", True, "none connected: the demo team gets practice answers", "Set OPENAI_API_KEY.")
    for check in _prices(catalogue.models, clock.now().date()):
        yield check
    for row in load_catalogue().providers.values():
        if row.id in catalogue.providers:
            yield Check(f"{row.id} data", True, _what_it_does_with_questions(row))


def _what_it_does_with_questions(row: ProviderRow) -> str:
    """Where they go, whether they are trained on or kept, and where the provider says so."""
    policy = row.data_policy
    return f"{row.region}. {policy.training} Retention: {policy.retention} {policy.source}"


def _prices(models: Sequence[Model], today: date) -> Iterator[Check]:
    """What each provider offers, and whose prices are old. Models are in order, the cheapest first."""
    sold = [(model, price) for model in models if (price := model.price_on(today)) is not None]
    for provider in dict.fromkeys(model.provider for model, _ in sold):
        costs = [(model.id, cost(TYPICAL_QUESTION, price)) for model, price in sold if model.provider == provider]
        (cheapest, least), (dearest, most) = costs[0], costs[-1]
        asks = f"{count_of(len(costs), 'model')}, a typical question from {format_price(least)} ({cheapest})"
        asks += f" to {format_price(most)} ({dearest})" if len(costs) > 1 else ""
        yield Check(provider, True, asks)
    old = [f"{model.id} ({since})" for model, since in with_stale_prices(models, today)]
    fix = "Compare them with their sources; MODELS_FILE replaces what has changed." if old else ""
    told = f"older than {defaults.STALE_PRICE_DAYS} days: {', '.join(old)}" if old else "none is old"
    yield Check("prices", True, told, fix)
