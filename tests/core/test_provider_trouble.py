"""A provider's dead key or empty account: told once until it answers again, by any number of processes."""

import asyncio
from dataclasses import dataclass, field

from core.errors import ProviderBusy, ProviderFailed, ProviderOutOfFunds, ProviderRefusedKey
from core.models import PRACTICE, Model
from core.provider_trouble import SURE_AFTER_MS, ProviderTrouble
from core.routing.health import Health
from core.routing.rules import Rules
from core.rows import NoticeRow
from tests.bookkeeping import enrol
from tests.fakes import FakeClock, FixedCatalogue, MemoryBooks, MemoryPeople, a_model
from tests.memory import MemoryNotices

SMALL = a_model(id="small", provider="openai", provider_title="OpenAI")
LARGE = a_model(id="large", provider="openai", provider_title="OpenAI")
FREE = a_model(id="free", provider="openai", provider_title="OpenAI", free=True)
OTHER = a_model(id="other", provider="mistral", provider_title="Mistral")
NO_KEY = ProviderRefusedKey("OpenAI did not accept this bot's key.")
NO_FUNDS = ProviderOutOfFunds("This bot's account at OpenAI has run out of funds.")
DEAD_KEY = (
    "OpenAI does not accept this bot's API key any more. Meanwhile asks go to Mistral, where the team's rules "
    "allow it; what only OpenAI could answer fails and is not charged. "
    "Whoever runs Chipin has to set a key that works, and start it anew."
)
NO_MONEY = (
    "This bot's account at OpenAI has run out of money. No other provider is connected: until that is mended asks "
    "fail, and nothing is charged. Whoever runs Chipin has to pay in at the provider; the team wallet has nothing "
    "to do with it."
)
SURE_AFTER = SURE_AFTER_MS // 1000
AGAIN = "OpenAI answers again."


@dataclass
class House:
    """Books of two teams, and as many processes beside them as one likes."""

    models: tuple[Model, ...] = (
        SMALL,
        LARGE,
        FREE,
        OTHER,
        a_model(id="p", provider=PRACTICE, provider_title="Practice"),
    )
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.books = MemoryBooks(self.clock)

    def process(self) -> "Process":
        health = Health(Rules(), self.clock)
        trouble = ProviderTrouble(
            health,
            FixedCatalogue(self.models, {}),
            self.books,
            MemoryNotices(self.books, self.clock),
            people=MemoryPeople(self.books),
            clock=self.clock,
        )
        return Process(health, trouble, self.clock)

    def told(self, team: str = "team") -> list[str]:
        rows = [row for row in self.books.rows(NoticeRow) if row.team_id == team]
        return [row.words for row in sorted(rows, key=lambda row: row.at_ms)]


@dataclass
class Process:
    """One process: what its calls come to, and its rounds."""

    health: Health
    trouble: ProviderTrouble
    clock: FakeClock

    async def calls(self, model: Model, failure: ProviderFailed | None = None) -> None:
        """A call, and then a round."""
        self.clock.advance(1)
        if failure is not None:
            self.health.failed(model, failure)
        else:
            self.health.succeeded(model, first_word_seconds=1, tokens_per_second=1)
        await self.trouble.run()


async def house(*models: Model) -> House:
    made = House(models) if models else House()
    await made.books.apply(enrol())
    await made.books.apply(enrol("zoe", team="others", wallet="wal2"))
    return made


async def test_a_dead_key_is_told_to_every_team_once_and_so_is_its_end() -> None:
    at = await house()
    process = at.process()
    for failure in (None, NO_KEY, NO_KEY, ProviderBusy("busy"), NO_KEY):
        await process.calls(SMALL, failure)
    assert at.told() == at.told("others") == [DEAD_KEY]
    at.clock.advance(SURE_AFTER)
    await process.calls(LARGE)
    await process.calls(SMALL)
    assert at.told() == at.told("others") == [DEAD_KEY, AGAIN]
    await process.calls(SMALL, NO_KEY)
    assert at.told() == [DEAD_KEY, AGAIN, DEAD_KEY]


async def test_who_refuses_some_calls_and_answers_others_is_not_told_of_each_time() -> None:
    """As one does that says 403 to a question that it does not allow."""
    at = await house()
    processes = [at.process() for _ in range(2)]
    for _ in range(10):
        await processes[0].calls(SMALL, NO_KEY)
        await processes[1].calls(LARGE)
        await processes[0].calls(LARGE)
    assert at.told() == [DEAD_KEY]


async def test_with_one_provider_it_says_that_asks_fail_and_cost_nothing() -> None:
    at = await house(SMALL)
    await at.process().calls(SMALL, NO_FUNDS)
    assert at.told() == [NO_MONEY]


async def test_nobody_is_sent_to_a_provider_that_is_out_itself() -> None:
    at = await house()
    process = at.process()
    await process.calls(OTHER, NO_FUNDS)
    await process.calls(SMALL, NO_KEY)
    assert "Meanwhile asks go to OpenAI" in at.told()[0]
    assert "No other provider is connected" in at.told()[1]


async def test_many_processes_tell_it_once() -> None:
    at = await house()
    processes = [at.process() for _ in range(3)]
    await asyncio.gather(*(process.calls(SMALL, NO_KEY) for process in processes))
    assert at.told() == [DEAD_KEY]
    at.clock.advance(SURE_AFTER)
    await asyncio.gather(*(process.calls(SMALL) for process in processes))
    assert at.told() == [DEAD_KEY, AGAIN]


async def test_who_has_not_asked_since_says_nothing() -> None:
    """One answered before the key died, and one was refused before it was mended: neither knows better."""
    at = await house()
    early, late = at.process(), at.process()
    await early.calls(SMALL)
    await late.calls(SMALL, NO_KEY)
    await early.trouble.run()
    await at.process().trouble.run()
    assert at.told() == [DEAD_KEY]
    at.clock.advance(SURE_AFTER)
    await early.calls(SMALL)
    await late.trouble.run()
    await late.calls(OTHER)
    assert at.told() == [DEAD_KEY, AGAIN]


async def test_a_process_that_starts_again_does_not_tell_it_again() -> None:
    at = await house()
    for _ in range(3):
        await at.process().calls(SMALL, NO_KEY)
    assert at.told() == [DEAD_KEY]


async def test_an_answer_that_costs_nothing_does_not_prove_that_there_is_money() -> None:
    at = await house()
    process = at.process()
    for failure in (NO_FUNDS, NO_FUNDS):
        await process.calls(SMALL, failure)
        at.clock.advance(SURE_AFTER)
        await process.calls(FREE)
    assert len(at.told()) == 1
    await process.calls(SMALL)
    assert at.told()[1:] == [AGAIN]


async def test_an_answer_that_costs_nothing_proves_that_the_key_is_good() -> None:
    at = await house()
    process = at.process()
    await process.calls(SMALL, NO_KEY)
    at.clock.advance(SURE_AFTER)
    await process.calls(FREE)
    assert at.told() == [DEAD_KEY, AGAIN]


async def test_that_all_is_well_is_no_news() -> None:
    at = await house()
    await at.process().calls(SMALL)
    assert at.told() == []
