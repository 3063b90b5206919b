"""What may stand at the end of a line: a command's name, or what its arguments offer."""

from collections.abc import Callable, Iterable, Mapping

from adapters.terminal.people import CHANNEL, People
from adapters.terminal.screen import Suggestions
from core.commands.models import ALL
from core.commands.table import Table
from core.policy import EVERYONE, STANDINGS
from core.policy.targets import ME
from core.policy.typed import WORDS
from core.ports import Catalogue

Choices = Callable[[str], Suggestions]
"""From the arguments typed so far to what may follow."""


class Completion:
    """Suggests for one chat: names from its table, arguments from `choices` by command."""

    def __init__(self, table: Table, choices: Mapping[str, Choices]) -> None:
        self._table = table
        self._choices = choices

    def suggest(self, line: str) -> Suggestions:
        """What may stand at the end of a line."""
        if not line.startswith("/"):
            return Suggestions()
        name, space, arguments = line.partition(" ")
        if not space:
            return starting_with(name, self._table.firsts())
        if seconds := self._table.begins(name.casefold()):
            second, space, arguments = arguments.lstrip().partition(" ")
            if not space:
                return starting_with(second, seconds)
            name = f"{name} {second}"
        choices = self._choices.get(name.casefold())
        return choices(arguments.lstrip()) if choices is not None else Suggestions()


def choices_for(people: People, catalogue: Catalogue) -> dict[str, Choices]:
    """What the arguments of the commands of all chats offer here."""

    def names(typed: str) -> Suggestions:
        return starting_with(typed, people.names)

    def whom(typed: str) -> Suggestions:
        return starting_with(typed, [EVERYONE, *people.names])

    def whom_or_where(typed: str) -> Suggestions:
        return starting_with(typed, _whom_or_where(people))

    def numbers(typed: str) -> Suggestions:
        return starting_with(typed, map(str, range(1, 1 + len(people.current.requests))))

    return {
        "/limit": lambda typed: _then(typed, [ME, EVERYONE, *people.names], ["day", "week", "month", "ask"]),
        "/admin policy": lambda typed: _then(typed, _whom_or_where(people), WORDS),
        "/models": lambda typed: starting_with(typed, [ALL, *(model.id for model in catalogue.models)]),
        **dict.fromkeys(("/admin allow", "/admin deny"), whom_or_where),
        **dict.fromkeys(("/freeze", "/unfreeze"), whom),
        **dict.fromkeys(
            ("/admin add", "/admin remove", "/admin restore", "/forget", "/unlink", "/as", "/left", "/back"), names
        ),
        **dict.fromkeys(("/approve", "/half", "/deny"), numbers),
    }


def _whom_or_where(people: People) -> list[str]:
    return [EVERYONE, *people.names, *STANDINGS.values(), f"#{CHANNEL}"]


def _then(typed: str, whom: list[str], what: Iterable[str]) -> Suggestions:
    """A name may have words: what follows one that is whole is what can be set."""
    for name in whom:
        if typed.casefold().startswith(f"{name.casefold()} "):
            return starting_with(typed[len(name) + 1 :], what)
    return starting_with(typed, whom)


def starting_with(typed: str, words: Iterable[str]) -> Suggestions:
    """The words that begin with what is typed, in its place."""
    begun = typed.casefold()
    return Suggestions(len(typed), tuple(word for word in words if word.casefold().startswith(begun)))
