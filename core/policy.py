"""The team's rules: what is set for whom, and the one function that says what applies to somebody, here and now.

Of what several targets say, the most particular counts: the member, then the channel, then their roles (of several the
most generous), then their standing, then everyone. What a member sets for themselves only ever lowers it. What
forbids where a question may go (regions, data policy) holds from wherever it is said. docs/decisions/0017.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.defaults import ONLY_ADMINS_ASK_ON
from core.people import Asker, Place, Standing
from core.periods import Moment
from core.quota import CARRIED_FOR, UNLIMITED, Limit, Scope, SetBy, counter_id_of, subject_of

EVERYONE = "everyone"
NONE = "none"
"""The value of an amount where there is no limit."""
ALLOW, DENY = "allow", "deny"


class Setting(StrEnum):
    """What can be set. Amounts are nano-dollars (or NONE), lists have commas between, switches say ALLOW or DENY."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ASK = "ask"  # the most that one ask may cost
    IN_FLIGHT = "in_flight"  # how many asks a member may have running
    THREAD = "thread"
    CHANNEL_DAY = "channel_day"
    CHANNEL_WEEK = "channel_week"
    CHANNEL_MONTH = "channel_month"
    CARRY_OVER = "carry_over"  # the most of what is left that goes on into the next period
    MODELS = "models"  # ids of models, or names of providers
    REGIONS = "regions"
    DATA_COLLECTION = "data_collection"  # models whose provider may keep or train on what it is sent
    UNPROVEN_RETENTION = "unproven_retention"  # models without zero data retention; DENY is `zdr`
    MAY_ASK = "may_ask"
    SECRETS = "secrets"  # sending a question that has a secret in it all the same


AMOUNTS = frozenset(
    {
        Setting.DAY,
        Setting.WEEK,
        Setting.MONTH,
        Setting.ASK,
        Setting.THREAD,
        Setting.CHANNEL_DAY,
        Setting.CHANNEL_WEEK,
        Setting.CHANNEL_MONTH,
        Setting.CARRY_OVER,
    }
)
LISTS = frozenset({Setting.MODELS, Setting.REGIONS})
SWITCHES = frozenset({Setting.DATA_COLLECTION, Setting.UNPROVEN_RETENTION, Setting.MAY_ASK, Setting.SECRETS})
OF_PLACES = frozenset({Setting.THREAD, Setting.CHANNEL_DAY, Setting.CHANNEL_WEEK, Setting.CHANNEL_MONTH})
"""What bounds a place, whoever asks there: set for a channel, or for every one of them."""
OF_OWN = frozenset({Setting.DAY, Setting.WEEK, Setting.MONTH, Setting.ASK})
"""What members may set for themselves."""

_MEMBER_SCOPES = {Setting.DAY: Scope.MEMBER_DAY, Setting.WEEK: Scope.MEMBER_WEEK, Setting.MONTH: Scope.MEMBER_MONTH}
_CHANNEL_SCOPES = {
    Setting.CHANNEL_DAY: Scope.CHANNEL_DAY,
    Setting.CHANNEL_WEEK: Scope.CHANNEL_WEEK,
    Setting.CHANNEL_MONTH: Scope.CHANNEL_MONTH,
}
_STANDINGS = {Standing.GUEST: "guests", Standing.BOT: "bots", Standing.OUTSIDER: "outsiders"}


def role_target(role: str) -> str:
    """A platform's role: "role:discord:8812"."""
    return f"role:{role}"


def channel_target(platform: str, channel: str) -> str:
    """A platform's channel: "channel:slack:C0123"."""
    return f"channel:{platform}:{channel}"


def member_target(member_id: str) -> str:
    """One member, as admins set it."""
    return f"member:{member_id}"


def own_target(member_id: str) -> str:
    """One member, as they set it for themselves."""
    return f"own:{member_id}"


def policy_id(team_id: str, target: str) -> str:
    """The row that says what is set for a target."""
    return f"{team_id} {target}"


@dataclass(frozen=True, slots=True)
class Ruled:
    """What is set, and by whom for whom."""

    value: str
    set_by: SetBy


@dataclass(frozen=True, slots=True)
class Policy:
    """What is set for one target."""

    target: str
    entries: Mapping[Setting, Ruled] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What applies to one asker in one place. `values` has, of each setting that anybody set, what counts.

    `may_ask` with `may_ask_by`: who allowed or forbade it; None for the defaults. `models` is None where all are
    allowed, `regions` empty where any is.
    """

    member_id: str
    place: Place
    values: Mapping[Setting, Ruled]
    may_ask: bool
    may_ask_by: SetBy | None
    models: tuple[str, ...] | None
    regions: tuple[str, ...]
    data_collection_allowed: bool
    zdr: bool
    secrets_allowed: bool

    def amount(self, setting: Setting) -> int | None:
        """Nano-dollars, or None where nothing limits it."""
        ruled = self.values.get(setting)
        return None if ruled is None or ruled.value == NONE else int(ruled.value)

    def carry_at_most(self, scope: Scope) -> int:
        """How much of what is left of a limit goes on into the next period; 0 for nothing."""
        return (self.amount(Setting.CARRY_OVER) or 0) if scope in CARRIED_FOR else 0

    @property
    def in_flight(self) -> int | None:
        """How many asks the member may have running at a time; None where nobody set it: then it is the operator's."""
        ruled = self.values.get(Setting.IN_FLIGHT)
        return None if ruled is None else int(ruled.value)

    def allows_model(self, model_id: str, provider: str) -> bool:
        """Whether the team's list of models has this one, or its provider."""
        return self.models is None or model_id in self.models or provider in self.models


def targets_of(member_id: str, asker: Asker, place: Place) -> tuple[str, ...]:
    """Every target that can have a say, the most particular first; what members set for themselves is the last."""
    standing = _STANDINGS.get(asker.standing)
    return (
        member_target(member_id),
        channel_target(place.platform, place.channel),
        *map(role_target, asker.roles),
        *([standing] if standing else []),
        EVERYONE,
        own_target(member_id),
    )


def decide(member_id: str, asker: Asker, place: Place, policies: Iterable[Policy]) -> Ruling:
    """What applies to a member who asks here, as what they are now. `policies` are those of `targets_of`, in any order.

    The one home of what counts where several targets say something: whoever shows rules and the hold both ask here.
    """
    said = {policy.target: policy.entries for policy in policies}
    values = {setting: ruled for setting in Setting if (ruled := _counting(setting, member_id, asker, place, said))}
    may_ask, by = _may_ask(member_id, asker, place, said)
    regions = _everywhere(Setting.REGIONS, said)
    return Ruling(
        member_id=member_id,
        place=place,
        values=values,
        may_ask=may_ask,
        may_ask_by=by,
        models=tuple(values[Setting.MODELS].value.split(",")) if Setting.MODELS in values else None,
        regions=_in_all(regions),
        data_collection_allowed=DENY not in _everywhere(Setting.DATA_COLLECTION, said),
        zdr=DENY in _everywhere(Setting.UNPROVEN_RETENTION, said),
        secrets_allowed=DENY not in _everywhere(Setting.SECRETS, said),
    )


Said = Mapping[str, Mapping[Setting, Ruled]]


def _counting(setting: Setting, member_id: str, asker: Asker, place: Place, said: Said) -> Ruled | None:
    """What the most particular target says, lowered by what the member set for themselves."""
    roles = [ruled for role in asker.roles if (ruled := said.get(role_target(role), {}).get(setting))]
    chain = (
        said.get(member_target(member_id), {}).get(setting),
        said.get(channel_target(place.platform, place.channel), {}).get(setting),
        _most_generous(setting, roles),
        said.get(_STANDINGS.get(asker.standing, ""), {}).get(setting),
        said.get(EVERYONE, {}).get(setting),
    )
    ruled = next((each for each in chain if each is not None), None)
    own = said.get(own_target(member_id), {}).get(setting)
    if own is None or own.value == NONE:
        return ruled
    return own if ruled is None or _size(own) < _size(ruled) else ruled


def _size(ruled: Ruled) -> int:
    return UNLIMITED if ruled.value == NONE else int(ruled.value)


def _most_generous(setting: Setting, roles: list[Ruled]) -> Ruled | None:
    if not roles:
        return None
    if setting in AMOUNTS or setting is Setting.IN_FLIGHT:
        return max(roles, key=_size)
    if setting in LISTS:
        together = dict.fromkeys(name for each in roles for name in each.value.split(","))
        return Ruled(",".join(together), roles[0].set_by)
    return next((each for each in roles if each.value == ALLOW), roles[0])


def _may_ask(member_id: str, asker: Asker, place: Place, said: Said) -> tuple[bool, SetBy | None]:
    """The member's own entry; a channel that is closed; a role; else a standing must be let in first."""

    def entry(target: str) -> Ruled | None:
        return said.get(target, {}).get(Setting.MAY_ASK)

    channel = entry(channel_target(place.platform, place.channel))
    deciding = entry(member_target(member_id))
    if deciding is None and channel is not None and channel.value == DENY:
        deciding = channel
    if deciding is None:
        deciding = _most_generous(
            Setting.MAY_ASK, [ruled for role in asker.roles if (ruled := entry(role_target(role)))]
        )
    if deciding is None and asker.standing is not Standing.MEMBER:
        deciding = entry(_STANDINGS[asker.standing])
        if deciding is None:
            return False, None
    deciding = deciding or channel or entry(EVERYONE)
    if deciding is not None:
        return deciding.value == ALLOW, deciding.set_by
    return asker.admin or place.platform not in ONLY_ADMINS_ASK_ON, None


def _everywhere(setting: Setting, said: Said) -> list[str]:
    return [entries[setting].value for entries in said.values() if setting in entries]


def _in_all(lists: list[str]) -> tuple[str, ...]:
    """The regions that every list has. Where they share none, none is left: a name that no region has."""
    if not lists:
        return ()
    first, *others = [dict.fromkeys(each.split(",")) for each in lists]
    return tuple(region for region in first if all(region in other for other in others)) or (NONE,)


def limits_of(ruling: Ruling, moment: Moment) -> tuple[Limit, ...]:
    """What a hold has to fit in, before anything is carried over or granted.

    The month is always counted, for what is spent is told by it; what else is not limited is not counted.
    """
    member, place = ruling.member_id, ruling.place
    limits = _limit(ruling, Setting.ASK, Scope.ASK, member, "")
    if ruling.in_flight is not None:
        by = _by(ruling, Setting.IN_FLIGHT)
        limits.insert(0, Limit(Scope.MEMBER_IN_FLIGHT, member, "", ruling.in_flight, set_by=by))
    for setting, scope in _MEMBER_SCOPES.items():
        limits += _limit(ruling, setting, scope, member, moment.label(scope.period), always=setting is Setting.MONTH)
    for setting, scope in _CHANNEL_SCOPES.items():
        limits += _limit(ruling, setting, scope, subject_of(place.platform, place.channel), moment.label(scope.period))
    if place.thread:
        thread = subject_of(place.platform, place.channel, place.thread)
        limits += _limit(ruling, Setting.THREAD, Scope.THREAD, thread, "")
    return tuple(limits)


def _limit(
    ruling: Ruling, setting: Setting, scope: Scope, subject: str, label: str, *, always: bool = False
) -> list[Limit]:
    amount = ruling.amount(setting)
    if amount is None and not always:
        return []
    at_most = UNLIMITED if amount is None else amount
    return [Limit(scope, subject, label, at_most, set_by=_by(ruling, setting))]


def _by(ruling: Ruling, setting: Setting) -> SetBy | None:
    ruled = ruling.values.get(setting)
    return ruled.set_by if ruled is not None else None


def counter_before(limit: Limit, ruling: Ruling, moment: Moment, *, joined_at: datetime) -> str:
    """The counter of the period before, where something of it may go on; empty where nothing may.

    Nobody has anything left of a time before they came.
    """
    period = limit.scope.period
    if period is None or not ruling.carry_at_most(limit.scope):
        return ""
    before = moment.before(period)
    return "" if joined_at >= before.end else counter_id_of(limit.scope, limit.subject, before.label)
