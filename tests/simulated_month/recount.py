"""The month added up once more, plainly, from nothing but `export --json`: no code of Chipin's own does any of it."""

from collections import Counter as Tally
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
LEVELS = (50, 20, 5)


@dataclass(frozen=True, slots=True)
class Charge:
    """An ask that was charged: who is the person, which model answered, when by the team's clock, how much."""

    person: str
    model: str
    tag: str
    provider: str
    at: datetime
    nanos: int


class Recount:
    """What an export comes to, in a zone."""

    def __init__(self, export: dict[str, list[Row]], zone: str) -> None:
        self.export = export
        self.zone = ZoneInfo(zone)
        self.persons = {row["id"]: row["same_as"] or row["id"] for row in export["members"]}
        self.requests = {row["request_key"]: row for row in export["requests"]}
        self.charges = list(self._charges())

    def _charges(self) -> Iterator[Charge]:
        for entry in self.export["entries"]:
            if entry["kind"] == "settle" and entry["account"] == "pool":
                ask = self.requests[entry["request_key"]]
                person, at = self.persons[ask["member"]], self._moment(entry["at"])
                yield Charge(person, ask["model"], ask["tag"], ask["provider"], at, -entry["amount_nanos"])

    def _moment(self, text: str) -> datetime:
        return datetime.fromisoformat(text).astimezone(self.zone)

    @property
    def november(self) -> list[Charge]:
        """Those of the month."""
        return [charge for charge in self.charges if (charge.at.year, charge.at.month) == (2026, 11)]

    # --- money ---

    def pool(self, kind: str, first: date, after: date) -> int:
        """What one kind of transfer moved the pool by, on local days from the first until before another."""
        return sum(
            int(entry["amount_nanos"])
            for entry in self.export["entries"]
            if (entry["kind"], entry["account"]) == (kind, "pool") and first <= self._moment(entry["at"]).date() < after
        )

    def balance_before(self, day: date) -> int:
        """What was in the pool when a day began."""
        kinds = ("top_up", "refund", "settle", "reverse")
        return sum(self.pool(kind, date(2000, 1, 1), day) for kind in kinds)

    def operator(self, first: date, after: date) -> int:
        """What the operator paid of calls (not what came back to the team)."""
        return -sum(
            int(entry["amount_nanos"])
            for entry in self.export["entries"]
            if entry["account"] == "operator"
            and entry["kind"] in ("settle", "absorb")
            and first <= self._moment(entry["at"]).date() < after
        )

    def spent_by(self, key: Callable[[Charge], str], first: date, after: date) -> dict[str, tuple[int, int]]:
        """Asks and nano-dollars by something, on those days."""
        asks, nanos = Tally[str](), Tally[str]()
        for charge in self.charges:
            if first <= charge.at.date() < after:
                asks[key(charge)] += 1
                nanos[key(charge)] += charge.nanos
        return {name: (asks[name], nanos[name]) for name in asks}

    # --- alerts ---

    def levels(self) -> list[str]:
        """Every level of every mark that the balance came to, as the ids of their notices: "top-up:level"."""
        told: list[str] = []
        balance, marks = 0, [("", 0, 100)]  # by whom, what was full, the lowest told; the last one counts
        by_time: dict[str, list[Row]] = {}
        for entry in self.export["entries"]:
            if entry["account"] == "pool":
                by_time.setdefault(entry["at"], []).append(entry)
        for moment in sorted(by_time):
            for entry in by_time[moment]:
                balance += entry["amount_nanos"]
                if entry["kind"] == "top_up":
                    marks.append((entry["transfer_id"], balance, 100))
                elif entry["kind"] == "refund":  # in this month only the last one is ever undone, and whole
                    assert marks[-1][0] == entry["transfer_id"].removesuffix(".undo")
                    marks.pop()
                name, full, lowest = marks[-1]
                passed = [level for level in LEVELS if balance * 100 <= level * full and level < lowest]
                if passed:
                    marks[-1] = name, full, min(passed)
                    told.append(f"{name}:{min(passed)}")
        return told

    def unusual_days(self) -> set[str]:
        """Persons and days of five times the average of the days, of the 30 before, on which they asked."""
        spent = Tally[tuple[str, date]]()
        for charge in self.charges:
            spent[charge.person, charge.at.date()] += charge.nanos
        found = set()
        for (person, day), nanos in spent.items():
            before = [spent[person, day - timedelta(days=number)] for number in range(1, 31)]
            asked = [each for each in before if each]
            if nanos >= 10**9 and len(asked) >= 5 and nanos * len(asked) >= 5 * sum(asked):
                found.add(f"{person}:{day}")
        return found
