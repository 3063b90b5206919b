"""The team's rules in words: what applies to whom, here, and why; and what setting one did."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from core.policy import (
    AMOUNTS,
    EVERYONE,
    NONE,
    OF_EVERY_TARGET,
    OF_OWN,
    Entries,
    Ruled,
    Setting,
    TargetKind,
    Whom,
    kind_of,
)
from core.policy.typed import WORDS
from core.quota import SetBy
from core.shown_rules import Called, MemberRules, RuleChange, Shown, TargetRules, TeamLimits, TeamRules
from core.text.limits import limit_lines, member_lines
from core.text.names import name_of
from core.text.rule_words import MOST_LINES, NAMES, day_of, in_words
from core.text.wording import count_of, listing

YOU = "you"
"""What whoever sets a limit for themselves is called there."""
_MOST_NAMED = 5


def lines(shown: Shown) -> tuple[str, ...]:
    """Whatever a command about rules answered."""
    match shown:
        case RuleChange():
            return change_lines(shown)
        case TeamRules():
            return team_lines(shown)
        case TargetRules():
            return target_lines(shown)
        case MemberRules():
            return member_lines(shown)
        case TeamLimits():
            return limit_lines(shown)


def change_lines(change: RuleChange) -> tuple[str, ...]:
    """What setting a rule did: before and after, from when on, and for whom it does not count."""
    whom, what = _title(change.whom), NAMES[change.setting]
    now, before = in_words(change.setting, change.after), in_words(change.setting, change.before)
    if not change.changed:
        return (f"{whom}: {now or f'{what} was not set'}. It was so already; nothing was changed.",)
    if not now:
        return (f"{whom}: {what} is taken away (it was: {before}).", *_afterwards(change))
    return (f"{whom}: {now} ({f'before: {before}' if before else 'nothing was set before'}).", *_afterwards(change))


def _afterwards(change: RuleChange) -> list[str]:
    """From when it counts, and what else is said about the same thing."""
    told = []
    if change.after and change.setting in AMOUNTS and change.after != NONE:
        told.append(_from_when(change))
    others = [(whom, ruled) for whom, ruled in change.others if _is_nearer(whom.target, change)]
    if others and change.setting in OF_EVERY_TARGET:
        told.append(f"It is set for {_listed(change.setting, others)} too: all of it holds.")
    elif others and kind_of(change.whom.target) is not TargetKind.OWN:
        told.append(f"What is set for {_listed(change.setting, others)} stays, and counts before it.")
    return [*told, *_applies(change)]


def _from_when(change: RuleChange) -> str:
    if change.setting in (Setting.ASK, Setting.CARRY_OVER):
        return "It counts from the next ask on."
    for_everyone = any(whom.target == EVERYONE and ruled.value != NONE for whom, ruled in change.others)
    counted_before = change.before not in ("", NONE) or change.setting is Setting.MONTH or for_everyone
    if counted_before:
        return "It counts from the next ask on, with what was used before in it; asks that run now finish."
    return "It counts from now on: what was spent before is not in it."


_RANKS = (TargetKind.EVERYONE, TargetKind.STANDING, TargetKind.ROLE, TargetKind.CHANNEL, TargetKind.MEMBER)


def _is_nearer(target: str, change: RuleChange) -> bool:
    """Whether a target's word counts before that of whom it was set for; of what forbids, everybody's counts."""
    kind, whom = kind_of(target), kind_of(change.whom.target)
    if kind is None or whom is None or TargetKind.OWN in (kind, whom):
        return False
    return change.setting in OF_EVERY_TARGET or _RANKS.index(kind) > _RANKS.index(whom)


def _listed(setting: Setting, others: Sequence[tuple[Whom, Ruled]]) -> str:
    named = [f"{whom.name} ({in_words(setting, ruled.value)})" for whom, ruled in others[:_MOST_NAMED]]
    more = len(others) - _MOST_NAMED
    return listing([*named, f"{more} more"]) if more > 0 else listing(named)


def _applies(change: RuleChange) -> list[str]:
    """What counts then for a member, where it is not what was set."""
    applies, mine = change.applies, kind_of(change.whom.target) is TargetKind.OWN
    whom = "you" if mine else change.whom.name
    if applies is None:
        of_one = change.setting in OF_OWN and kind_of(change.whom.target) in (TargetKind.MEMBER, TargetKind.OWN)
        return [f"No such limit counts for {whom} now."] if of_one and not change.after else []
    if applies.set_by.target == change.whom.target:
        return []
    whose = "their own choice" if kind_of(applies.set_by.target) is TargetKind.OWN else "the team's rule"
    why = f" ({whose}, which is lower)" if change.after else f" ({whose})"
    return [f"What applies to {whom} is {in_words(change.setting, applies.value)}{why}."]


def team_lines(team: TeamRules) -> tuple[str, ...]:
    """Everything that is set: for everyone, then who differs."""
    zone = ZoneInfo(team.zone_key)
    rules = dict(team.rules)
    everyone = next((entries for whom, entries in team.rules if whom.target == EVERYONE), {})
    others = [(whom, entries) for whom, entries in rules.items() if whom.target != EVERYONE]
    told = [*_everyone_lines(everyone, team, zone)]
    if not others:
        told.append("Nobody has other rules.")
    for whom, entries in others[:MOST_LINES]:
        here = " (here)" if whom.target == team.here else ""
        told.append(f"{_title(whom)}{here}: {_entries(entries, team.called, zone)}.")
    if len(others) > MOST_LINES:
        told.append(f"And {len(others) - MOST_LINES} more; /admin policy NAME shows one.")
    return (*told, *_HOW_TO_SET)


_HOW_TO_SET = (
    f"/admin policy WHOM WHAT VALUE sets one. WHOM: {EVERYONE}, a member, a channel, a role, guests, bots, outsiders.",
    f"WHAT: {', '.join(WORDS)}.",
    "VALUE: an amount, a list, allow or deny; clear takes it away.",
)


def _everyone_lines(everyone: Entries, team: TeamRules, zone: ZoneInfo) -> list[str]:
    if all(not ruled.set_by.at_ms for ruled in everyone.values()):
        said = [in_words(setting, ruled.value) for setting, ruled in everyone.items()]
        defaults = ", ".join([*said, f"{count_of(team.in_flight, 'ask')} at a time", "every model"])
        return [f"Nothing is set beyond the defaults: {defaults}."]
    told = [f"Everyone: {_entries(everyone, team.called, zone)}."]
    if Setting.IN_FLIGHT not in everyone:
        told.append(f"  {count_of(team.in_flight, 'ask')} at a time (the default).")
    return told


def _title(whom: Whom) -> str:
    name = whom.name
    match kind_of(whom.target):
        case TargetKind.EVERYONE | TargetKind.STANDING:
            return name.capitalize()
        case TargetKind.OWN:
            return "You, by your own choice" if name == YOU else f"{name}, by their own choice"
        case TargetKind.CHANNEL:
            return f"In {name}"
        case _:
            return name


def target_lines(shown: TargetRules) -> tuple[str, ...]:
    """What is set for a role, a channel or a standing."""
    if not shown.entries:
        return (f"{_title(shown.whom)}: nothing is set; the rules for everyone count.",)
    return (f"{_title(shown.whom)}: {_entries(shown.entries, shown.called, ZoneInfo(shown.zone_key))}.",)


def _entries(entries: Entries, called: Called, zone: ZoneInfo) -> str:
    """What is set for one target, in the order of the words, each with who set it and when."""
    return "; ".join(
        f"{in_words(setting, entries[setting].value)}{_set_by(entries[setting].set_by, called, zone)}"
        for setting in WORDS.values()
        if setting in entries
    )


def _set_by(set_by: SetBy, called: Called, zone: ZoneInfo) -> str:
    if not set_by.at_ms:
        return " (as the team began)"
    by = "" if kind_of(set_by.target) is TargetKind.OWN else f"{name_of(set_by.by, called)}, "
    return f" ({by}{day_of(set_by, zone)})"
