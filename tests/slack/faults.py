"""What goes wrong when a test asks for it, and how often it did."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.slack.state import Json

Moment = Literal["", "before", "after"]


@dataclass(slots=True, eq=False)
class Call:
    """One call of the Web API as it came in (`method` is "response_url" for an answer to one)."""

    order: int
    method: str
    fields: Json
    token: str
    at: float
    team_id: str = ""
    answer: Json = field(default_factory=dict)
    taken: bool = False  # it took effect, whether or not the caller heard of it


@dataclass(slots=True, eq=False)
class Fault:
    """One planted fault. `fired` counts how often it struck; a stall lasts until `release()`."""

    method: str
    error: str = ""
    status: int = 0
    retry_after: int | None = None
    drop: Moment = ""
    stall: Moment = ""
    times: int | None = None
    when: Callable[[Call], bool] | None = None
    extra: Json = field(default_factory=dict)
    fired: int = 0
    struck: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    lifted: bool = False

    def strikes(self, call: Call) -> bool:
        if self.lifted or self.method not in ("*", call.method) or self.times == 0:
            return False
        if self.when is not None and not self.when(call):
            return False
        if self.times is not None:
            self.times -= 1
        self.fired += 1
        self.struck.set()
        return True

    def release(self) -> None:
        """The fault is over: stalled calls go on, and it strikes no more."""
        self.lifted = True
        self.released.set()


class Faults:
    """All faults of one Slack, in the order they were planted; the first that strikes decides."""

    def __init__(self) -> None:
        self.planted: list[Fault] = []

    def fail(self, method: str, **how: Any) -> Fault:
        """See FakeSlack.fail."""
        known = {name: how.pop(name) for name in tuple(how) if name in Fault.__dataclass_fields__}
        fault = Fault(method, **known, extra=how)
        kinds = (fault.error, fault.status, fault.retry_after is not None, fault.drop, fault.stall)
        if sum(bool(kind) for kind in kinds) != 1:
            raise ValueError("one fault at a time: error, status, retry_after, drop or stall")
        self.planted.append(fault)
        return fault

    def striking(self, call: Call) -> Fault | None:
        return next((fault for fault in self.planted if fault.strikes(call)), None)

    def release_all(self) -> None:
        for fault in self.planted:
            fault.release()

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.planted)
