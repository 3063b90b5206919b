"""A line at the terminal is completed from the table and from who is there."""

import pytest

from adapters.terminal.completion import Completion, starting_with
from adapters.terminal.screen import Suggestions
from core.commands.table import Command, Table

HINT = "/ask asks something."
COMMANDS = Completion(
    Table(
        {"Asking": [Command("/ask", "TEXT", "ask")], "Money": [Command("/balance", "", ""), Command("/limit", "", "")]},
        hint=HINT,
    ),
    {"/limit": lambda typed: starting_with(typed, ["Anna", "Bo Li"])},
)
WITH_TWO_WORDS = Completion(
    Table({"All": [Command(name, "", "") for name in ("/ask", "/admin", "/admin policy", "/admin list")]}, hint=HINT),
    {"/admin policy": lambda typed: starting_with(typed, ["everyone", "Bo Li"])},
)


@pytest.mark.parametrize(
    ("line", "replaced_chars", "words"),
    [
        ("/", 1, ("/ask", "/balance", "/limit")),
        ("/B", 2, ("/balance",)),
        ("/limit ", 0, ("Anna", "Bo Li")),
        ("/limit bo l", 4, ("Bo Li",)),
        ("/nothing x", 0, ()),
        ("what is /b", 0, ()),
        ("", 0, ()),
    ],
)
def test_completion_is_made_from_the_table(line: str, replaced_chars: int, words: tuple[str, ...]) -> None:
    assert COMMANDS.suggest(line) == Suggestions(replaced_chars, words)


@pytest.mark.parametrize(
    ("line", "replaced_chars", "words"),
    [
        ("/", 1, ("/ask", "/admin")),
        ("/adm", 4, ("/admin",)),
        ("/admin ", 0, ("policy", "list")),
        ("/admin Po", 2, ("policy",)),
        ("/admin policy ", 0, ("everyone", "Bo Li")),
        ("/admin policy bo l", 4, ("Bo Li",)),
        ("/admin nothing x", 0, ()),
    ],
)
def test_completion_goes_on_after_the_first_word(line: str, replaced_chars: int, words: tuple[str, ...]) -> None:
    assert WITH_TWO_WORDS.suggest(line) == Suggestions(replaced_chars, words)
