"""What the rules must mean, told another way: whose word counts, which period runs, and what fits.

It shares nothing with core/ledger, core/policy and core/periods but the names of settings and scopes. Periods are not
computed from a history of zones: a watch runs along, half an hour at a time, and notes when each of them is over.
Counters are not kept: they are added up from the holds whenever somebody asks.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.people import Asker, Standing
from core.periods import Period
from core.policy import Setting
from core.quota import UNLIMITED, Scope, subject_of

Key = tuple[Scope, str, str]
"""A counter: scope, subject, label."""
TICK = timedelta(minutes=30)
"""All zones of the machine begin their days on the half hour."""
OF_MEMBERS = {
    Setting.DAY: (Scope.MEMBER_DAY, Period.DAY),
    Setting.WEEK: (Scope.MEMBER_WEEK, Period.WEEK),
    Setting.MONTH: (Scope.MEMBER_MONTH, Period.MONTH),
}
OF_CHANNELS = {
    Setting.CHANNEL_DAY: (Scope.CHANNEL_DAY, Period.DAY),
    Setting.CHANNEL_WEEK: (Scope.CHANNEL_WEEK, Period.WEEK),
    Setting.CHANNEL_MONTH: (Scope.CHANNEL_MONTH, Period.MONTH),
}
Places = dict[Period, int]
"""Which period of each kind: its place in `Watch.labels`."""


def named(period: Period, day: date) -> str:
    """The name of the period that a day is in."""
    match period:
        case Period.DAY:
            return f"{day:%Y-%m-%d}"
        case Period.WEEK:
            return f"{day:%G-W%V}"
        case Period.MONTH:
            return f"{day:%Y-%m}"


class Watch:
    """Watches days, weeks and months go by."""

    def __init__(self, zone: ZoneInfo, now: datetime) -> None:
        self.now = now
        self._zones = dict.fromkeys(Period, zone)
        self._next_zones: dict[Period, ZoneInfo] = {}
        today = now.astimezone(zone).date()
        self.labels = {period: [named(period, today)] for period in Period}
        self.began: dict[tuple[Period, int], tuple[datetime, Places]] = {}

    @property
    def places(self) -> Places:
        """Those that run."""
        return {period: len(labels) - 1 for period, labels in self.labels.items()}

    def label(self, period: Period, place: int) -> str:
        """Its name; -1 is the one before the first."""
        if place >= 0:
            return self.labels[period][place]
        first = self.labels[period][0]
        day = date.fromisoformat({Period.DAY: first, Period.WEEK: f"{first}-1", Period.MONTH: f"{first}-01"}[period])
        return named(period, day - timedelta(days=1))

    def go_on(self, now: datetime) -> None:
        """Look at every half hour on the way."""
        while self.now < now:
            self.now = min(now, self.now + TICK - (self.now - datetime.min.replace(tzinfo=now.tzinfo)) % TICK)
            begun = [period for period in Period if self._is_over(period)]
            for period in begun:
                self._zones[period] = self._next_zones.pop(period, self._zones[period])
                self.labels[period].append(self._here(period, self._zones[period]))
            for period in begun:
                self.began[period, len(self.labels[period]) - 1] = (self.now, self.places)

    def set_zone(self, zone: ZoneInfo) -> None:
        """From the next period on. One that goes on already for a new zone is counted to its end in that one."""
        for period in Period:
            if period in self._next_zones and self._here(period, self._zones[period]) > self.labels[period][-1]:
                self._zones[period] = self._next_zones[period]
            self._next_zones[period] = zone

    def _here(self, period: Period, zone: ZoneInfo) -> str:
        return named(period, self.now.astimezone(zone).date())

    def _is_over(self, period: Period) -> bool:
        """By the zone it is counted in, and by the one that follows."""
        zones = (self._zones[period], self._next_zones.get(period, self._zones[period]))
        return all(self._here(period, zone) > self.labels[period][-1] for zone in zones)


@dataclass
class HoldFact:
    """What somebody put aside, for what, and what became of it."""

    ask: str
    member: str
    channel: str
    thread: str
    places: Places
    keys: tuple[Key, ...] = ()
    amount: int = 0
    is_open: bool = True
    charged: int = 0
    reversed: int = 0


@dataclass(frozen=True)
class Bound:
    """At most so much on a counter (None: on this one hold), of which so much was granted."""

    key: Key | None
    at_most: int
    granted: int = 0


@dataclass
class PolicyModel:
    """What was set and what happened, in the order in which it did."""

    watch: Watch
    said: dict[tuple[str, Setting], str] = field(default_factory=dict)
    holds: dict[str, HoldFact] = field(default_factory=dict)
    granted: dict[Key, int] = field(default_factory=dict)
    limited: dict[Key, int] = field(default_factory=dict)
    """The limit at the last hold on a counter, without what was granted."""
    joined: dict[str, Places] = field(default_factory=dict)
    paused: set[str] = field(default_factory=set)
    """Members; empty text for everybody."""
    budget: int = 0

    def used(self, key: Key) -> int:
        """What was charged on a counter, less what was given back."""
        if key[0] is Scope.MEMBER_IN_FLIGHT:
            return 0
        return sum(each.charged - each.reversed for each in self.holds.values() if key in each.keys)

    def held(self, key: Key) -> int:
        """What is put aside on it."""
        on_it = [each for each in self.holds.values() if each.is_open and key in each.keys]
        return len(on_it) if key[0] is Scope.MEMBER_IN_FLIGHT else sum(each.amount for each in on_it)

    def available(self) -> int:
        """What is left in the wallet."""
        taken = (each.amount if each.is_open else each.charged - each.reversed for each in self.holds.values())
        return self.budget - sum(taken)

    def word(self, setting: Setting, fact: HoldFact, asker: Asker) -> str | None:
        """What the team says: of the member, the channel, the most generous role, the standing, or everyone."""
        channel = self.said.get((f"channel:test:{fact.channel}", setting))
        everyone = self.said.get(("everyone", setting))
        if setting in OF_CHANNELS or setting is Setting.THREAD:
            return channel or everyone
        of_roles = [said for role in asker.roles if (said := self.said.get((f"role:{role}", setting)))]
        role = max(of_roles, key=lambda said: UNLIMITED if said == "none" else int(said), default=None)
        standing = self.said.get((f"{asker.standing}s", setting))
        return self.said.get((f"member:{fact.member}", setting)) or channel or role or standing or everyone

    def may_ask(self, fact: HoldFact, asker: Asker) -> bool:
        """Let in by name; not where a channel is closed; guests only where they are let in."""
        for target, counts in (
            (f"member:{fact.member}", {"allow", "deny"}),
            (f"channel:test:{fact.channel}", {"deny"}),
        ):
            if (said := self.said.get((target, Setting.MAY_ASK))) in counts:
                return said == "allow"
        of_roles = {self.said.get((f"role:{role}", Setting.MAY_ASK)) for role in asker.roles} - {None}
        if of_roles:
            return "allow" in of_roles
        if asker.standing is not Standing.MEMBER:
            return self.said.get((f"{asker.standing}s", Setting.MAY_ASK)) == "allow"
        said = self.said.get((f"channel:test:{fact.channel}", Setting.MAY_ASK))
        return (said or self.said.get(("everyone", Setting.MAY_ASK))) != "deny"

    def counting(self, fact: HoldFact, asker: Asker) -> Places:
        """The periods of the hold, or later ones where something of them has gone on already."""
        if not int(self.word(Setting.CARRY_OVER, fact, asker) or 0):
            return fact.places
        begun = []
        for scope, period in OF_MEMBERS.values():
            place = fact.places[period] + 1
            if place < len(self.watch.labels[period]):
                key = (scope, fact.member, self.watch.label(period, place))
                if self.limited.get(key, 0):
                    begun.append(self.watch.began[period, place])
        return max(begun, key=lambda each: each[0])[1] if begun else fact.places

    def bounds(self, fact: HoldFact, asker: Asker, in_flight: int) -> list[Bound]:
        """Everything that a hold must fit in; on one counter the lowest."""
        places, member = self.counting(fact, asker), fact.member
        at_once = int(self.word(Setting.IN_FLIGHT, fact, asker) or in_flight)
        bounds = [Bound((Scope.MEMBER_IN_FLIGHT, member, ""), at_once)]
        for setting, (scope, period) in OF_MEMBERS.items():
            key = (scope, member, self.watch.label(period, places[period]))
            said, carried = self.word(setting, fact, asker), 0
            if self.joined[member][period] < places[period]:  # nothing is left of a time before they came
                before = (scope, member, self.watch.label(period, places[period] - 1))
                carried = self._left(before, said, int(self.word(Setting.CARRY_OVER, fact, asker) or 0))
            bounds += self._bound(key, said, carried)
            if (own := self.said.get((f"own:{member}", setting))) is not None:
                bounds.append(Bound(key, int(own)))
        for setting, (scope, period) in OF_CHANNELS.items():
            key = (scope, subject_of("team", "test", fact.channel), self.watch.label(period, places[period]))
            bounds += self._bound(key, self.word(setting, fact, asker), 0)
        if fact.thread:
            key = (Scope.THREAD, subject_of("team", "test", fact.channel, fact.thread), "")
            bounds += self._bound(key, self.word(Setting.THREAD, fact, asker), 0)
        for said in (self.word(Setting.ASK, fact, asker), self.said.get((f"own:{member}", Setting.ASK))):
            bounds += [Bound(None, int(said))] if said not in (None, "none") else []
        lowest: dict[Key | None, Bound] = {}
        for bound in bounds:
            if bound.key not in lowest or bound.at_most < lowest[bound.key].at_most:
                lowest[bound.key] = bound
        return list(lowest.values())

    def _bound(self, key: Key, said: str | None, carried: int) -> list[Bound]:
        if said in (None, "none"):
            return [Bound(key, UNLIMITED)] if key[0] is Scope.MEMBER_MONTH else []
        granted = self.granted.get(key, 0)
        return [Bound(key, int(str(said)) + carried + granted, granted)]

    def _left(self, key: Key, said: str | None, cap: int) -> int:
        """What is left of a period that is over."""
        if not cap or said in (None, "none"):
            return 0
        limit_then = self.limited.get(key, 0)
        if limit_then in (0, UNLIMITED):
            limit_then = int(str(said))
        return max(0, min(cap, limit_then - self.used(key) - self.held(key)))
