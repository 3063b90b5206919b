"""Who is forgotten leaves amounts and a hash; who comes back in time is who they were."""

from datetime import UTC, datetime

from core.operations import Concluded, Reason, RequestState
from core.policy import Setting
from core.rows import (
    ActRow,
    BudgetRequestRow,
    ForgottenRow,
    IdentityRow,
    MemberRow,
    NoticeRow,
    PolicyRow,
    Row,
)
from tests.bookkeeping import (
    ask_settled,
    ask_with_hold,
    claim,
    conclude,
    digest_of,
    enrol,
    freeze,
    hold,
    in_flight,
    line,
    month,
    month_limit,
    rule,
    settle,
)
from tests.core.ledger.conftest import Ledger
from tests.forgetting import erase_traces, forget, let_go, welcome

HASH = digest_of("test:team/anna")
END_OF_MONTH_MS = int(datetime(2026, 12, 1, tzinfo=UTC).timestamp() * 1000)
MONTH_SECONDS = 11 * 86_400


def member(ledger: Ledger, member_id: str = "anna") -> MemberRow:
    """A member as the books have them."""
    return ledger.one(MemberRow, member_id)


async def test_of_two_welcomes_at_once_one_is_told(ledger: Ledger) -> None:
    assert await ledger.apply(welcome("one")) == Concluded()
    assert await ledger.refusal(welcome("two")) is Reason.UNCHANGED
    assert await ledger.refusal(welcome("nobody", "zoe")) is Reason.NOT_FOUND
    assert await ledger.refusal(welcome("other", wallet_id="wal2")) is Reason.NOT_FOUND


async def test_name_and_identity_go_and_a_hash_stays_until_nothing_counts(ledger: Ledger) -> None:
    assert await ledger.apply(forget("bye")) == Concluded()
    gone = member(ledger)
    assert (gone.display_name, gone.admin, gone.forgotten_at_ms > 0) == ("", 0, True)
    assert ledger.books.rows(IdentityRow) == []
    assert ledger.books.rows(ForgottenRow) == [ForgottenRow(id=HASH, member_id="anna", until_ms=END_OF_MONTH_MS)]
    act = ledger.one(ActRow, "bye")
    assert (act.kind, act.actor, act.subject, act.words) == ("forget", "anna", "anna", "")


async def test_a_week_that_goes_on_into_the_next_month_counts_to_its_end(ledger: Ledger) -> None:
    ledger.clock.advance(9 * 86_400)  # Monday, 30 November
    await ledger.apply(forget("bye"))
    (left,) = ledger.books.rows(ForgottenRow)
    assert datetime.fromtimestamp(left.until_ms / 1000, UTC) == datetime(2026, 12, 7, tzinfo=UTC)


async def test_what_was_booked_and_what_is_set_stays(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 40, 10, month(50))
    await ledger.apply(month_limit("limit", 50, "anna"))
    kinds: tuple[type[Row], ...] = (MemberRow, IdentityRow, ForgottenRow, ActRow)
    before = [row for row in ledger.everything() if not isinstance(row, kinds) and row.table != "operation"]
    await ledger.apply(forget("bye"))
    assert before == [row for row in ledger.everything() if not isinstance(row, kinds) and row.table != "operation"]
    assert "member:anna" in [row.target for row in ledger.books.rows(PolicyRow)]


async def test_not_while_an_ask_of_theirs_holds_money(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 40, in_flight(3))
    assert await ledger.refusal(forget("bye")) is Reason.NOT_DUE
    await ledger.apply(settle("a", line(5)))
    assert await ledger.apply(forget("bye")) == Concluded()
    assert await ledger.refusal(forget("again")) is Reason.UNCHANGED


async def test_only_of_this_wallet_and_only_their_own_identities(ledger: Ledger) -> None:
    await ledger.apply(enrol("ben"))
    assert await ledger.refusal(forget("bye", wallet_id="wal2")) is Reason.NOT_FOUND
    assert await ledger.refusal(forget("bye", "zoe")) is Reason.NOT_FOUND
    await ledger.apply(forget("bye", identities=(("test:team/ben", "#ben"),)))
    assert "test:team/ben" in [row.id for row in ledger.books.rows(IdentityRow)]


async def test_nobody_but_an_admin_of_the_team_has_somebody_else_forgotten(ledger: Ledger) -> None:
    for op in (enrol("ben"), enrol("zoe", team="others", admin=True)):
        await ledger.apply(op)
    for actor in ("ben", "zoe", "nobody"):  # Zoe's team shares the wallet
        assert await ledger.refusal(forget("bye", actor=actor)) is Reason.NOT_ADMIN
    assert await ledger.apply(forget("bens", "ben", actor="anna")) == Concluded()
    assert await ledger.refusal(forget("bye", actor="ben")) is Reason.NOT_ADMIN
    assert await ledger.apply(forget("bye", actor="operator")) == Concluded()


async def test_an_ask_that_was_waiting_when_they_were_forgotten_gets_no_money(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(forget("bye"))
    assert await ledger.refusal(hold("a", 10)) is Reason.SUSPENDED


async def test_who_comes_back_in_time_is_who_they_were(ledger: Ledger) -> None:
    await ledger.apply(welcome("hello"))
    await ask_settled(ledger.books, "a", 40, 10, month(50))
    await ledger.apply(forget("bye"))
    back = await ledger.apply(enrol("anna", id="back", member_id="anna-2", admin=False))
    known = member(ledger)
    assert (back.member_id, known.display_name, known.forgotten_at_ms, known.welcomed_at_ms) == ("anna", "Anna", 0, 0)
    assert known.admin == 0
    assert ledger.books.rows(ForgottenRow) == []
    assert ledger.counter(month(50)) == (10, 0)


async def test_who_is_frozen_comes_back_frozen_even_when_the_month_is_over(ledger: Ledger) -> None:
    await ledger.apply(freeze("pause", "anna"))
    await ledger.apply(forget("bye"))
    ledger.clock.advance(MONTH_SECONDS)
    assert await ledger.refusal(let_go("sweep")) is Reason.NOT_DUE
    assert (await ledger.apply(enrol("anna", id="back", member_id="anna-2"))).member_id == "anna"
    assert member(ledger).frozen


async def test_whom_an_admin_denied_by_name_comes_back_denied_until_they_are_allowed(ledger: Ledger) -> None:
    for op in (enrol("ben", admin=True), rule("no", "member:anna", Setting.MAY_ASK, "deny", actor="ben")):
        await ledger.apply(op)
    await ledger.apply(forget("bye"))
    ledger.clock.advance(MONTH_SECONDS)
    assert await ledger.refusal(let_go("sweep")) is Reason.NOT_DUE
    assert (await ledger.apply(enrol("anna", id="back", member_id="anna-2"))).member_id == "anna"
    await ledger.apply(forget("again"))
    ledger.clock.advance(4 * MONTH_SECONDS)
    await ledger.apply(rule("yes", "member:anna", Setting.MAY_ASK, "allow", actor="ben"))
    assert await ledger.apply(let_go("later")) == Concluded()


async def test_who_comes_back_after_that_is_somebody_new(ledger: Ledger) -> None:
    await ledger.apply(forget("bye"))
    assert await ledger.refusal(let_go("early")) is Reason.NOT_DUE
    ledger.clock.advance(MONTH_SECONDS)
    assert await ledger.refusal(let_go("other", wallet_id="wal2")) is Reason.NOT_FOUND
    assert await ledger.apply(let_go("sweep")) == Concluded()
    assert await ledger.refusal(let_go("twice")) is Reason.NOT_FOUND
    assert (await ledger.apply(enrol("anna", id="back", member_id="anna-2"))).member_id == "anna-2"


async def test_a_hash_whose_time_is_over_brings_nobody_back_before_the_sweep_comes(ledger: Ledger) -> None:
    await ledger.apply(forget("bye"))
    ledger.clock.advance(MONTH_SECONDS)
    assert (await ledger.apply(enrol("anna", id="back", member_id="anna-2"))).member_id == "anna-2"
    assert ledger.books.rows(ForgottenRow) == []


async def test_traces_are_erased_of_what_is_theirs_and_over(ledger: Ledger) -> None:
    await ledger.apply(enrol("ben"))
    for ask, whose in (("over", "anna"), ("runs", "anna"), ("bens", "ben")):
        await ledger.apply(claim(ask, member=whose, thread="t1"))
    for ask in ("over", "bens"):
        await ledger.apply(conclude(ask, RequestState.AWAITING))
    for row_id, whose in (("hers", "anna"), ("his", "ben")):
        ledger.books.has(NoticeRow(id=row_id, team_id="team", kind="k", words="w", at_ms=1, member_id=whose))
        ledger.books.has(
            BudgetRequestRow(
                id=row_id,
                team_id="team",
                member_id=whose,
                counter_id="",
                label="",
                amount_nanos=1,
                reason="because",
                ask_id="",
                state="open",
                asked_at_ms=1,
                expires_at_ms=0,
            )
        )
    both = ("hers", "his")
    everything = erase_traces("e", asks=("over", "runs", "bens"), notices=both, budget_requests=both)
    assert await ledger.apply(everything) == Concluded()
    asks = {ask: ledger.request(ask) for ask in ("over", "runs", "bens")}
    assert {ask: row.channel for ask, row in asks.items()} == {"over": "", "runs": "general", "bens": "general"}
    assert (asks["over"].thread, asks["over"].delivered_at_ms > 0) == ("", True)
    assert [ledger.kept(ask).question for ask in asks] == [b"", b"sealed question", b"sealed question"]
    assert [row.words for row in ledger.books.rows(NoticeRow)] == ["", "w"]
    assert [row.reason for row in ledger.books.rows(BudgetRequestRow)] == ["", "because"]
