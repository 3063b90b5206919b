"""The commands as one table: what is typed is looked up in it, and /help and completion are made from it."""

import difflib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from adapters.terminal.screen import Suggestions
from core.errors import BadInput
from core.text.wording import NOT_CHARGED

Choices = Callable[[str], Suggestions]
"""From the arguments typed so far to what may follow."""


def no_choices(_: str) -> Suggestions:
    """For arguments that only the person knows."""
    return Suggestions()


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `run` gets what is typed after its name."""

    name: str
    arguments: str
    help: str
    run: Callable[[str], Awaitable[None]]
    choices: Choices = no_choices


class Commands:
    """All commands of a chat, in groups under a title each. A line that is no command goes to `otherwise`.

    A name may have two words: "/admin policy" is found before "/admin", and "/admin" takes nothing else after it.
    """

    def __init__(self, groups: Mapping[str, Sequence[Command]], otherwise: Command) -> None:
        self._groups = groups
        self._by_name = {command.name: command for commands in groups.values() for command in commands}
        self._families = {name.partition(" ")[0] for name in self._by_name if " " in name}
        self._otherwise = otherwise

    def parse(self, line: str) -> tuple[Command, str]:
        """The command of a line and its arguments; `BadInput` names the nearest one when there is none such."""
        text = line.strip()
        if not text.startswith("/"):
            return self._otherwise, text
        name, arguments = self._split(text)
        command = self._by_name.get(name.casefold())
        if command is None:
            raise BadInput(f'There is no command "{name[:40]}". {self._nearest(name)} {NOT_CHARGED}')
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
        ask = self._otherwise.name
        return f"Did you mean {near[0]}? /help lists them all; {ask} asks something that begins with a slash."

    def help_lines(self, only: str = "") -> tuple[str, ...]:
        """A line for each command, under the title of its group; `only` leaves one group."""
        groups = {only: self._groups[only]} if only else self._groups
        width = max(len(_head(command)) for commands in groups.values() for command in commands)
        return tuple(
            line
            for title, commands in groups.items()
            for line in (title, *(f"  {_head(command):<{width}}  {command.help}" for command in commands))
        )

    def suggest(self, line: str) -> Suggestions:
        """What may stand at the end of a line: a command's name, or what its arguments offer."""
        if not line.startswith("/"):
            return Suggestions()
        name, space, arguments = line.partition(" ")
        if not space:
            return starting_with(name, dict.fromkeys(each.partition(" ")[0] for each in self._by_name))
        if name.casefold() in self._families:
            second, space, arguments = arguments.lstrip().partition(" ")
            if not space:
                return starting_with(second, self._of_family(name.casefold()))
            name = f"{name} {second}"
        command = self._by_name.get(name.casefold())
        return command.choices(arguments.lstrip()) if command is not None else Suggestions()

    def _of_family(self, first: str) -> list[str]:
        """The second words of the commands that begin with this one."""
        return [name.removeprefix(f"{first} ") for name in self._by_name if name.startswith(f"{first} ")]


def _head(command: Command) -> str:
    return f"{command.name} {command.arguments}".strip()


def starting_with(typed: str, words: Iterable[str]) -> Suggestions:
    """The words that begin with what is typed, in its place."""
    begun = typed.casefold()
    return Suggestions(len(typed), tuple(word for word in words if word.casefold().startswith(begun)))
