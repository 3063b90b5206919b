"""How the books say yes or no, where there is nothing more to tell."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.quota import Limit, SetBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Concluded:
    """Done."""

    replayed: bool = field(default=False, compare=False)


class Reason(StrEnum):
    """Why the books refuse."""

    WALLET_EMPTY = "wallet_empty"  # there is not enough, held money included
    WALLET_HELD = "wallet_held"  # there would be enough if running asks gave theirs back
    LIMIT = "limit"  # a limit is used up
    LIMIT_HELD = "limit_held"  # a limit is taken by running asks
    SUPERSEDED = "superseded"  # another attempt has taken the request over, or it is over
    STOPPED = "stopped"  # somebody pressed Stop before the money was taken
    FROZEN = "frozen"  # asking is paused for the whole team
    MEMBER_FROZEN = "member_frozen"  # asking is paused for this member
    SUSPENDED = "suspended"  # this member has left a platform
    MAY_NOT_ASK = "may_not_ask"  # the policy lets them not ask here
    MODEL_NOT_ALLOWED = "model_not_allowed"  # the policy lets them not ask this model
    NO_SUCH_RULE = "no_such_rule"  # not a value of this setting, or not for this target
    UNCHANGED = "unchanged"  # it is so already
    NOT_ADMIN = "not_admin"  # whoever wants it is no admin (any more)
    LAST_ADMIN = "last_admin"  # nobody would be left who looks after the team
    OPERATORS = "operators"  # the operator did it, and only they undo it
    OTHER_SECRET = "other_secret"  # noqa: S105 - a reason: the books were begun with another one
    NOT_FOUND = "not_found"  # no such wallet, request, hold or top-up
    NOT_DUE = "not_due"  # the hold's deadline has not come
    NOTHING_LEFT = "nothing_left"  # everything of the top-up is refunded, spent or held
    OWN_REQUEST = "own_request"  # nobody decides what they asked for while another admin can
    DECIDED = "decided"  # somebody decided it before
    OVER = "over"  # the period that it is about has ended
    NEEDS_ANOTHER = "needs_another"  # the same admin twice is not two
    GUESSED = "guessed"  # too many codes that were none
    OWN_CODE = "own_code"  # whoever gave a code types it themselves
    OTHER_KIND = "other_kind"  # the code is for people, or for teams
    OTHER_TEAM = "other_team"  # who is of two teams cannot be one person in them
    SAME_WORKSPACE = "same_workspace"  # two accounts of one workspace are two people
    TOO_MUCH = "too_much"  # not an amount that may be moved, or beyond what a wallet may hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The books say no, and why in numbers; nothing changed.

    All numbers are nano-dollars, except of a limit that counts asks. `needed` is what was asked for. `limit` is the
    limit that does not fit, and `used` and `held` are what is taken of it; without one, `available` and `held` are the
    wallet's. `set_by` is who forbade it, where a policy did and it is no limit.
    """

    reason: Reason
    needed: int = 0
    available: int = 0
    used: int = 0
    held: int = 0
    limit: Limit | None = None
    set_by: SetBy | None = None
