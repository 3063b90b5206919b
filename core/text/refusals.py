"""Why somebody may not ask at all, in words: who said so, and who can change it."""

from collections.abc import Mapping

from core.operations import Reason, Refused
from core.people import OPERATOR, Asker, Standing
from core.quota import SetBy
from core.text.names import name_of
from core.text.rule_words import for_whom
from core.text.wording import NOT_CHARGED, paused

_CALLED = {Standing.GUEST: "guests", Standing.BOT: "bots", Standing.OUTSIDER: "outsiders"}
_NOBODY: Mapping[str, str] = {}


def may_not(
    refused: Refused,
    asker: Asker,
    *,
    names: Mapping[str, str] = _NOBODY,
    reader: str = "",
) -> str:
    """The sentence for `MAY_NOT_ASK`, `SUSPENDED`, `FROZEN`, `MEMBER_FROZEN` and `MODEL_NOT_ALLOWED`.

    `names` are of members by id; without one of whoever set a rule, "an admin" did. `reader` is the asker's id.
    """
    match refused.reason:
        case Reason.SUSPENDED:
            why = _left(asker)
        case Reason.MODEL_NOT_ALLOWED:
            by = _by(refused.set_by, names, reader)
            why = f"You may not ask this model here{by}. /models lists those that you may ask."
        case Reason.FROZEN | Reason.MEMBER_FROZEN:
            by_operator = refused.set_by is not None and refused.set_by.by == OPERATOR
            why = paused(whole_team=refused.reason is Reason.FROZEN, by_operator=by_operator)
        case _:
            why = _not_let_in(refused.set_by, asker, names, reader)
    return f"{why} {NOT_CHARGED}"


def _left(asker: Asker) -> str:
    if asker.gone:
        return "This account has left, says its platform, so it cannot ask. An account that is still there can."
    return (
        "You have left, says your platform, so you cannot ask. "
        "If that is wrong, an admin can let you ask again: /admin restore NAME."
    )


def _not_let_in(set_by: SetBy | None, asker: Asker, names: Mapping[str, str], reader: str) -> str:
    if set_by is not None:
        return f"You may not ask here{_by(set_by, names, reader)}. An admin can change that with /admin allow."
    if asker.standing is not Standing.MEMBER:
        who = _CALLED[asker.standing]
        return f"{who.capitalize()} may not ask here until an admin lets them: /admin allow {who}."
    return "Only admins may ask here so far. An admin can let others: /admin allow @ROLE, or /admin allow everyone."


def _by(set_by: SetBy | None, names: Mapping[str, str], reader: str) -> str:
    """Who set it, for whom; nothing where only the defaults did."""
    if set_by is None:
        return ""
    if set_by.by and set_by.by == reader:
        return f": you set that {for_whom(set_by.target, by_reader=True)}"
    who = name_of(set_by.by, names) if set_by.by == OPERATOR or set_by.by in names else "an admin"
    return f": {who} set that {for_whom(set_by.target)}"
