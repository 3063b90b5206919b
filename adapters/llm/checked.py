"""Reading a TOML table key by key, strictly: what is missing, unknown or not as it must be names its place."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.errors import NotConfigured

MAX_USD = Decimal(10_000)
"""No model costs a cent a token. Above this somebody wrote the wrong unit."""

_USD = re.compile(r"[0-9]{1,9}(\.[0-9]{1,18})?")


@dataclass(frozen=True, slots=True)
class Where:
    """Which table of which file. `text` is the file, to find a line in: TOML itself forgets them."""

    file: str
    text: str
    kind: str
    number: int
    id: str

    def wrong(self, what: str, key: str = "", occurrence: int = 0) -> NotConfigured:
        """The error for a key of this table. `occurrence` counts the places where the key stands in the table."""
        name = f'{self.kind} "{self.id}"' if self.id else f"{self.kind} number {self.number + 1}"
        line = self._line(key, occurrence)
        place = f"{self.file}, line {line}, {name}" if line else f"{self.file}, {name}"
        return NotConfigured(f"{place}: {what}.")

    def _line(self, key: str, occurrence: int) -> int | None:
        """The line of the key (or of a header), else where the table begins, else None (it is written otherwise)."""
        header = re.compile(rf"\s*\[\[\s*{self.kind}s\s*\]\]")
        lines = self.text.splitlines()
        starts = [number for number, line in enumerate(lines, 1) if header.match(line)]
        if self.number >= len(starts):
            return None
        start = starts[self.number]
        end = next(iter(starts[self.number + 1 :]), len(lines) + 1)
        mention = re.compile(rf"\s*{re.escape(key)}" + ("" if key.startswith("[") else r"\s*="))
        found = [number for number in range(start, end) if key and mention.match(lines[number - 1])]
        return found[occurrence] if occurrence < len(found) else start


class Checked:
    """One table. Every key is asked for once; `nothing_else` then refuses the rest, so that no typing error passes."""

    def __init__(self, values: dict[str, Any], where: Where, *, within: str = "", occurrence: int = 0) -> None:
        self._values = values
        self._where = where
        self._within = within
        self._occurrence = occurrence
        self._asked: set[str] = set()

    def text(self, key: str, allowed: re.Pattern[str] | Sequence[str] | None = None) -> str:
        """A text that is not empty, one of `allowed` or of that form."""
        value = self._need(key)
        if not isinstance(value, str) or not value.strip() or value != value.strip() or not value.isprintable():
            raise self.wrong(key, "must be a text that is not empty, on one line, without spaces around it")
        if isinstance(allowed, re.Pattern):
            if not allowed.fullmatch(value):
                raise self.wrong(key, f'cannot be "{value[:80]}"')
        elif allowed is not None and value not in allowed:
            raise self.wrong(key, f'cannot be "{value[:80]}": known are {", ".join(allowed)}')
        return value

    def whole(self, key: str, at_least: int, at_most: int) -> int:
        """A whole number between two others."""
        value = self._need(key)
        if type(value) is not int or not at_least <= value <= at_most:
            raise self.wrong(key, f"must be a whole number from {at_least} to {at_most}")
        return value

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """true or false; without a default it must be said."""
        value = self._need(key) if default is None or key in self._values else default
        self._asked.add(key)
        if not isinstance(value, bool):
            raise self.wrong(key, "must be true or false")
        return value

    def day(self, key: str) -> date:
        """A date without a time, unquoted: 2026-10-26."""
        value = self._need(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.wrong(key, "must be a date without quotes, like 2026-10-26")
        return value

    def usd(self, key: str, *, free: bool, may_be_zero: bool = False, default: str | None = None) -> Decimal:
        """US dollars as a text: a float has lost the number that somebody wrote before we see it."""
        value = self._values.get(key, default) if default is not None else self._need(key)
        self._asked.add(key)
        if isinstance(value, str) and value.startswith("-"):
            raise self.wrong(key, "cannot be negative")
        if not isinstance(value, str) or not _USD.fullmatch(value):
            raise self.wrong(key, 'must be plain digits in quotes, in US dollars, like "0.25"')
        usd = Decimal(value)
        if usd > MAX_USD:
            raise self.wrong(key, f"is more than ${MAX_USD:,}. Prices are per million tokens")
        if not usd and not free and not may_be_zero:
            raise self.wrong(key, "is zero. If this model really costs nothing, say free = true")
        if usd and free:
            raise self.wrong(key, "is not zero, but the model says free = true")
        return usd

    def table(self, key: str, *, required: bool = True) -> "Checked":
        """A table inside this one; an empty one if it may be missing."""
        value = self._need(key) if required or key in self._values else {}
        self._asked.add(key)
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a table")
        return Checked(value, self._where, within=f"{key}.")

    def tables(self, key: str) -> "list[Checked]":
        """One table or more inside this one."""
        values = self._need(key)
        if not isinstance(values, list) or not values or not all(isinstance(value, dict) for value in values):
            raise self.wrong(key, "must be one table or more")
        return [Checked(value, self._where, within=f"{key}.", occurrence=at) for at, value in enumerate(values)]

    def anything(self, key: str) -> dict[str, Any]:
        """A table that is passed on as it is; empty if it is not there."""
        self._asked.add(key)
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a table")
        return value

    def nothing_else(self) -> None:
        """Refuse keys that nobody asked for."""
        if unknown := sorted(set(self._values) - self._asked):
            raise self.wrong(unknown[0], "is no key that is known here")

    def wrong(self, key: str, what: str) -> NotConfigured:
        """The error for one key."""
        return self._where.wrong(f"{self._within}{key} {what}", key, self._occurrence)

    def _need(self, key: str) -> Any:
        self._asked.add(key)
        if key not in self._values:
            header = f"[[{self._where.kind}s.{self._within.rstrip('.')}]]" if self._within else ""
            raise self._where.wrong(f"{self._within}{key} is missing", header, self._occurrence)
        return self._values[key]


def tables_of(text: str, file: str, kind: str) -> list[tuple[Where, dict[str, Any]]]:
    """Every [[`kind`s]] table of a file, each with its place; nothing else may stand in it. Raises `NotConfigured`."""
    try:
        parsed = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise NotConfigured(f"{file} is not valid TOML: {error}.") from error
    plural = f"{kind}s"
    if unknown := sorted(set(parsed) - {plural}):
        raise NotConfigured(f'{file}: unknown key "{unknown[0]}". The file holds [[{plural}]] tables only.')
    tables = parsed.get(plural, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise NotConfigured(f"{file}: write each {kind} as a [[{plural}]] table.")
    return [(Where(file, text, kind, number, str(table.get("id", ""))), table) for number, table in enumerate(tables)]
