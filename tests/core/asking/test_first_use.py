"""Before somebody's first ask, once: where it goes, what it costs, who sees what."""

import asyncio
from dataclasses import replace

from core.events import Finished, FirstUse, Quoted, Refused
from core.policy import Setting, member_target
from core.routing.rules import Rules
from core.rows import MemberRow
from tests.bookkeeping import rule
from tests.core.asking.house import ANNA, BEN, SETTINGS, Desk, a_desk, kinds
from tests.fakes import ScriptedProvider, a_model

NEW = replace(ANNA, welcomed=False)


def welcomed(desk: Desk, member_id: str = "anna") -> int:
    """When somebody was told, as the books have it."""
    return next(row.welcomed_at_ms for row in desk.books.rows(MemberRow) if row.id == member_id)


async def test_a_first_ask_is_preceded_by_the_notice_and_goes_on() -> None:
    desk = await a_desk()
    events = await desk.hear(member=NEW)
    assert kinds(events)[:2] == ["FirstUse", "Started"] and isinstance(events[-1], Finished)
    assert welcomed(desk)


async def test_of_many_first_asks_at_once_one_has_it() -> None:
    desk = await a_desk()
    heard = await asyncio.gather(*(desk.hear(member=NEW) for _ in range(3)))
    assert sorted(kinds(events).count("FirstUse") for events in heard) == [0, 0, 1]


async def test_a_price_alone_is_no_ask_yet() -> None:
    desk = await a_desk()
    (quoted,) = await desk.hear(member=NEW, quote_only=True)
    assert isinstance(quoted, Quoted) and not welcomed(desk)
    pressed = await desk.hear(member=NEW, resumes=quoted.press, pressed_nanos=quoted.recommended.at_most_nanos)
    assert kinds(pressed)[0] == "FirstUse"


async def test_who_may_not_ask_is_told_that_and_nothing_else() -> None:
    desk = await a_desk()
    await desk.books.apply(rule("no", member_target("ben"), Setting.MAY_ASK, "deny"))
    events = await desk.hear(member=replace(BEN, welcomed=False))
    assert kinds(events) == ["Refused"] and isinstance(events[-1], Refused) and not welcomed(desk, "ben")


async def test_it_says_where_questions_go_under_the_rules_what_they_cost_and_who_sees_what() -> None:
    models = (
        a_model(id="a", provider="acme", provider_title="Acme", region="us"),
        a_model(id="b", provider="bolt", provider_title="Bolt", region="eu"),
        a_model(id="c", provider="core", provider_title="Core"),
    )
    desk = await a_desk(models=models, settings=replace(SETTINGS, rules=Rules(ignore=("core",))))
    told = (await desk.hear(member=NEW))[0]
    assert isinstance(told, FirstUse)
    assert told.lines == (
        "Before your first question, once:",
        "  Your question goes to one of: Acme (in the United States), Bolt (in the European Union).",
        "  Your team's wallet pays for each question by itself; the price stands under every answer. You are asked "
        "before one may cost more than $1.00, and one that fails is not charged.",
        "  You can use up to $5.00 a month.",
        "  Admins see what you spend, not what you ask; public channels stay public.",
        "  /mydata shows what is known about you, /forget erases your name.",
    )


async def test_a_notice_needs_no_provider() -> None:
    desk = await a_desk(ScriptedProvider(()), models=())
    events = await desk.hear(member=NEW)
    assert isinstance(events[0], FirstUse) and "goes nowhere" in events[0].lines[1]
