"""What a validator found: which rule, where in the payload, and why."""

from dataclasses import dataclass, field
from typing import Any

from tests.slack.state import Json


@dataclass(frozen=True, slots=True)
class Violation:
    rule: str
    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.rule} at {self.where}: {self.why}"


@dataclass(slots=True)
class Report:
    """Collects violations of one payload, and what must be unique in it."""

    found: list[Violation] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)
    characters: int = 0
    markdown_characters: int = 0

    def add(self, rule: str, where: str, why: str) -> None:
        self.found.append(Violation(rule, where, why))

    def known(self, thing: Json, where: str, rule: str, *names: str) -> None:
        """Slack refuses a field that it does not know."""
        for name in thing:
            if name not in names:
                self.add(rule, where, f"unknown field {name!r}")

    def length(self, text: Any, where: str, rule: str, maximum: int, *, minimum: int = 1) -> None:
        if not isinstance(text, str):
            self.add(rule, where, f"{type(text).__name__} is no string")
        elif not minimum <= len(text) <= maximum:
            self.add(rule, where, f"{len(text)} characters; {minimum} to {maximum} are allowed")

    def count(self, things: Any, where: str, rule: str, maximum: int, *, minimum: int = 1) -> bool:
        """Whether it is a list of a size that is allowed."""
        if not isinstance(things, list):
            self.add(rule, where, f"{type(things).__name__} is no list")
            return False
        if not minimum <= len(things) <= maximum:
            self.add(rule, where, f"{len(things)} items; {minimum} to {maximum} are allowed")
        return True

    def one_of(self, value: Any, where: str, rule: str, *allowed: Any) -> None:
        if value not in allowed:
            self.add(rule, where, f"{value!r} is none of {allowed}")
