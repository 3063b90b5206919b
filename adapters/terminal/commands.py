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
    """All commands of a chat, in groups under a title each. A line that is no command goes to `otherwise`."""

    def __init__(self, groups: Mapping[str, Sequence[Command]], otherwise: Command) -> None:
        self._groups = groups
        self._by_name = {command.name: command for commands in groups.values() for command in commands}
        self._otherwise = otherwise

    def parse(self, line: str) -> tuple[Command, str]:
        """The command of a line and its arguments; `BadInput` names the nearest one when there is none such."""
        text = line.strip()
        if not text.startswith("/"):
            return self._otherwise, text
        name, *arguments = text.split(maxsplit=1)
        command = self._by_name.get(name.casefold())
        if command is None:
            raise BadInput(f'There is no command "{name[:40]}". {self._nearest(name)} {NOT_CHARGED}')
        return command, arguments[0] if arguments else ""

    def _nearest(self, name: str) -> str:
        near = difflib.get_close_matches(name.casefold()[:40], self._by_name, n=1, cutoff=0.0)
        ask = self._otherwise.name
        return f"Did you mean {near[0]}? /help lists them all; {ask} asks something that begins with a slash."

    def help_lines(self) -> tuple[str, ...]:
        """A line for each command, under the title of its group."""
        width = max(len(_head(command)) for command in self._by_name.values())
        return tuple(
            line
            for title, commands in self._groups.items()
            for line in (title, *(f"  {_head(command):<{width}}  {command.help}" for command in commands))
        )

    def suggest(self, line: str) -> Suggestions:
        """What may stand at the end of a line: a command's name, or what its arguments offer."""
        if not line.startswith("/"):
            return Suggestions()
        name, space, arguments = line.partition(" ")
        if not space:
            return starting_with(name, self._by_name)
        command = self._by_name.get(name.casefold())
        return command.choices(arguments.lstrip()) if command is not None else Suggestions()


def _head(command: Command) -> str:
    return f"{command.name} {command.arguments}".strip()


def starting_with(typed: str, words: Iterable[str]) -> Suggestions:
    """The words that begin with what is typed, in its place."""
    begun = typed.casefold()
    return Suggestions(len(typed), tuple(word for word in words if word.casefold().startswith(begun)))
