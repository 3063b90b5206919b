"""What several rules at once leave room for: team, role, channel, member, own limit, grant, carry-over, pause.

Each line says what is set, what was used and who asks, and the most that still fits: one more never does.
"""

from typing import Any

import pytest
import pytest_asyncio

from core.columns import changed
from core.operations import Held, Reason, Refused
from core.people import Asker, Standing
from core.policy import EVERYONE, Setting, channel_target, member_target, own_target, role_target
from core.rows import CounterRow, MemberRow
from tests.bookkeeping import AT_MS, claim, freeze, hold, line, release, rule, settle, top_up
from tests.core.ledger.conftest import Ledger

DAY_MS = 86_400_000
IN_DECEMBER_MS = AT_MS + 10 * DAY_MS
WHO = {
    "team": EVERYONE,
    "guests": "guests",
    "design": role_target("test:design"),
    "leads": role_target("test:leads"),
    "channel": channel_target("test", "general"),
    "anna": member_target("anna"),
    "own": own_target("anna"),
}
DESIGN = Asker(roles=("test:design",))
BOTH = Asker(roles=("test:design", "test:leads"))
GUEST = Asker(standing=Standing.GUEST)
NOBODY = Asker()
MONTH, DAY, ASK, CARRY = Setting.MONTH, Setting.DAY, Setting.ASK, Setting.CARRY_OVER
MAY_ASK, CHANNEL_DAY, THREAD = Setting.MAY_ASK, Setting.CHANNEL_DAY, Setting.THREAD

Rules = dict[tuple[str, Setting], int | str]

FITS: list[tuple[str, Rules, Asker, dict[str, int], int]] = [
    ("the team's", {("team", MONTH): 50}, NOBODY, {}, 50),
    ("what was used counts", {("team", MONTH): 50}, NOBODY, {"used": 20}, 30),
    ("nothing at the limit", {("team", MONTH): 50}, NOBODY, {"used": 50}, 0),
    ("a role's", {("team", MONTH): 50, ("design", MONTH): 60}, DESIGN, {}, 60),
    ("a role's may be lower", {("team", MONTH): 50, ("design", MONTH): 40}, DESIGN, {}, 40),
    ("not of who has no role", {("team", MONTH): 50, ("design", MONTH): 60}, NOBODY, {}, 50),
    ("of two the more generous", {("design", MONTH): 60, ("leads", MONTH): 70}, BOTH, {}, 70),
    ("the channel's before a role's", {("design", MONTH): 60, ("channel", MONTH): 20}, DESIGN, {}, 20),
    ("the member's before the channel's", {("channel", MONTH): 20, ("anna", MONTH): 45}, DESIGN, {}, 45),
    ("no limit for the member", {("team", MONTH): 50, ("anna", MONTH): "none"}, NOBODY, {}, 1_000),
    ("their own, lower", {("team", MONTH): 50, ("own", MONTH): 10}, NOBODY, {}, 10),
    ("their own, higher", {("team", MONTH): 50, ("own", MONTH): 80}, NOBODY, {}, 50),
    ("their own, the same", {("team", MONTH): 50, ("own", MONTH): 50}, NOBODY, {}, 50),
    ("their own where there is none", {("team", MONTH): "none", ("own", MONTH): 10}, NOBODY, {"used": 4}, 6),
    ("the lowest of day and month", {("team", MONTH): 50, ("anna", DAY): 5}, NOBODY, {}, 5),
    ("the month where a day has more", {("team", MONTH): 50, ("anna", DAY): 60}, NOBODY, {"used": 45}, 5),
    ("one ask's", {("team", MONTH): 50, ("team", ASK): 7}, NOBODY, {}, 7),
    ("one ask's own", {("team", ASK): 7, ("own", ASK): 3}, NOBODY, {}, 3),
    ("the whole channel's", {("team", MONTH): 50, ("channel", CHANNEL_DAY): 9}, DESIGN, {}, 9),
    ("a thread's", {("team", MONTH): 50, ("team", THREAD): 8}, NOBODY, {}, 8),
    ("guests let in", {("guests", MAY_ASK): "allow", ("guests", MONTH): 4}, GUEST, {}, 4),
    ("guests without a limit of theirs", {("guests", MAY_ASK): "allow", ("team", MONTH): 50}, GUEST, {}, 50),
    ("granted", {("team", MONTH): 50}, NOBODY, {"used": 50, "granted": 20}, 20),
    ("granted on a role's", {("team", MONTH): 50, ("design", MONTH): 60}, DESIGN, {"granted": 5}, 65),
    ("granted, but their own holds", {("team", MONTH): 50, ("own", MONTH): 30}, NOBODY, {"granted": 20}, 30),
    ("carried over", {("team", MONTH): 50, ("team", CARRY): 30}, NOBODY, {"before": 40}, 60),
    ("carried over up to the cap", {("team", MONTH): 50, ("team", CARRY): 30}, NOBODY, {"before": 5}, 80),
    ("nothing left to carry", {("team", MONTH): 50, ("team", CARRY): 30}, NOBODY, {"before": 50}, 50),
    ("carried for one only", {("team", MONTH): 50, ("anna", CARRY): 10}, NOBODY, {"before": 5}, 60),
    ("not carried for one", {("team", CARRY): 30, ("team", MONTH): 50, ("anna", CARRY): 0}, NOBODY, {"before": 5}, 50),
    ("carried and granted", {("team", MONTH): 50, ("team", CARRY): 30}, NOBODY, {"before": 40, "granted": 7}, 67),
    (
        "carried and granted, but their own holds",
        {("team", MONTH): 50, ("team", CARRY): 30, ("own", MONTH): 55},
        NOBODY,
        {"before": 40, "granted": 7},
        55,
    ),
]


@pytest_asyncio.fixture
async def ledger(ledger: Ledger) -> Ledger:
    """Anna, of a team with enough of everything, came before this month."""
    await ledger.apply(top_up("plenty", 900))
    ledger.books.has(changed(ledger.one(MemberRow, "anna"), created_at_ms=AT_MS - 40 * DAY_MS))
    return ledger


async def lay_down(ledger: Ledger, rules: Rules) -> None:
    """Set all of it."""
    for (who, setting), value in rules.items():
        await ledger.apply(rule(f"{who} {setting}", WHO[who], setting, str(value)))


async def spend(ledger: Ledger, ask: str, nanos: int, **fields: Any) -> None:
    """A question that cost so much."""
    await ledger.apply(claim(ask, channel="elsewhere"))
    assert isinstance(await ledger.apply(hold(ask, nanos, **fields)), Held)
    await ledger.apply(settle(ask, line(nanos)))


@pytest.mark.parametrize(("rules", "asker", "known", "fits"), [pytest.param(*row[1:], id=row[0]) for row in FITS])
async def test_what_fits(ledger: Ledger, rules: Rules, asker: Asker, known: dict[str, int], fits: int) -> None:
    if (team := ("team", Setting.MONTH)) not in rules:
        rules = {team: 50, **rules}
    await lay_down(ledger, {team: rules[team]})
    now: dict[str, Any] = {"asker": asker, "at_ms": IN_DECEMBER_MS}
    if before := known.get("before"):
        await spend(ledger, "before", before)
    if used := known.get("used"):
        await spend(ledger, "used", used, at_ms=IN_DECEMBER_MS)
    if granted := known.get("granted"):
        counter = CounterRow(
            id="member_month:anna:2026-12", wallet_id="wal", scope="member_month", subject="anna", label="2026-12"
        )
        there = [row for row in ledger.books.rows(CounterRow) if row.id == counter.id]
        ledger.books.has(changed(there[0] if there else counter, granted=granted))
    await lay_down(ledger, {each: value for each, value in rules.items() if each != team})
    await ledger.apply(claim("most", thread="t"))
    if fits:
        held = await ledger.apply(hold("most", 2_000, least=1, **now))
        assert isinstance(held, Held), held
        assert held.amount_nanos == fits
        await ledger.apply(release("most"))
    await ledger.apply(claim("more", thread="t"))
    assert isinstance(await ledger.apply(hold("more", fits + 1, **now)), Refused)
    if fits:
        assert isinstance(await ledger.apply(hold("more", fits, **now)), Held)


@pytest.mark.parametrize(
    ("rules", "asker", "frozen", "reason"),
    [
        ({}, GUEST, None, Reason.MAY_NOT_ASK),
        ({("team", MAY_ASK): "deny"}, NOBODY, None, Reason.MAY_NOT_ASK),
        ({("team", MAY_ASK): "deny", ("design", MAY_ASK): "allow"}, NOBODY, None, Reason.MAY_NOT_ASK),
        ({("channel", MAY_ASK): "deny", ("design", MAY_ASK): "allow"}, DESIGN, None, Reason.MAY_NOT_ASK),
        ({("team", Setting.MODELS): "other"}, NOBODY, None, Reason.MODEL_NOT_ALLOWED),
        ({("team", Setting.MODELS): "acme", ("channel", Setting.MODELS): "b"}, NOBODY, None, Reason.MODEL_NOT_ALLOWED),
        ({("anna", MAY_ASK): "allow"}, NOBODY, "", Reason.FROZEN),
        ({("anna", MAY_ASK): "allow", ("anna", MONTH): "none"}, NOBODY, "anna", Reason.MEMBER_FROZEN),
    ],
)
async def test_who_gets_nothing_whatever_fits(
    ledger: Ledger, rules: Rules, asker: Asker, frozen: str | None, reason: Reason
) -> None:
    await lay_down(ledger, rules)
    if frozen is not None:
        await ledger.apply(freeze("freeze", frozen))
    await ledger.apply(claim("a"))
    assert await ledger.refusal(hold("a", 1, asker=asker)) is reason


@pytest.mark.parametrize(
    ("rules", "asker"),
    [
        ({("guests", MAY_ASK): "allow"}, GUEST),
        ({("team", MAY_ASK): "deny", ("design", MAY_ASK): "allow"}, DESIGN),
        ({("team", MAY_ASK): "deny", ("channel", MAY_ASK): "allow"}, NOBODY),
        ({("channel", MAY_ASK): "deny", ("anna", MAY_ASK): "allow"}, NOBODY),
        ({("team", Setting.MODELS): "other", ("design", Setting.MODELS): "acme"}, DESIGN),
        ({("team", Setting.MODELS): "other", ("anna", Setting.MODELS): "acme-1"}, NOBODY),
        ({("channel", Setting.MODELS): "other", ("anna", Setting.MODELS): "all"}, NOBODY),
    ],
)
async def test_who_is_let_in(ledger: Ledger, rules: Rules, asker: Asker) -> None:
    await lay_down(ledger, rules)
    await ledger.apply(claim("a"))
    assert isinstance(await ledger.apply(hold("a", 1, asker=asker)), Held)
