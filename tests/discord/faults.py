"""What goes wrong when a test asks for it, and how often it did."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.discord.people import Json

Moment = Literal["", "before", "after"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart request."""

    field: str
    filename: str
    content: bytes
    content_type: str


@dataclass(slots=True, eq=False)
class Call:
    """One REST call as it came in. `operation` is OpenAPI's operationId; `at` by the clock of the fake."""

    order: int
    operation: str
    method: str
    route: str
    parameters: dict[str, str]
    query: dict[str, str]
    body: Any
    files: list[Upload]
    token: str
    at: float
    content_type: str = ""
    status: int = 0
    answer: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    taken: bool = False  # it took effect, whether or not the caller heard of it

    @property
    def fields(self) -> Json:
        """The body where it is an object, else nothing."""
        return self.body if isinstance(self.body, dict) else {}


@dataclass(slots=True, eq=False)
class Fault:
    """One planted fault. `fired` counts how often it struck; a stall lasts until `release()`."""

    operation: str
    code: int = 0
    status: int = 0
    retry_after: float | None = None
    via: bool = True
    everywhere: bool = False
    html: bool = False
    drop: Moment = ""
    stall: Moment = ""
    gateway: Moment = ""
    taken: bool = False
    times: int | None = None
    when: Callable[[Call], bool] | None = None
    fired: int = 0
    struck: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    lifted: bool = False

    def __post_init__(self) -> None:
        kinds = (self.status or self.code, self.retry_after is not None, self.drop, self.stall, self.gateway)
        if sum(bool(kind) for kind in kinds) != 1:
            raise ValueError("one fault at a time: status/code, retry_after, drop, stall or gateway")

    def strikes(self, call: Call) -> bool:
        if self.lifted or self.operation not in ("*", call.operation) or self.times == 0:
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
    """All faults of one Discord, in the order they were planted; the first that strikes decides."""

    def __init__(self) -> None:
        self.planted: list[Fault] = []

    def fail(self, operation: str, **how: Any) -> Fault:
        """See FakeDiscord.fail."""
        self.planted.append(Fault(operation, **how))
        return self.planted[-1]

    def striking(self, call: Call) -> Fault | None:
        return next((fault for fault in self.planted if fault.strikes(call)), None)

    def release_all(self) -> None:
        for fault in self.planted:
            fault.release()

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.planted)
