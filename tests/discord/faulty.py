"""What a validator found: which rule, where in the payload, and why."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Violation:
    rule: str
    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.rule} at {self.where}: {self.why}"


@dataclass(slots=True)
class Report:
    """Collects violations of one payload."""

    found: list[Violation] = field(default_factory=list)

    def add(self, rule: str, where: str, why: str) -> None:
        self.found.append(Violation(rule, where, why))

    def length(self, text: object, where: str, rule: str, maximum: int, *, minimum: int = 1) -> None:
        if not isinstance(text, str):
            self.add(rule, where, f"{type(text).__name__} is no string")
        elif not minimum <= len(text) <= maximum:
            self.add(rule, where, f"{len(text)} characters; {minimum} to {maximum} are allowed")

    def count(self, things: object, where: str, rule: str, maximum: int, *, minimum: int = 1) -> None:
        if not isinstance(things, list):
            self.add(rule, where, f"{type(things).__name__} is no list")
        elif not minimum <= len(things) <= maximum:
            self.add(rule, where, f"{len(things)} items; {minimum} to {maximum} are allowed")
