"""Which models answer at present: failures in a row take a model out for a while, then one ask at a time tries it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.defaults import ASK_DEADLINE_SECONDS
from core.errors import ProviderFailed, ProviderOutOfFunds, ProviderRefusedKey, ProviderRejectedCall
from core.models import Model
from core.ports import Clock
from core.routing.rules import Rules

MAX_COOLDOWN_SECONDS = 3_600
"""A Retry-After beyond an hour is tried again after an hour: providers recover sooner than they promise."""
PROBE_SECONDS = ASK_DEADLINE_SECONDS
"""A probe that nobody reports on counts as over after this long: no ask of usual length runs longer."""
LATELY_SECONDS = 30
"""Who answered within this long is unreliable rather than down."""
PROBE_LOOK_SECONDS = 0.5
"""How soon whoever waits for a probe's outcome looks again: most calls show sooner whether they go well."""
NEWEST_SHARE = 0.2
"""What the newest measurement weighs in an average (EWMA): about the last ten answers count."""


class Account(StrEnum):
    """How the operator's account at a provider stands."""

    GOOD = "good"
    KEY = "key"  # it is not accepted
    FUNDS = "funds"  # it is empty


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """What the last call that told something of it said, and when."""

    account: Account
    at: datetime


@dataclass(slots=True)
class _Circuit:
    """One model, or one provider. Closed while `open_until` is None; past it, half-open."""

    failures_in_a_row: int = 0
    silent_since: datetime | None = None
    open_until: float | None = None
    probe_until: float = 0.0
    answered_at: float | None = None
    told_to_wait: bool = False
    refusal: str = ""
    first_word_seconds: float | None = None
    tokens_per_second: float | None = None

    def ready_in_seconds(self, now: float) -> float:
        if self.open_until is None:
            return 0.0
        return max(0.0, self.open_until - now, self.probe_until - now)

    def open_for(self, seconds: float, now: float) -> None:
        if seconds > 0:
            self.open_until = max(self.open_until or 0.0, now + seconds)

    def close(self) -> None:
        self.failures_in_a_row, self.silent_since, self.open_until, self.probe_until = 0, None, None, 0.0
        self.told_to_wait, self.refusal = False, ""


class Health:
    """What this process has seen of every model. Each process learns by itself: a cooldown is never shared."""

    def __init__(self, rules: Rules, clock: Clock) -> None:
        self._rules = rules
        self._clock = clock
        self._models: dict[str, _Circuit] = {}
        self._providers: dict[str, _Circuit] = {}
        self._accounts: dict[str, AccountSeen] = {}

    def may_try(self, model: Model) -> bool:
        """Whether to call it now. Ask right before the call, and only then: it may take the one probe there is.

        After True, `succeeded`, `failed` or `given_up` follows. To look without taking: `ready_in_seconds`. Who is in
        a cooldown and `unreliable` may be tried: it stands last in every plan.
        """
        now = self._clock.monotonic()
        if self.ready_in_seconds(model) > 0:
            return self.unreliable(model)
        for circuit in self._both(model):
            if circuit.open_until is not None:
                circuit.probe_until = now + PROBE_SECONDS
        return True

    def ready_in_seconds(self, model: Model) -> float:
        """How long until it may be tried; 0 when it may be now. Changes nothing."""
        now = self._clock.monotonic()
        return max(circuit.ready_in_seconds(now) for circuit in self._both(model))

    def wait_seconds(self, model: Model) -> float:
        """How long until `may_try` is worth asking; 0 for now. While a probe runs, the time to the next look."""
        now = self._clock.monotonic()
        if self.ready_in_seconds(model) <= 0 or self.unreliable(model):
            return 0.0
        cooldown = max((circuit.open_until or 0.0) - now for circuit in self._both(model))
        return cooldown if cooldown > 0 else PROBE_LOOK_SECONDS

    def succeeded(self, model: Model, *, first_word_seconds: float, tokens_per_second: float) -> None:
        """It answered: it and its provider are well, whatever was before."""
        own, provider = self._both(model)
        own.close()
        provider.close()
        own.answered_at = self._clock.monotonic()
        if not (model.free and self.account_of(model.provider) is Account.FUNDS):  # it costs nothing: it proves nothing
            self._accounts[model.provider] = AccountSeen(Account.GOOD, self._clock.now())
        own.first_word_seconds = _averaged(own.first_word_seconds, first_word_seconds)
        own.tokens_per_second = _averaged(own.tokens_per_second, tokens_per_second)

    def failed(self, model: Model, failure: ProviderFailed) -> None:
        """It did not answer. What was wrong with the call itself says nothing about its health.

        `allowed_fails` in a row, or one failed probe, take it out for `cooldown_time`; a Retry-After for exactly that
        (an hour at most). A refused key or an empty account takes out the whole provider at once.
        """
        if isinstance(failure, ProviderRejectedCall):
            self.given_up(model)
            return
        now, own, provider = self._clock.monotonic(), *self._both(model)
        for circuit in (own, provider):
            circuit.silent_since = circuit.silent_since or self._clock.now()
        own.failures_in_a_row += 1
        cooldown = self._cooldown_seconds(failure)
        own.probe_until = provider.probe_until = 0.0
        if isinstance(failure, ProviderRefusedKey | ProviderOutOfFunds):
            provider.refusal = str(failure)
            account = Account.KEY if isinstance(failure, ProviderRefusedKey) else Account.FUNDS
            self._accounts[model.provider] = AccountSeen(account, self._clock.now())
        if isinstance(failure, ProviderRefusedKey | ProviderOutOfFunds) or provider.open_until is not None:
            provider.open_for(cooldown, now)
        if not isinstance(failure, ProviderRefusedKey | ProviderOutOfFunds):
            self._count(own, failure, cooldown, now)

    def _count(self, own: _Circuit, failure: ProviderFailed, cooldown: float, now: float) -> None:
        still_open = own.open_until is not None and now < own.open_until
        half_open = own.open_until is not None and not still_open
        too_many = own.failures_in_a_row >= self._rules.allowed_fails and not still_open
        if failure.retry_after_seconds or half_open or too_many:
            own.told_to_wait = bool(failure.retry_after_seconds) or (own.told_to_wait and still_open)
            own.open_for(cooldown, now)

    def given_up(self, model: Model) -> None:
        """The call ended without a verdict (stopped, deadline): the next ask may probe."""
        for circuit in self._both(model):
            circuit.probe_until = 0.0

    def unreliable(self, model: Model) -> bool:
        """Whether it answered lately, though it may be in a cooldown: worth a try when whoever is well has failed.

        Three failures in a row happen to a provider that answers most calls, too. Were all of them out at once, nobody
        would be asked for a minute although most asks would succeed. Who said how long to wait (Retry-After), refused
        the key or has not answered lately is none of these.
        """
        now, (own, provider) = self._clock.monotonic(), self._both(model)
        lately = own.answered_at is not None and now - own.answered_at <= LATELY_SECONDS
        return lately and not own.told_to_wait and provider.ready_in_seconds(now) <= 0

    def down_since(self, provider: str) -> datetime | None:
        """Since when none of a provider's models has answered whoever asked; None if the last one asked did."""
        circuit = self._providers.get(provider)
        return circuit.silent_since if circuit is not None else None

    def refusal_of(self, provider: str) -> str:
        """Why whoever runs the bot has to act before this provider answers again (its key, its funds); or ""."""
        circuit = self._providers.get(provider)
        return circuit.refusal if circuit is not None else ""

    def accounts(self) -> Mapping[str, AccountSeen]:
        """What calls of this process told of the operator's accounts, by provider; nothing of whom it never asked."""
        return dict(self._accounts)

    def account_of(self, provider: str) -> Account | None:
        """The same of one provider."""
        seen = self._accounts.get(provider)
        return seen.account if seen is not None else None

    def silent_since(self, model: Model) -> datetime | None:
        """The same for one model, whose provider may answer through another."""
        return self._both(model)[0].silent_since

    def first_word_seconds(self, model: Model) -> float | None:
        """How long its first word took lately, on average; None if it never answered here."""
        return self._both(model)[0].first_word_seconds

    def tokens_per_second(self, model: Model) -> float | None:
        """How fast it wrote lately, on average; None if it never answered here."""
        return self._both(model)[0].tokens_per_second

    def _both(self, model: Model) -> tuple[_Circuit, _Circuit]:
        own = self._models.setdefault(model.id, _Circuit())
        return own, self._providers.setdefault(model.provider, _Circuit())

    def _cooldown_seconds(self, failure: ProviderFailed) -> float:
        wished = failure.retry_after_seconds
        return min(wished, MAX_COOLDOWN_SECONDS) if wished else self._rules.cooldown_time_seconds


def _averaged(before: float | None, newest: float) -> float:
    return newest if before is None else before + NEWEST_SHARE * (newest - before)
