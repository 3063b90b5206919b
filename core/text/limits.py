"""Limits in words: what applies to a member here, and what each of a team may use."""

from collections.abc import Iterable

from core.money import format_price
from core.people import Member
from core.periods import Period
from core.policy import EVERYONE, NONE, OF_OWN, Ruled, Ruling, Setting, TargetKind, kind_of
from core.quota import UNLIMITED, Limit, Scope, Totals
from core.shown_rules import MemberRules, TeamLimits
from core.text.rule_words import EACH, MOST_LINES, in_words, source
from core.text.wallet import on_top
from core.text.wording import amount, begins_anew, count_of

_OF_SCOPES = {
    Scope.MEMBER_DAY: Setting.DAY,
    Scope.MEMBER_WEEK: Setting.WEEK,
    Scope.MEMBER_MONTH: Setting.MONTH,
    Scope.ASK: Setting.ASK,
    Scope.THREAD: Setting.THREAD,
    Scope.CHANNEL_DAY: Setting.CHANNEL_DAY,
    Scope.CHANNEL_WEEK: Setting.CHANNEL_WEEK,
    Scope.CHANNEL_MONTH: Setting.CHANNEL_MONTH,
}


def member_lines(shown: MemberRules) -> tuple[str, ...]:
    """What applies to a member here: each limit with what is used, when it starts anew and whose it is."""
    ruling, zone = shown.allowance.ruling, shown.member.team.zone
    whose = "you" if shown.mine else shown.member.display_name
    told = [f"What applies to {whose} here:"]
    if not ruling.may_ask:
        nobody = ruling.may_ask_by is None
        by = NOT_LET_IN if nobody else source(ruling.may_ask_by, shown.called, zone, mine=shown.mine)
        told.append(f"  Asking is not allowed ({by}).")
    told += [f"  {line}" for limit, used in shown.allowance.limits if (line := _limit_line(limit, used, shown))]
    if ruling.in_flight is None:
        told.append(f"  {count_of(shown.in_flight, 'ask')} at a time (the default)")
    others = [(setting, ruled) for setting, ruled in ruling.values.items() if setting in _BESIDE_LIMITS]
    for setting, ruled in (*others, *ruling.forbidding):
        by = source(ruled.set_by, shown.called, zone, mine=shown.mine)
        told.append(f"  {in_words(setting, ruled.value)} ({by})")
    if shown.mine:
        return (*told, "/limit me 2 sets a lower limit for yourself, /limit me off takes it away.")
    return (*told, "What their roles on the platform add is known when they ask.")


NOT_LET_IN = "an admin has to allow it first"
_BESIDE_LIMITS = (Setting.CARRY_OVER, Setting.MODELS, Setting.TAG)


def _limit_line(limit: Limit, used: Totals, shown: MemberRules) -> str:
    by = source(limit.set_by, shown.called, shown.member.team.zone, mine=shown.mine)
    if limit.scope is Scope.MEMBER_IN_FLIGHT:
        return f"{count_of(limit.at_most, 'ask')} at a time ({by})"
    setting = _OF_SCOPES.get(limit.scope)
    if setting is None:
        return ""
    if limit.at_most == UNLIMITED:
        return f"{in_words(setting, NONE)}, {_used(used)} ({by})"
    at_most = EACH[setting].format(amount(limit.at_most))
    if limit.scope is Scope.ASK:
        return f"{at_most} ({by})"
    return f"{at_most}{on_top(limit.carried, limit.granted)}, {_used(used)}{_anew(limit.scope.period, shown)} ({by})"


def _anew(period: Period | None, shown: MemberRules) -> str:
    if period is None:
        return ""
    calendar = shown.member.team.calendar
    return f", starts anew on {begins_anew(calendar.span(period, shown.now).end, calendar.zone)}"


def _used(used: Totals) -> str:
    held = f" and {format_price(used.held)} held" if used.held else ""
    return f"{format_price(used.used) if used.used else 'nothing'} used{held}"


def limit_lines(shown: TeamLimits) -> tuple[str, ...]:
    """Each member's limits and whose they are; of a long list, who differs."""
    everyone = _limits(shown.everyone)
    rows = [(member, ruling, _limits(ruling)) for member, ruling in shown.members]
    rows.sort(key=lambda row: _is_the_teams(row[1]))
    told = [_member_line(member, ruling, limits) for member, ruling, limits in rows[:MOST_LINES]]
    if len(rows) > MOST_LINES:
        told.append(f"And {len(rows) - MOST_LINES} more; /limit NAME shows one. For everyone else: {everyone}.")
    return (
        *told,
        f"/limit NAME 5 sets somebody's monthly limit, /limit {EVERYONE} 5 the team's; /limit NAME day 1 a daily one.",
    )


def _member_line(member: Member, ruling: Ruling, limits: str) -> str:
    by = {kind_of(ruled.set_by.target) for setting in OF_OWN if (ruled := ruling.counting(setting)) is not None}
    whose = [name for kind, name in _WHOSE_LIMIT.items() if kind in by]
    return f"{member.display_name}: {limits} ({' and '.join(whose) or 'nobody set one'})"


_WHOSE_LIMIT = {
    TargetKind.EVERYONE: "the team limit",
    TargetKind.CHANNEL: "this channel's",
    TargetKind.MEMBER: "a limit of their own",
    TargetKind.OWN: "by their own choice",
}


def _is_the_teams(ruling: Ruling) -> bool:
    counting: Iterable[Ruled | None] = (ruling.counting(setting) for setting in OF_OWN)
    return all(ruled is None or kind_of(ruled.set_by.target) is TargetKind.EVERYONE for ruled in counting)


def _limits(ruling: Ruling) -> str:
    """The month first, for that is what most teams set; then what else there is."""
    month, *others = [Setting.MONTH, Setting.WEEK, Setting.DAY, Setting.ASK]
    counted = ruling.counting(month)
    said = [in_words(month, counted.value if counted is not None else NONE)]
    said += [in_words(each, ruled.value) for each in others if (ruled := ruling.counting(each)) and ruled.value != NONE]
    return ", ".join(said)
