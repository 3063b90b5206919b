"""The rows of a team's rules: what is set, who asked for more, and what was done about it."""

from dataclasses import dataclass

from core.rows.row import Row


@dataclass(frozen=True, kw_only=True)
class PolicyRow(Row):
    """What is set for one target of a team (core/policy): the team, a role, a channel, a member, or by themselves.

    The id is the team's, a space and the target. `entries` is JSON: by setting, the value, who set it and when.
    """

    table = "policy"
    team_id: str
    target: str
    entries: str


@dataclass(frozen=True, kw_only=True)
class PreferenceRow(Row):
    """What a member (the id is theirs) or a team (the id is its own) likes to have: rules bind, this only guides.

    `entries` is JSON: by name (core/preferred.py) a value.
    """

    table = "preference"
    team_id: str
    entries: str


@dataclass(frozen=True, kw_only=True)
class BudgetRequestRow(Row):
    """A member asks the admins for more.

    `counter_id` is the counter whose limit is to be raised; empty where the wallet is to be topped up. `label` and
    `expires_at_ms` are that counter's period and its end: what was granted ends with it (0: never).
    `ask_id` is the attempt that was refused for it, which can be run then; empty where there was none. `reason` is the
    member's own words, erased when they are forgotten. `state` is one of core/operations/budget_requests.py.

    `confirmed_by` is the first of two admins where two are needed, and `granted_nanos` then what they agreed to.
    `joins` is the request of somebody else that the admins were shown for the same empty wallet.
    """

    table = "budget_request"
    team_id: str
    member_id: str
    counter_id: str
    label: str
    amount_nanos: int
    reason: str
    ask_id: str
    state: str
    asked_at_ms: int
    expires_at_ms: int
    granted_nanos: int = 0
    confirmed_by: str = ""
    decided_by: str = ""
    decided_at_ms: int = 0
    joins: str = ""


@dataclass(frozen=True, kw_only=True)
class ActRow(Row):
    """An administrative act: who did what. Never text of a question, and nobody's name.

    `subject` is whom or what it is about: a member's id, a target (core/policy), a request; empty for the team.
    `words` are what was set or the reason that was given; `amount_nanos` is 0 where it is not about money.
    """

    table = "act"
    append_only = True
    team_id: str
    actor: str
    kind: str
    words: str
    at_ms: int
    subject: str = ""
    amount_nanos: int = 0
