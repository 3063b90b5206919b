"""What all rows share."""

from dataclasses import dataclass
from typing import ClassVar, TypeVar


@dataclass(frozen=True, kw_only=True)
class Row:
    """What all rows share. `table` is where they are kept; append-only tables are never updated."""

    table: ClassVar[str]
    append_only: ClassVar[bool] = False
    id: str


R = TypeVar("R", bound=Row)
