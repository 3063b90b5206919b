"""The rules that are set for accounts by name, as they are when those become one person, or part."""

from collections.abc import Iterable, Sequence

from core.columns import changed
from core.ledger.policy_rows import entries_of, policy_from
from core.page import Change, Gone, Page
from core.policy import (
    DENY,
    EVERYONE,
    SWITCHES,
    Entries,
    Policy,
    Ruled,
    Setting,
    member_target,
    own_target,
    policy_id,
    stricter,
)
from core.rows import PolicyRow


def rules_for(accounts: Iterable[str], told_of: Sequence[str], team_id: str, page: Page) -> list[Change]:
    """What is set for each of `accounts` from now on: of all that is set for `told_of`, the stricter."""
    changes: list[Change] = []
    for target_of in (member_target, own_target):
        entries = strictest(_entries(policy_id(team_id, target_of(each)), page) for each in told_of)
        for account in accounts:
            changes += _set(team_id, target_of(account), entries, page)
    return changes


def rules_apart(accounts: Iterable[str], person_id: str, team_id: str, page: Page) -> list[Change]:
    """What is set for each of `accounts` that spoke as this person: what binds the person, as far as it lets none do
    more than the team's own rules or what was set for that account itself. Else what an admin gave one would be had by
    each of them.
    """
    changes: list[Change] = []
    for target_of in (member_target, own_target):
        of_person = _entries(policy_id(team_id, target_of(person_id)), page)
        of_team = _entries(policy_id(team_id, EVERYONE), page)
        for account in accounts:
            own = _entries(policy_id(team_id, target_of(account)), page)
            entries = {
                setting: ruled
                for setting, said in of_person.items()
                if (ruled := _no_more_than(setting, said, own.get(setting) or of_team.get(setting))) is not None
            }
            changes += _set(team_id, target_of(account), entries, page)
    return changes


def _no_more_than(setting: Setting, said: Ruled, otherwise: Ruled | None) -> Ruled | None:
    """The stricter of both; where nothing else is said, what takes something away."""
    if otherwise is not None:
        return stricter(setting, said, otherwise)
    gives = setting is Setting.CARRY_OVER or (setting in SWITCHES and said.value != DENY)
    return None if gives else said


def _entries(row_id: str, page: Page) -> Entries:
    row = page.get(PolicyRow, row_id)
    return policy_from(row.target, row.entries).entries if row is not None else {}


def strictest(said: Iterable[Entries]) -> Entries:
    """All that is set, and of what is set several times what lets people do least."""
    together: Entries = {}
    for entries in said:
        both = {
            setting: stricter(setting, together[setting], ruled)
            for setting, ruled in entries.items()
            if setting in together
        }
        together = {**together, **entries, **both}
    return together


def _set(team_id: str, target: str, entries: Entries, page: Page) -> list[Change]:
    row_id = policy_id(team_id, target)
    known, text = page.get(PolicyRow, row_id), entries_of(Policy(target, entries))
    if not entries:
        return [] if known is None else [Gone(known)]
    if known is not None:
        return [] if known.entries == text else [changed(known, entries=text)]
    return [PolicyRow(id=row_id, team_id=team_id, target=target, entries=text)]
