"""A team joins another one: what was set for places that both have binds as much as before."""

from typing import Any

from core.operations import Concluded, JoinTeams, LinkKind
from core.policy import Setting, channel_target
from core.rows import PolicyRow
from tests.bookkeeping import enrol, rule
from tests.core.ledger.conftest import Ledger
from tests.linking import DISCORD, SLACK, agree, give, typed

THEIRS: dict[str, Any] = {"team_id": "guild", "wallet_id": "wal2"}
TEAMS: dict[str, Any] = {"kind": LinkKind.TEAMS, "by_right": True}


async def test_of_a_channel_that_both_have_the_stricter_rule_stays(ledger: Ledger) -> None:
    """Two workspaces may share a channel: whoever joins lifts nothing that the other team set for it."""
    await ledger.apply(enrol("zoe", team="guild", wallet="wal2", admin=True))
    shared = channel_target("slack", "C1")
    await ledger.apply(rule("1", shared, Setting.CHANNEL_MONTH, "10"))
    await ledger.apply(rule("2", shared, Setting.MAY_ASK, "deny"))
    await ledger.apply(rule("3", shared, Setting.CHANNEL_MONTH, "900", actor="zoe", **THEIRS))
    await ledger.apply(rule("4", shared, Setting.CHANNEL_DAY, "5", actor="zoe", **THEIRS))
    await ledger.apply(give("5", place=SLACK, **TEAMS))
    await ledger.apply(typed("6", "zoe", place=DISCORD, **THEIRS, **TEAMS))
    await ledger.apply(agree("7", "zoe", by_right=True, **THEIRS))
    join = JoinTeams(
        id="8",
        wallet_id="wal",
        link_id="code",
        team_id="team",
        joining_id="guild",
        joining_wallet_id="wal2",
        member_id="anna",
        actor="anna",
        members=("zoe",),
        targets=(shared,),
        by_right=True,
    )
    assert await ledger.apply(join) == Concluded()
    [entries] = [row.entries for row in ledger.books.rows(PolicyRow) if row.target == shared]
    assert '"10"' in entries and '"5"' in entries and '"deny"' in entries and '"900"' not in entries
