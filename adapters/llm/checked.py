"""Reading a TOML table key by key, strictly: what is missing, unknown or not as it must be names its place."""

import re
import tomllib
from collections import Counter
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
    """Which table of which file; all of it without a `kind`. `text` is the file: TOML forgets the lines of its keys."""

    file: str
    text: str
    kind: str
    number: int
    id: str

    def wrong(self, what: str, key: str = "", within: str = "", occurrence: int = 0) -> NotConfigured:
        """The error for a key of this table, or of the `occurrence`th table `within` it ("prices.tiers")."""
        name = f'{self.kind} "{self.id}"' if self.id else f"{self.kind} number {self.number + 1}"
        line = self._line(key, within, occurrence)
        place = [self.file, *([f"line {line}"] if line else []), *([name] if self.kind else [])]
        return NotConfigured(f"{', '.join(place)}: {what}.")

    def _line(self, key: str, within: str, occurrence: int) -> int | None:
        """The line of the key, else where its table begins, else None (it is written otherwise)."""
        lines = self.text.splitlines()
        starts = _headers(lines, f"{self.kind}s", range(len(lines))) if self.kind else [0]
        if self.number >= len(starts):
            return None
        start = starts[self.number]
        span = range(start, next(iter(starts[self.number + 1 :]), len(lines)))
        if within:
            inner = _headers(lines, f"{self.kind}s.{within}" if self.kind else within, span)
            if occurrence >= len(inner):  # written as an inline table: the key it stands behind
                return _mention(lines, within.rpartition(".")[2], span, start) + 1
            start = inner[occurrence]
        elif key and not self.kind and (tables := _headers(lines, key, span)):
            return tables[0] + 1
        here = range(start, next((at for at in span if at > start and lines[at].lstrip().startswith("[")), span.stop))
        return _mention(lines, key, here, start) + 1


def _headers(lines: list[str], name: str, span: range) -> list[int]:
    header = re.compile(rf"\s*\[\[?\s*{re.escape(name)}\s*\]\]?")
    return [at for at in span if header.match(lines[at])]


def _mention(lines: list[str], key: str, span: range, otherwise: int) -> int:
    mention = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
    return next((at for at in span if key and mention.match(lines[at])), otherwise)


class Checked:
    """One table. Every key is asked for once; `nothing_else` then refuses the rest, so that no typing error passes."""

    def __init__(
        self, values: dict[str, Any], where: Where, *, parent: "Checked | None" = None, name: str = ""
    ) -> None:
        self._values = values
        self._where = where
        self._within: str = f"{parent._within}{name}." if parent else ""
        self._met: Counter[str] = parent._met if parent else Counter()  # to tell the third [[models.prices]] by
        self._occurrence = self._met[self._within]
        self._met[self._within] += 1
        self._asked: set[str] = set()

    def text(
        self, key: str, allowed: re.Pattern[str] | Sequence[str] | None = None, *, default: str | None = None
    ) -> str:
        """A text that is not empty, one of `allowed` or of that form; without a default it must be there."""
        if default is not None and key not in self._values:
            return default
        return self._checked_text(key, self._need(key), allowed)

    def texts(
        self, key: str, allowed: Sequence[str] | None = None, *, required: bool = True, may_be_empty: bool = False
    ) -> tuple[str, ...]:
        """One text or more, of `allowed` if given, each once; none where they may be missing or the list empty."""
        if not required and key not in self._values:
            self._asked.add(key)
            return ()
        values = self._need(key)
        if not isinstance(values, list) or not (values or may_be_empty):
            raise self.wrong(key, "must be a list of one text or more")
        found = tuple(self._checked_text(key, value, allowed) for value in values)
        if len(set(found)) < len(found):
            raise self.wrong(key, "has something in it twice")
        return found

    def _checked_text(self, key: str, value: object, allowed: re.Pattern[str] | Sequence[str] | None) -> str:
        if not isinstance(value, str) or not value.strip() or value != value.strip() or not value.isprintable():
            raise self.wrong(key, "must be a text that is not empty, on one line, without spaces around it")
        if isinstance(allowed, re.Pattern):
            if not allowed.fullmatch(value):
                raise self.wrong(key, f'cannot be "{value[:80]}"')
        elif allowed is not None and value not in allowed:
            raise self.wrong(key, f'cannot be "{value[:80]}": known are {", ".join(allowed)}')
        return value

    def whole(self, key: str, at_least: int, at_most: int, *, default: int | None = None) -> int:
        """A whole number between two others; without a default it must be said."""
        value = self._need(key) if default is None or key in self._values else default
        self._asked.add(key)
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
        return Checked(value, self._where, parent=self, name=key)

    def tables(self, key: str, *, required: bool = True) -> "list[Checked]":
        """One table or more inside this one; none if they may be missing."""
        self._asked.add(key)
        if not required and key not in self._values:
            return []
        values = self._need(key)
        if not isinstance(values, list) or not values or not all(isinstance(value, dict) for value in values):
            raise self.wrong(key, "must be one table or more")
        return [Checked(value, self._where, parent=self, name=key) for value in values]

    def __contains__(self, key: str) -> bool:
        return key in self._values

    @property
    def names(self) -> tuple[str, ...]:
        """The keys of a table whose keys are names."""
        return tuple(self._values)

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
        within = self._within.rstrip(".")
        return self._where.wrong(f"{self._within}{key}".rstrip(".") + f" {what}", key, within, self._occurrence)

    def _need(self, key: str) -> Any:
        self._asked.add(key)
        if key not in self._values:
            raise self.wrong(key, "is missing")
        return self._values[key]


def whole_file(text: str, file: str) -> Checked:
    """A file as one table. Raises `NotConfigured`."""
    return Checked(_parsed(text, file), Where(file, text, "", 0, ""))


def tables_of(text: str, file: str, kind: str) -> list[tuple[Where, dict[str, Any]]]:
    """Every [[`kind`s]] table of a file, each with its place; nothing else may stand in it. Raises `NotConfigured`."""
    parsed = _parsed(text, file)
    plural = f"{kind}s"
    if unknown := sorted(set(parsed) - {plural}):
        raise NotConfigured(f'{file}: unknown key "{unknown[0]}". The file holds [[{plural}]] tables only.')
    tables = parsed.get(plural, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise NotConfigured(f"{file}: write each {kind} as a [[{plural}]] table.")
    return [(Where(file, text, kind, number, str(table.get("id", ""))), table) for number, table in enumerate(tables)]


def _parsed(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise NotConfigured(f"{file} is not valid TOML: {error}.") from error
