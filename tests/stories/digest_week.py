"""Five weeks of a team that nobody wrote by hand: asks drawn by a seed, booked as asks are, told by the real digest.

`the_week` is what the digest of the fifth week posts: the words and the chart that every chat shows. It is kept in
docs/pictures/digest/week.json, and `post` gives what is kept to a running Chipin, to be told as any digest is.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.llm.catalogue import load_catalogue
from bot.wiring import App
from core.chart import chart_from
from core.models import AUTO, Model
from core.operations import Concluded, PostDigest, RequestState, Thumb
from core.prices import Usage, cost
from core.receipt import PricedLine
from core.reports import VariantReport
from core.routing.variants import CONTROL
from core.rows import NoticeRow, RequestRow
from core.text.bars import chart_lines
from tests.bookkeeping import USD, claim, enrol, hold, rate, release, settle, top_up
from tests.digesting import MemoryWallet, TeamOverWeeks
from tests.fakes import FakeClock, FixedCatalogue, MemoryBooks
from tests.stories.pictures import OF_DIGEST

KEPT = OF_DIGEST / "week.json"
SEED = 2026
ZONE = "Europe/Berlin"
BEGINS = datetime(2026, 10, 19, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""A Monday in Berlin, an hour after the digest was due."""
WEEKS = 5
BUDGET_USD = 100
PEOPLE = tuple(f"p{number:02}" for number in range(24))
WRITES_CODE_WITH_IT = "p07"
PACE = (4.2, 4.8, 5.0, 4.4, 3.4, 0.5, 0.3)
"""Asks a day of one person, from Monday on."""
GROWTH = (0.4, 0.7, 0.85, 0.9, 1.0)
"""How much of that, week by week: people find out about it."""
QUESTIONS = (("gpt-6-luna", 1, 55), ("gpt-6.1-terra", 2, 33), ("claude-opus-5.5", 3, 12))
"""The model that answers, the tier of such questions, and how many of a hundred they are."""
TAGS = (("launch", 35), ("support", 20), ("", 45))
TRIED = "short-answers"
"""An experiment on one question in five."""


@dataclass(frozen=True, slots=True)
class DrawnAsk:
    """One ask as the seed has it."""

    at: datetime
    member: str
    model: Model
    tier: int
    tokens: tuple[int, int]
    """In and out."""
    tag: str
    variant: str
    thumb: Thumb
    broke_off: bool


async def the_week() -> NoticeRow:
    """What was posted on Monday morning of the last whole week."""
    team = await _enrolled()
    asks = sorted(_drawn(), key=lambda each: each.at)
    for number in range(WEEKS):
        monday = BEGINS + timedelta(weeks=number + 1, hours=9)
        while asks and asks[0].at < monday:
            await _booked(team, f"ask{len(asks)}", asks.pop(0))
        _go_to(team, monday)
        team.wallet.arms = tuple(_arms(team.books.rows(RequestRow)))
        assert await team.digests().run() == 1
    return team.told()[-1]


def as_kept(week: NoticeRow) -> Mapping[str, Any]:
    """A week as it stands in its file."""
    return {"words": week.words.split("\n"), "chart": json.loads(week.chart)}


def in_words(week: Mapping[str, Any]) -> str:
    """A kept week as `/admin digest preview` says it."""
    return "\n".join([*week["words"], *chart_lines(chart_from(json.dumps(week["chart"])))])


async def post(app: App, workspace: str, channel: str) -> None:
    """Post the week that is kept, into a channel of a workspace: it is told with whatever else is."""
    kept = json.loads(KEPT.read_text())
    (team,) = [each for each in await app.use_cases.membership._people.teams() if not each.demo]
    posted = PostDigest(
        id="the week",
        wallet_id=team.wallet_id,
        team_id=team.id,
        label="2026-W47",
        start_ms=0,  # none of it is shown, and this is over by every clock
        end_ms=1,
        weeks=1,
        words="\n".join(kept["words"]),
        chart=json.dumps(kept["chart"]),
        workspace=workspace,
        channel=channel,
    )
    assert isinstance(await app.store.books.apply(posted), Concluded)


async def _enrolled() -> TeamOverWeeks:
    clock = FakeClock(BEGINS)
    books, models = MemoryBooks(clock), load_catalogue().models
    for name in PEOPLE:
        await books.apply(enrol(name, zone=ZONE, member_month_limit_nanos=BUDGET_USD * USD))
    await books.apply(top_up("top", BUDGET_USD * USD, actor=PEOPLE[0]))
    catalogue = FixedCatalogue(tuple(models[name] for name, *_ in QUESTIONS), {})
    return TeamOverWeeks(clock, books, MemoryWallet(books), catalogue)


def _drawn() -> Iterator[DrawnAsk]:
    """Every ask of the five weeks; the same each time."""
    chance = random.Random(SEED)
    for day in range(7 * WEEKS):
        pace = PACE[day % 7] * GROWTH[day // 7]
        for person in PEOPLE:
            asks = 4 * pace if person == WRITES_CODE_WITH_IT else chance.expovariate(1 / pace)
            for _ in range(int(asks)):
                yield _ask(chance, BEGINS + timedelta(days=day), person)


def _ask(chance: random.Random, day: datetime, person: str) -> DrawnAsk:
    (question,) = chance.choices(QUESTIONS, [of for *_, of in QUESTIONS])
    (tag,) = chance.choices([name for name, _ in TAGS], [of for _, of in TAGS])
    model, tier, _ = question
    tried, longest = chance.random() < 0.2, 90_000 if person == WRITES_CODE_WITH_IT else 9_000
    return DrawnAsk(
        at=day + timedelta(minutes=chance.randint(7 * 60, 17 * 60)),
        member=person,
        model=load_catalogue().models[model],
        tier=tier,
        tokens=(chance.randint(300, longest * tier), chance.randint(100, 500 * tier)),
        tag=tag,
        variant=chance.choice((TRIED, CONTROL + TRIED)) if tried else "",
        thumb=chance.choice((1, 1, 1, -1)) if chance.random() < 0.25 else 0,
        broke_off=chance.random() < 0.004,
    )


async def _booked(team: TeamOverWeeks, name: str, ask: DrawnAsk) -> None:
    """As an ask is: claimed, its worst case held, its price charged. What broke off without a word is not charged."""
    _go_to(team, ask.at)
    price = ask.model.price_on(NOW.date())
    assert price is not None
    usage = Usage(ask.tokens[0], output_tokens=ask.tokens[1])
    cost_nanos = cost(usage, price)
    charged = 0 if ask.broke_off else cost_nanos
    line = PricedLine(ask.model.provider, ask.model.id, usage, cost_nanos, charged, estimated=ask.broke_off)
    books = team.books
    chosen: dict[str, Any] = {"provider": ask.model.provider, "model": ask.model.id, "needed_tier": ask.tier}
    await books.apply(claim(name, member=ask.member, tag=ask.tag))
    await books.apply(hold(name, 2 * cost_nanos, route=AUTO, variant=ask.variant, at_ms=_ms(ask.at), **chosen))
    await books.apply(release(name, line) if ask.broke_off else settle(name, line))
    if ask.thumb and not ask.broke_off:
        await books.apply(rate(name, ask.thumb, member_id=ask.member))


def _arms(rows: Sequence[RequestRow]) -> Iterator[VariantReport]:
    """What the rows say of the experiment."""
    for variant in (TRIED, CONTROL + TRIED):
        asked = [row for row in rows if row.variant == variant]
        thumbs = [row.thumb for row in asked]
        yield VariantReport(
            variant,
            asks=len(asked),
            charged_nanos=sum(row.cost_nanos for row in asked),
            first_word_ms=0,
            answer_ms=0,
            thumbs_up=thumbs.count(1),
            thumbs_down=thumbs.count(-1),
            failed=sum(row.state != RequestState.SETTLED for row in asked),
        )


def _go_to(team: TeamOverWeeks, moment: datetime) -> None:
    team.clock.advance((moment - team.clock.now()).total_seconds())


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
