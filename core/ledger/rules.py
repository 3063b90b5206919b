"""The team's rules: what admins set, and what members set for themselves."""

from core.columns import changed
from core.ledger.in_force import entries_of, policy_from
from core.operations import Concluded, Reason, Refused, SetRule
from core.page import Page, Wanted
from core.policy import Policy, Ruled, can_be_set, policy_id
from core.quota import SetBy
from core.rows import ActRow, PolicyRow, Row, TeamRow


def set_rule(op: SetRule, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Set one thing for one target, or take it away."""
    team = page.get(TeamRow, op.team_id)
    if team is None or team.wallet_id != op.wallet_id:
        return Refused(reason=Reason.NOT_FOUND), []
    if op.value and not can_be_set(op.target, op.setting, op.value):
        return Refused(reason=Reason.NO_SUCH_RULE), []
    row_id = policy_id(op.team_id, op.target)
    row = page.get(PolicyRow, row_id)
    entries = dict(policy_from(row.target, row.entries).entries) if row is not None else {}
    known = entries.pop(op.setting, None)
    if op.value == (known.value if known is not None else ""):
        return Refused(reason=Reason.UNCHANGED), []
    if op.value:
        entries[op.setting] = Ruled(op.value, SetBy(op.target, op.actor, now_ms))
    told = entries_of(Policy(op.target, entries))
    written = (
        PolicyRow(id=row_id, team_id=op.team_id, target=op.target, entries=told)
        if row is None
        else changed(row, entries=told)
    )
    act = ActRow(
        id=op.id,
        team_id=op.team_id,
        actor=op.actor,
        kind="rule",
        words=f"{op.setting} {op.value}".strip(),
        at_ms=now_ms,
        subject=op.target,
    )
    return Concluded(), [written, act]


def rule_wants(op: SetRule, page: Page) -> Wanted:
    """Rows that `set_rule` reads, beside the wallet."""
    del page
    return [(TeamRow, op.team_id), (PolicyRow, policy_id(op.team_id, op.target))]
