"""Monthly limits: admins set one for a member or for everyone."""

from core.errors import BadInput, NotAllowed
from core.ids import new_id
from core.money import format_usd, parse_usd
from core.operations import Reason, Refused, SetRule
from core.people import Member, MonthLimit
from core.policy import EVERYONE, NONE, Setting, member_target
from core.ports import Books, Clock, People, Policies


class MemberLimits:
    """Answers /limit."""

    def __init__(self, books: Books, people: People, policies: Policies, clock: Clock) -> None:
        self._books = books
        self._people = people
        self._policies = policies
        self._clock = clock

    async def of_team(self, member: Member) -> tuple[MonthLimit, ...]:
        """Everyone of the team with their limits, for admins; a member sees their own only."""
        members = await self._people.members(member.team) if member.admin else (member,)
        said = {policy.target: policy.entries for policy in await self._policies.all(member.team.id)}
        limits = []
        for each in members:
            own = said.get(member_target(each.id), {}).get(Setting.MONTH)
            ruled = own or said.get(EVERYONE, {}).get(Setting.MONTH)
            nanos = None if ruled is None or ruled.value == NONE else int(ruled.value)
            limits.append(MonthLimit(each, nanos, own is not None))
        return tuple(limits)

    async def set_month_limit(self, admin: Member, whose: str, typed: str) -> int:
        """Set a monthly limit for a member by name, or for "everyone". Returns it in nano-dollars.

        A limit of 0 stops spending. What is used or held already stays; only new holds meet the new limit.
        """
        if not admin.admin:
            raise NotAllowed("Only admins of the team can change limits. Nothing was changed.")
        limit_nanos = 0 if typed.strip() in ("0", "$0") else parse_usd(typed)
        everyone = whose.casefold() == EVERYONE
        changed = await self._books.apply(
            SetRule(
                id=new_id("limit", self._clock.now()),
                wallet_id=admin.team.wallet_id,
                team_id=admin.team.id,
                target=EVERYONE if everyone else member_target((await self._named(admin, whose)).id),
                setting=Setting.MONTH,
                value=str(limit_nanos),
                actor=admin.actor,
            )
        )
        if isinstance(changed, Refused) and changed.reason is not Reason.UNCHANGED:
            raise BadInput(f"The limit of {whose} could not be changed to {format_usd(limit_nanos)}.")
        return limit_nanos

    async def _named(self, admin: Member, name: str) -> Member:
        everyone = await self._people.members(admin.team)
        found = [member for member in everyone if member.display_name.casefold() == name.strip().casefold()]
        if not found:
            names = ", ".join(member.display_name for member in everyone)
            raise BadInput(f'There is no member "{name.strip()[:60]}". Members: {names}, or "{EVERYONE}".')
        if len(found) > 1:
            raise BadInput(f'{len(found)} members are called "{name.strip()[:60]}": which one cannot be told by name.')
        return found[0]
