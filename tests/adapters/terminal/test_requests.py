"""Asking for more at the terminal: one command asks, one decides, and the question that waited is run."""

from core.operations import Refund
from core.rows import TopUpRow
from tests.adapters.terminal.house import House, open_house
from tests.adapters.terminal.script import Terminal
from tests.bookkeeping import rows_of


async def with_limit(terminal: Terminal, amount: str) -> None:
    await terminal.says(f"/limit everyone {amount}")
    await terminal.says("/as Anna")


async def test_refused_asked_for_approved_and_run(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await with_limit(terminal, "0")
        refused = await terminal.says("why does it deadlock?")
        assert "/request" in refused and "Not charged." in refused
        asked = await terminal.says("/request 2 a demo on Friday")
        assert asked.startswith("You asked for $2.00 more for this month. The admins are told")
        assert "You asked for that" in await terminal.says("/request 3")
        card = await terminal.says("/as you")
        assert "For admins: Anna asks for $2.00 more for this month, until 1 " in card
        assert 'The reason given: "a demo on Friday". /approve, /half or /deny decides it.' in card
        assert "1. Anna asks for $2.00 more for this month" in await terminal.says("/requests")
        approved = await terminal.says("/approve")
        assert approved.startswith("Approved: $2.00 more for this month for Anna. They are told.")
        assert "For Anna: you approved $2.00 more for this month for you, until 1 " in approved
        assert "/run asks your question now." in approved
        await terminal.says("/as Anna")
        assert "It depends." in await terminal.says("/run")
        assert len(house.provider.calls) == 1


async def test_a_plain_member_decides_nothing_and_a_number_that_is_not_there_is_none(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        assert "Nobody waits for a decision." in await terminal.says("/approve")
        assert "Nobody waits for a decision." in await terminal.says("/requests")
        await terminal.says("/as Anna")
        await terminal.says("/request")
        assert "Only admins of the team can decide requests." in await terminal.says("/approve")
        await terminal.says("/as you")
        assert "Which one?" in await terminal.says("/deny 7")
        assert await terminal.says("/deny") != ""
        assert "Nobody waits" in await terminal.says("/half")


async def test_denied_she_reads_by_whom_and_taken_back_nobody_decides(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("/as Anna")
        await terminal.says("/request 3")
        await terminal.says("/as you")
        denied = await terminal.says("/deny")
        assert "For Anna: you denied your request: $3.00 more for this month." in denied
        await terminal.says("/as Anna")
        await terminal.says("/request 4")
        assert "Taken back." in await terminal.says("/request cancel")
        assert "Nobody waits" in await terminal.says("/requests")


async def test_the_only_admin_decides_their_own_and_it_is_said(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("/request 30")
        shown = await terminal.says("/approve")
        assert "It was your own request; there is no other admin, and that is recorded." in shown


async def empty(house: House) -> None:
    """As if all of the wallet had been spent."""
    (team,), (practice,) = await house.people.teams(), await rows_of(house.store, TopUpRow)
    back = Refund(id="all", wallet_id=team.wallet_id, team_id=team.id, top_up_id=practice.id, actor="operator")
    await house.store.books.apply(back)


async def test_an_empty_wallet_is_asked_for_filled_and_everybody_runs_what_waited(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.screen.ready()
        await empty(house)
        for name in ("Anna", "Ben"):
            await terminal.says(f"/as {name}")
            refused = await terminal.says("why?")
            assert "The team wallet is empty" in refused
            assert "Ask the admins: /request 10, /request 25, /request 50" in refused
            asked = await terminal.says("/request 25")
            assert asked.startswith("You asked for $25.00 for the team wallet.")
        shown = await terminal.says("/as you")
        assert shown.count("The team wallet is empty") == 1
        funded = await terminal.says("/topup 5")
        for name in ("Anna", "Ben"):
            assert f"For {name}: The team wallet has budget again. /run asks your question now." in funded
        await terminal.says("/as Ben")
        assert "It depends." in await terminal.says("/run")
