"""What can be typed, as a table: lines are looked up in it, and help is made from it, as it is typed in a chat."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.errors import BadInput
from core.text.wording import NOT_CHARGED

SIGN = "/"


@dataclass(frozen=True, slots=True)
class Command:
    """One command, by the name that core's sentences have for it: "/balance", "/admin policy".

    `for_admins`: nobody else gets anything out of it.
    """

    name: str
    arguments: str
    help: str
    for_admins: bool = False


Groups = Mapping[str, Sequence[Command]]
"""Commands under the title of their group."""


def with_own(groups: Groups, own: Mapping[str, Sequence[Command]]) -> Groups:
    """The same with a chat's own commands, each behind the one it is listed under, or in its place by its name."""
    return {title: tuple(_with_own(commands, own)) for title, commands in groups.items()}


def _with_own(commands: Sequence[Command], own: Mapping[str, Sequence[Command]]) -> list[Command]:
    placed: list[Command] = []
    for command in commands:
        added = own.get(command.name, ())
        instead = any(each.name == command.name for each in added)
        placed += [*([] if instead else [command]), *added]
    return placed


@dataclass(frozen=True, slots=True)
class Typing:
    """How the people of a chat type commands: those of `short` by their own names (None: all), others behind `prefix`.

    "/chipin " and {"/ask"}: "/ask", and "/chipin limit" for "/limit". `named` are those that are called otherwise here.
    """

    prefix: str = SIGN
    short: frozenset[str] | None = None
    named: Mapping[str, str] = field(default_factory=dict)

    def typed(self, name: str) -> str:
        """What to type for a command."""
        if name in self.named:
            return self.named[name]
        return name if self.short is None or name in self.short else f"{self.prefix}{name.removeprefix(SIGN)}"


class Table:
    """All commands of a chat. `hint` is what else may be typed, for whoever typed what is no command.

    `unlisted` are known without standing in the help: what people type who know another chat.
    A name may have two words: "/admin policy" is found before "/admin", and "/admin" takes nothing else after it.
    """

    def __init__(
        self, groups: Groups, *, hint: str, typing: Typing | None = None, unlisted: Sequence[Command] = ()
    ) -> None:
        self.groups = groups
        self._typing = typing or Typing()
        self._hint = hint
        self._by_name = {command.name: command for commands in (*groups.values(), unlisted) for command in commands}
        self._families = {name.partition(" ")[0] for name in self._by_name if " " in name}
        longest_first = sorted(self._by_name, key=len, reverse=True)
        self._names = re.compile(rf"(?<![\w/<])(?:{'|'.join(map(re.escape, longest_first))})(?![\w/-])")

    def parse(self, line: str) -> tuple[Command, str]:
        """The command of a line that begins with its sign, and its arguments.

        `BadInput` names the nearest one when there is none such.
        """
        name, arguments = self._split(line)
        command = self._by_name.get(name.casefold())
        if command is None:
            raise BadInput(
                f'There is no command "{self._typing.typed(name[:40])}". {self._nearest(name)} {NOT_CHARGED}'
            )
        return command, arguments

    def _split(self, text: str) -> tuple[str, str]:
        """The name that a line begins with, of two words where its first has others of its kind; and the rest."""
        first, *rest = text.split(maxsplit=1)
        if not rest or first.casefold() not in self._families:
            return first, "".join(rest)
        second, *arguments = rest[0].split(maxsplit=1)
        return f"{first} {second}", "".join(arguments)

    def _nearest(self, name: str) -> str:
        near = difflib.get_close_matches(name.casefold()[:40], self._by_name, n=1, cutoff=0.0)
        return self.as_typed(f"Did you mean {near[0]}? /help lists them all; {self._hint}")

    def head(self, command: Command) -> str:
        """A command with its arguments, as it is typed here."""
        return f"{self._typing.typed(command.name)} {command.arguments}".strip()

    def help_lines(self, only: str = "") -> tuple[str, ...]:
        """A line for each command, under the title of its group; `only` leaves one group."""
        groups = {only: self.groups[only]} if only else self.groups
        width = max(len(self.head(command)) for commands in groups.values() for command in commands)
        return tuple(
            line
            for title, commands in groups.items()
            for line in (title, *(f"  {self.head(command):<{width}}  {command.help}" for command in commands))
        )

    def as_typed(self, sentence: str) -> str:
        """A sentence of core with its commands as they are typed here: "/chipin limit" for "/limit"."""
        if self._typing.short is None:
            return sentence
        return self._names.sub(lambda found: self._typing.typed(found[0]), sentence)

    def begins(self, first: str) -> list[str]:
        """The second words of the commands that begin with this one, none where there are no such."""
        return [name.removeprefix(f"{first} ") for name in self._by_name if name.startswith(f"{first} ")]

    def firsts(self) -> list[str]:
        """The first words of all names, each once."""
        return list(dict.fromkeys(name.partition(" ")[0] for name in self._by_name))
