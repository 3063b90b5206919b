"""A team joins another one: from then on both are one, with one wallet. docs/decisions/0035.

Only a team that has no money and has asked nothing: nothing of its own has to be moved but who is in it, and its rules.
"""

from core.columns import changed
from core.ledger.links import why_not_agreed
from core.ledger.policy_rows import entries_of, policy_from
from core.ledger.rights import is_admin
from core.ledger.rules_of_one import strictest
from core.operations import Concluded, JoinTeams, LinkKind, LinkState, Reason, Refused
from core.page import Change, Gone, Page, Wanted
from core.policy import Policy, TargetKind, kind_of, policy_id
from core.quota import Scope, counter_id_of
from core.rows import (
    ActRow,
    CounterRow,
    KeptPressRow,
    LinkRow,
    MemberRow,
    PolicyRow,
    PreferenceRow,
    TeamRow,
    WalletRow,
    WorkspaceRow,
)

GOES_ALONG = (TargetKind.ROLE, TargetKind.CHANNEL, TargetKind.MEMBER, TargetKind.OWN)
"""What is set for these goes along: they are of one platform, or one person. What is set for everybody ends."""


def join_teams(op: JoinTeams, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Change]]:
    """Let everybody of one team be of the other, with what is set for them by name."""
    link, team, joining = page.get(LinkRow, op.link_id), page.get(TeamRow, op.team_id), page.get(TeamRow, op.joining_id)
    if link is None or team is None or joining is None or link.kind != LinkKind.TEAMS:
        return Refused(reason=Reason.NOT_FOUND), []
    named = (link.team_id, link.typed_team, team.wallet_id, joining.wallet_id)
    if named != (team.id, joining.id, op.wallet_id, op.joining_wallet_id) or team.part_of:
        return Refused(reason=Reason.NOT_FOUND), []
    if not (op.by_right or is_admin(op.member_id, op.team_id, page)):
        return Refused(reason=Reason.NOT_ADMIN), []
    moved = _moved(op, page)
    if joining.part_of == team.id:  # who came while it was done
        return (Concluded(), moved) if moved else (Refused(reason=Reason.UNCHANGED), [])
    if (reason := why_not_agreed(link, now_ms) or _why_not(op, team, joining, page)) is not None:
        return Refused(reason=reason), []
    act = ActRow(
        id=op.id,
        team_id=team.id,
        actor=op.actor,
        kind="team_link",
        words=joining.name,
        at_ms=now_ms,
        subject=joining.id,
    )
    now = [changed(joining, part_of=team.id), changed(link, state=LinkState.JOINED)]
    return Concluded(), [*now, *moved, act]


def _why_not(op: JoinTeams, team: TeamRow, joining: TeamRow, page: Page) -> Reason | None:
    if joining.part_of or team.demo or joining.demo or joining.wallet_id == team.wallet_id:
        return Reason.OTHER_KIND
    if team.frozen or joining.frozen:
        return Reason.FROZEN
    wallet = page.get(WalletRow, joining.wallet_id)
    counters = (page.get(CounterRow, _in_flight(each)) for each in op.members)
    if wallet is None or wallet.available_nanos or wallet.held_nanos or any(each is not None for each in counters):
        return Reason.NOTHING_LEFT
    return None


def _moved(op: JoinTeams, page: Page) -> list[Change]:
    """All that is the joining team's still, and goes along."""
    changes: list[Change] = []
    for member_id in op.members:
        member, liked = page.get(MemberRow, member_id), page.get(PreferenceRow, member_id)
        for row in (member, liked):
            if row is not None and row.team_id == op.joining_id:
                changes.append(changed(row, team_id=op.team_id))
    for press_id in op.presses:
        press = page.get(KeptPressRow, press_id)
        if press is not None and press.team_id == op.joining_id:
            changes.append(changed(press, team_id=op.team_id))
    for workspace_id in op.workspaces:
        workspace = page.get(WorkspaceRow, workspace_id)
        if workspace is not None and workspace.team_id == op.joining_id:
            changes.append(changed(workspace, team_id=op.team_id))
    for target in op.targets:
        said = page.get(PolicyRow, policy_id(op.joining_id, target))
        if said is not None and kind_of(target) in GOES_ALONG:
            now = PolicyRow(id=policy_id(op.team_id, target), team_id=op.team_id, target=target, entries=said.entries)
            known = page.get(PolicyRow, now.id)  # of a channel that both workspaces have
            changes += [Gone(said), now if known is None else changed(known, entries=_stricter(known, said))]
    return changes


def _stricter(one: PolicyRow, other: PolicyRow) -> str:
    rules = (policy_from(row.target, row.entries).entries for row in (one, other))
    return entries_of(Policy(one.target, strictest(rules)))


def _in_flight(member_id: str) -> str:
    """The counter that every hold of a member takes: without it they never held anything."""
    return counter_id_of(Scope.MEMBER_IN_FLIGHT, member_id, "")


def join_teams_wants(op: JoinTeams, page: Page) -> Wanted:
    """Rows that `join_teams` reads, beside the wallets."""
    del page
    wanted: Wanted = [(LinkRow, op.link_id), (TeamRow, op.team_id), (TeamRow, op.joining_id)]
    wanted += [(WalletRow, op.joining_wallet_id), (MemberRow, op.member_id)]
    for member_id in op.members:
        wanted += [(MemberRow, member_id), (PreferenceRow, member_id), (CounterRow, _in_flight(member_id))]
    wanted += [(WorkspaceRow, each) for each in op.workspaces]
    wanted += [(KeptPressRow, each) for each in op.presses]
    for target in op.targets:
        wanted += [(PolicyRow, policy_id(team, target)) for team in (op.team_id, op.joining_id)]
    return wanted
