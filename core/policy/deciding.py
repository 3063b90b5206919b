"""The one function that says what applies to somebody, here and now: `decide`. docs/decisions/0017 has the reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.defaults import ONLY_ADMINS_ASK_ON
from core.people import Asker, Place, Standing
from core.policy.settings import (
    ALL,
    ALLOW,
    AMOUNTS,
    DENY,
    NONE,
    OF_EVERY_TARGET,
    OF_OWN,
    OF_PLACES,
    SWITCHES,
    Setting,
)
from core.policy.targets import EVERYONE, STANDINGS, channel_target, member_target, own_target, role_target
from core.quota import CARRIED_FOR, UNLIMITED, Scope, SetBy


@dataclass(frozen=True, slots=True)
class Ruled:
    """What is set, and by whom for whom."""

    value: str
    set_by: SetBy


Entries = Mapping[Setting, Ruled]


@dataclass(frozen=True, slots=True)
class Policy:
    """What is set for one target."""

    target: str
    entries: Entries = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What applies to one asker in one place.

    `values` has what the team says, of each setting of which the most particular word counts; `own` what the member
    set for themselves, which only ever lowers it; `forbidding` everything said about where questions may go.
    `may_ask` with `may_ask_by`: who allowed or forbade it; None for the defaults. `models` is None where all are
    allowed, `regions` empty where any is.
    """

    member_id: str
    place: Place
    values: Entries
    own: Entries
    forbidding: tuple[tuple[Setting, Ruled], ...]
    may_ask: bool
    may_ask_by: SetBy | None
    models: tuple[str, ...] | None
    regions: tuple[str, ...]
    data_collection_allowed: bool
    zdr: bool
    secrets_allowed: bool

    def counting(self, setting: Setting) -> Ruled | None:
        """The lower of what the team says and what the member set for themselves; at equality the team's."""
        ruled, own = self.values.get(setting), self.own.get(setting)
        return own if own is not None and (ruled is None or size(own) < size(ruled)) else ruled

    def amount(self, setting: Setting) -> int | None:
        """Nano-dollars, or None where nothing limits it."""
        ruled = self.counting(setting)
        return None if ruled is None or ruled.value == NONE else int(ruled.value)

    def carry_at_most(self, scope: Scope) -> int:
        """How much of what is left of a limit goes on into the next period; 0 for nothing."""
        return (self.amount(Setting.CARRY_OVER) or 0) if scope in CARRIED_FOR else 0

    @property
    def default_tag(self) -> Ruled | None:
        """What a question counts for here that names no tag; None for nothing."""
        ruled = self.values.get(Setting.TAG)
        return None if ruled is None or ruled.value == NONE else ruled

    @property
    def in_flight(self) -> int | None:
        """How many asks the member may have running at a time; None where nobody set it: then it is the operator's."""
        ruled = self.values.get(Setting.IN_FLIGHT)
        return None if ruled is None else int(ruled.value)

    def allows_model(self, model_id: str, provider: str) -> bool:
        """Whether the team's list of models has this one, or its provider."""
        return self.models is None or model_id in self.models or provider in self.models


@dataclass(frozen=True, slots=True)
class _Heard:
    """What is set for each that has a say, the most particular first."""

    member: Entries
    channel: Entries
    roles: tuple[Entries, ...]
    standing: Entries
    everyone: Entries
    own: Entries

    @property
    def team(self) -> tuple[Entries, ...]:
        """What admins set."""
        return (self.member, self.channel, *self.roles, self.standing, self.everyone)


def decide(member_id: str, asker: Asker, place: Place, policies: Iterable[Policy]) -> Ruling:
    """What applies to a member who asks here, as what they are now. `policies` are those of a team, in any order.

    Of what several targets say, the most particular counts: the member, then the channel, then their roles (of several
    the most generous), then their standing, then everyone. What a member sets for themselves only ever lowers it. What
    forbids where a question may go holds from wherever it is said. Whoever shows rules and the hold both ask here.
    """
    said = {policy.target: policy.entries for policy in policies}
    heard = _Heard(
        member=said.get(member_target(member_id), {}),
        channel=said.get(channel_target(place.platform, place.channel), {}),
        roles=tuple(entries for role in asker.roles if (entries := said.get(role_target(role)))),
        standing=said.get(STANDINGS.get(asker.standing, ""), {}),
        everyone=said.get(EVERYONE, {}),
        own=said.get(own_target(member_id), {}),
    )
    named: set[Setting] = {setting for entries in heard.team for setting in entries} - OF_EVERY_TARGET
    values = {setting: ruled for setting in sorted(named) if (ruled := _most_particular(setting, heard)) is not None}
    may_ask, by = _may_ask(heard, asker, place)
    forbidding = tuple(
        (setting, ruled) for entries in heard.team for setting, ruled in entries.items() if setting in OF_EVERY_TARGET
    )
    denied = {setting for setting, ruled in forbidding if ruled.value == DENY}
    models = values.get(Setting.MODELS)
    return Ruling(
        member_id=member_id,
        place=place,
        values=values,
        own={setting: ruled for setting, ruled in heard.own.items() if setting in OF_OWN and ruled.value != NONE},
        forbidding=forbidding,
        may_ask=may_ask,
        may_ask_by=by,
        models=None if models is None or models.value == ALL else tuple(models.value.split(",")),
        regions=_in_all([ruled.value for setting, ruled in forbidding if setting is Setting.REGIONS]),
        data_collection_allowed=Setting.DATA_COLLECTION not in denied,
        zdr=Setting.UNPROVEN_RETENTION in denied,
        secrets_allowed=Setting.SECRETS not in denied,
    )


def _most_particular(setting: Setting, heard: _Heard) -> Ruled | None:
    """What counts for the team. What is said of a place is the same for whoever asks there."""
    if setting in OF_PLACES:
        return heard.channel.get(setting) or heard.everyone.get(setting)
    return (
        heard.member.get(setting)
        or heard.channel.get(setting)
        or _most_generous(setting, heard.roles)
        or heard.standing.get(setting)
        or heard.everyone.get(setting)
    )


def _most_generous(setting: Setting, roles: Iterable[Entries]) -> Ruled | None:
    said = [entries[setting] for entries in roles if setting in entries]
    if not said:
        return None
    if setting in AMOUNTS or setting is Setting.IN_FLIGHT:
        return max(said, key=size)
    if setting is Setting.MODELS and all(each.value != ALL for each in said):
        together = dict.fromkeys(name for each in said for name in each.value.split(","))
        return Ruled(",".join(together), said[0].set_by)
    return next((each for each in said if each.value in (ALLOW, ALL)), said[0])


def size(ruled: Ruled) -> int:
    """An amount or a number, for comparing."""
    return UNLIMITED if ruled.value == NONE else int(ruled.value)


def stricter(setting: Setting, one: Ruled, other: Ruled) -> Ruled:
    """Of what is set for two accounts of one person, what lets them do less; where they agree, the first."""
    if setting in AMOUNTS or setting is Setting.IN_FLIGHT:
        return min(one, other, key=size)
    if setting in SWITCHES:
        return other if other.value == DENY != one.value else one
    if ALL in (one.value, other.value):
        return other if one.value == ALL else one
    return Ruled(",".join(_in_all([one.value, other.value])), one.set_by)


def _may_ask(heard: _Heard, asker: Asker, place: Place) -> tuple[bool, SetBy | None]:
    """The member's own entry; a channel that is closed; a role; else who is no ordinary member must be let in first."""
    setting = Setting.MAY_ASK
    channel = heard.channel.get(setting)
    closed = channel if channel is not None and channel.value == DENY else None
    deciding = heard.member.get(setting) or closed or _most_generous(setting, heard.roles)
    if deciding is None and asker.standing is not Standing.MEMBER:
        deciding = heard.standing.get(setting)
        if deciding is None:
            return False, None
    deciding = deciding or channel or heard.everyone.get(setting)
    if deciding is not None:
        return deciding.value == ALLOW, deciding.set_by
    return asker.admin or place.platform not in ONLY_ADMINS_ASK_ON, None


def _in_all(lists: list[str]) -> tuple[str, ...]:
    """The regions that every list has. Where they share none, none is left: a name that no region has."""
    if not lists:
        return ()
    first, *others = [dict.fromkeys(each.split(",")) for each in lists]
    return tuple(region for region in first if all(region in other for other in others)) or (NONE,)
