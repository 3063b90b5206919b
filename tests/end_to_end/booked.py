"""What the books of a running Chipin say, for tests of any chat."""

from collections.abc import Mapping
from typing import Any

from adapters.store.audit import audit
from bot.wiring import App
from core.operations import TopUp
from core.people import Member


async def requests_of(app: App) -> list[Mapping[str, Any]]:
    """What was asked, in order."""
    return await _rows(app, "SELECT * FROM request ORDER BY started_at_ms")


async def charged_nanos(app: App) -> int:
    """What all asks together cost the teams."""
    [row] = await _rows(
        app, "SELECT -COALESCE(SUM(amount_nanos), 0) AS nanos FROM entry WHERE account = 'pool' AND amount_nanos < 0"
    )
    return int(row["nanos"])


async def top_up(app: App, member: Member, key: str, nanos: int) -> None:
    """Put budget into the wallet of somebody's team."""
    team = member.team
    await app.store.books.apply(
        TopUp(id=key, wallet_id=team.wallet_id, team_id=team.id, amount_nanos=nanos, actor="test")
    )


async def assert_books_balance(app: App) -> None:
    """Every rule holds, and nothing is held."""
    report = await audit(app.store)
    assert report.violations == (), report.violations
    assert all(each["state"] != "open" for each in await _rows(app, "SELECT state FROM hold"))


async def _rows(app: App, query: str) -> list[Mapping[str, Any]]:
    async with app.store.snapshot() as session:
        connection = await session.connection()
        found = await connection.exec_driver_sql(query)
        return [dict(row) for row in found.mappings()]
