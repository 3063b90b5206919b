"""The team's rules in a chat: admins set what applies to whom, members lower limits for themselves; both see why."""

from collections.abc import Iterable
from difflib import get_close_matches

from core.allowance import Allowances
from core.errors import BadInput, NotAllowed
from core.ids import new_id
from core.models import for_team
from core.operations import Reason, Refused, SetRule
from core.people import OPERATOR, Asker, Member, Place
from core.policy import (
    EVERYONE,
    STANDINGS,
    Entries,
    Policy,
    Ruled,
    Setting,
    TargetKind,
    Whom,
    channel_target,
    decide,
    kind_of,
    member_target,
    named_in,
    own_target,
)
from core.policy.targets import ME, RESERVED
from core.policy.typed import NOTHING_CHANGED, Known, Said, split_limit, split_rule, value_of
from core.ports import Books, Catalogue, Clock, People, PlaceNames, Policies
from core.shown_rules import Called, MemberRules, RuleChange, Shown, TargetRules, TeamLimits, TeamRules

_MOST_NAMED = 8
_SHOWN_IN_ORDER = (
    TargetKind.EVERYONE,
    TargetKind.STANDING,
    TargetKind.ROLE,
    TargetKind.CHANNEL,
    TargetKind.MEMBER,
    TargetKind.OWN,
)


class TeamPolicy:
    """Answers /admin policy and /limit. Roles and channels are named by the platform (`PlaceNames`)."""

    def __init__(
        self,
        books: Books,
        people: People,
        policies: Policies,
        *,
        allowances: Allowances,
        catalogue: Catalogue,
        clock: Clock,
        in_flight: int,
    ) -> None:
        self._books = books
        self._people = people
        self._policies = policies
        self._allowances = allowances
        self._catalogue = catalogue
        self._clock = clock
        self._in_flight = in_flight

    async def policy(self, admin: Member, typed: str, place: Place, names: PlaceNames) -> Shown:
        """What was typed after /admin policy: nothing, WHOM, or WHOM SETTING VALUE. `BadInput` or `NotAllowed`."""
        team = await self._team(admin, names)
        team.require_admin()
        if not typed.strip():
            return team.rules(place, self._in_flight)
        said = split_rule(typed, team.knows)
        return await self._do(team, said, place)

    async def limit(self, member: Member, typed: str, place: Place, names: PlaceNames) -> Shown:
        """What was typed after /limit: nothing, WHOM, or WHOM [day|week|month|ask] AMOUNT, where WHOM may be "me"."""
        team = await self._team(member, names)
        if not typed.strip():
            return team.limits(place) if team.asked_by_admin else await self._of_member(team, team.asking, place)
        said = split_limit(typed, team.knows)
        if said.whom.casefold() != ME:
            team.require_admin()
        return await self._do(team, said, place)

    async def set(
        self, member: Member, whom: Whom, setting: Setting, typed: str, *, place: Place, names: PlaceNames
    ) -> RuleChange:
        """Set one thing for whom was picked. `typed` is the value as people write it, or "clear"."""
        return await self._set(await self._team(member, names), whom, setting, typed, place)

    async def _do(self, team: "_Team", said: Said, place: Place) -> Shown:
        whom = team.whom(said.whom)
        if said.setting is not None:
            return await self._set(team, whom, said.setting, said.value, place)
        if kind_of(whom.target) in (TargetKind.MEMBER, TargetKind.OWN):
            return await self._of_member(team, team.member(named_in(whom.target)), place)
        return TargetRules(whom, team.said.get(whom.target, {}), team.called, team.asking.team.zone.key)

    async def _of_member(self, team: "_Team", who: Member, place: Place) -> MemberRules:
        """What applies to a member. What a platform says of others (their roles) is not known until they ask."""
        allowance = await self._allowances.of(who, place)
        mine = who.id == team.asking.id
        return MemberRules(who, mine, allowance, self._in_flight, self._clock.now(), team.called)

    async def _set(self, team: "_Team", whom: Whom, setting: Setting, typed: str, place: Place) -> RuleChange:
        member = team.asking
        if whom.target != own_target(member.id):
            team.require_admin()
        value = value_of(whom.target, setting, typed, self._known(member))
        done = await self._books.apply(
            SetRule(
                id=new_id("rule", self._clock.now()),
                wallet_id=member.team.wallet_id,
                team_id=member.team.id,
                target=whom.target,
                setting=setting,
                value=value,
                actor=member.actor,
                by_right=member.by_right,
            )
        )
        if isinstance(done, Refused) and done.reason is not Reason.UNCHANGED:
            raise BadInput(f"That could not be set for {whom.name}. {NOTHING_CHANGED}")
        before = team.said.get(whom.target, {}).get(setting)
        policies = await self._policies.all(member.team.id)
        return RuleChange(
            whom=whom,
            setting=setting,
            before=before.value if before is not None else "",
            after=value,
            changed=not isinstance(done, Refused),
            others=team.others(policies, whom, setting),
            applies=_applies(policies, whom, setting, member, place),
            called=team.called,
        )

    def _known(self, member: Member) -> Known:
        models = for_team(self._catalogue.models, demo=member.team.demo)
        return Known(tuple(models), tuple(dict.fromkeys(model.provider for model in models)))

    async def _team(self, member: Member, names: PlaceNames) -> "_Team":
        """Everything about a team as the books have it at this moment: rights are read again whenever one acts."""
        everyone = await self._people.members(member.team)
        return _Team(member, everyone, await self._policies.all(member.team.id), names)


def _applies(policies: Iterable[Policy], whom: Whom, setting: Setting, asking: Member, place: Place) -> Ruled | None:
    """What counts for a member here; what their platform says of them is known only of whoever asks."""
    if kind_of(whom.target) not in (TargetKind.MEMBER, TargetKind.OWN):
        return None
    member_id = named_in(whom.target)
    asker = asking.asker if member_id == asking.id else Asker()
    return decide(member_id, asker, place, policies).counting(setting)


class _Team:
    """A team as it is read for one command of `asking`."""

    def __init__(
        self, asking: Member, everyone: tuple[Member, ...], policies: tuple[Policy, ...], names: PlaceNames
    ) -> None:
        self.asking = asking
        self._everyone = everyone
        self._names = names
        self._policies = policies
        self.said: dict[str, Entries] = {policy.target: policy.entries for policy in policies if policy.entries}
        people = {member.id: member.display_name for member in everyone}
        self.called: Called = people | {target: self._called(target, people) for target in (*self.said, EVERYONE)}

    def _called(self, target: str, people: dict[str, str]) -> str:
        match kind_of(target):
            case TargetKind.MEMBER | TargetKind.OWN:
                return people.get(named_in(target), "")
            case TargetKind.ROLE | TargetKind.CHANNEL:
                return self._names.name(target)
            case _:
                return target

    @property
    def asked_by_admin(self) -> bool:
        """Whether whoever asks is an admin now, and not only when they began to type."""
        if self.asking.acts_as == OPERATOR:
            return True
        now = next((member for member in self._everyone if member.id == self.asking.id), None)
        return self.asking.admin and now is not None and (now.admin or self.asking.asker.admin)

    def require_admin(self) -> None:
        """`NotAllowed` for everybody else."""
        if not self.asked_by_admin:
            raise NotAllowed(
                f"Only admins of the team see and change its rules. {NOTHING_CHANGED} "
                "/limit shows what applies to you, and /limit me 2 sets a lower limit for yourself."
            )

    def member(self, member_id: str) -> Member:
        """One of the team; whoever asks as their platform describes them now."""
        if member_id == self.asking.id:
            return self.asking
        found = next((member for member in self._everyone if member.id == member_id), None)
        if found is None:
            raise BadInput(f"There is no such member of this team. {NOTHING_CHANGED}")
        return found

    def knows(self, typed: str) -> bool:
        """Whether that names somebody or something, be it several."""
        key = typed.casefold()
        return key in RESERVED or bool(self._names.target(typed)) or bool(self._named(key))

    def whom(self, typed: str) -> Whom:
        """For whom that is; `BadInput` with the nearest names where it is nobody, or several."""
        key = typed.strip().casefold()
        if key == ME:
            return Whom(own_target(self.asking.id), "you")
        if key in RESERVED:
            return Whom(key, key)
        if target := self._names.target(typed.strip()):
            return Whom(target, self._called(target, {}))
        found = self._named(key)
        if not found:
            raise BadInput(f'There is no "{typed.strip()[:60]}" here. {self._nearest(key)} {NOTHING_CHANGED}')
        if len(found) > 1:
            ids = ", ".join(member.id for member in found[:_MOST_NAMED])
            raise BadInput(f'{len(found)} members are called "{typed.strip()[:60]}"; type one of: {ids}.')
        return Whom(member_target(found[0].id), found[0].display_name)

    def _named(self, key: str) -> list[Member]:
        return [member for member in self._everyone if key in (member.display_name.casefold(), member.id.casefold())]

    def _nearest(self, key: str) -> str:
        names = list(dict.fromkeys(member.display_name for member in self._everyone if member.display_name))
        if len(names) > _MOST_NAMED:
            folded = {name.casefold(): name for name in names}
            near = [folded[found] for found in get_close_matches(key[:60], folded, n=3, cutoff=0.5)]
            members = f"Did you mean {' or '.join(near)}?" if near else f"The team has {len(names)} members."
        else:
            members = f"Members: {', '.join(names)}."
        return f'{members} Or "{EVERYONE}", {", ".join(STANDINGS.values())}, a role or a channel.'

    def others(self, policies: Iterable[Policy], whom: Whom, setting: Setting) -> tuple[tuple[Whom, Ruled], ...]:
        """For whom else the same is set."""
        return tuple(
            (Whom(policy.target, self.called.get(policy.target, "")), policy.entries[setting])
            for policy in _in_order(policies)
            if policy.target != whom.target and setting in policy.entries
        )

    def rules(self, place: Place, in_flight: int) -> TeamRules:
        """Everything that is set."""
        rules = tuple(
            (Whom(policy.target, self.called[policy.target]), policy.entries)
            for policy in _in_order(self._policies)
            if policy.entries and (self.called[policy.target] or kind_of(policy.target) is TargetKind.EVERYONE)
        )
        here = channel_target(place.platform, place.channel)
        return TeamRules(rules, here, in_flight, self.called, self.asking.team.zone.key)

    def limits(self, place: Place) -> TeamLimits:
        """What each member may use here, whatever roles they have."""
        members = tuple((member, decide(member.id, Asker(), place, self._policies)) for member in self._everyone)
        return TeamLimits(members, decide("", Asker(), place, self._policies), self.called)


def _in_order(policies: Iterable[Policy]) -> list[Policy]:
    ranks = {kind: rank for rank, kind in enumerate(_SHOWN_IN_ORDER)}
    return sorted(policies, key=lambda policy: ranks[kind_of(policy.target) or TargetKind.OWN])
