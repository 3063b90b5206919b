import pytest

from adapters.terminal.commands import Command, Commands, starting_with
from adapters.terminal.screen import Suggestions
from core.errors import BadInput


async def nothing(_: str) -> None: ...


ASK = Command("/ask", "[--model NAME] TEXT", "ask", nothing)
BALANCE = Command("/balance", "", "your month", nothing)
LIMIT = Command("/limit", "NAME", "limits", nothing, lambda typed: starting_with(typed, ["Anna", "Bo Li"]))
COMMANDS = Commands({"Asking": [ASK], "Money": [BALANCE, LIMIT]}, otherwise=ASK)

ADMIN = Command("/admin", "", "these", nothing)
POLICY = Command("/admin policy", "[WHOM]", "rules", nothing, lambda typed: starting_with(typed, ["everyone", "Bo Li"]))
LIST = Command("/admin list", "", "admins", nothing)
WITH_TWO_WORDS = Commands({"Asking": [ASK], "Admins": [ADMIN, POLICY, LIST]}, otherwise=ASK)


@pytest.mark.parametrize(
    ("line", "command", "arguments"),
    [
        ("what is it?", ASK, "what is it?"),
        ("  /ask   what is\tit? ", ASK, "what is\tit?"),
        ("/balance", BALANCE, ""),
        ("/BALANCE", BALANCE, ""),
        ("/limit Bo Li 5", LIMIT, "Bo Li 5"),
        ("1/2 of it", ASK, "1/2 of it"),
    ],
)
def test_a_line_is_a_command_or_a_question(line: str, command: Command, arguments: str) -> None:
    assert COMMANDS.parse(line) == (command, arguments)


@pytest.mark.parametrize(("typed", "near"), [("/balnce", "/balance"), ("/limits Bo", "/limit"), ("/", "/ask")])
def test_an_unknown_command_names_the_nearest(typed: str, near: str) -> None:
    with pytest.raises(BadInput, match=f"Did you mean {near}.*Not charged"):
        COMMANDS.parse(typed)


def test_help_is_made_from_the_table() -> None:
    assert COMMANDS.help_lines() == (
        "Asking",
        "  /ask [--model NAME] TEXT  ask",
        "Money",
        "  /balance                  your month",
        "  /limit NAME               limits",
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
    ("line", "command", "arguments"),
    [
        ("/admin", ADMIN, ""),
        ("/admin  ", ADMIN, ""),
        ("/admin policy", POLICY, ""),
        ("/Admin   POLICY  Bo  Li day 2", POLICY, "Bo  Li day 2"),
        ("/admin list", LIST, ""),
    ],
)
def test_a_name_of_two_words_is_found_before_its_first_word(line: str, command: Command, arguments: str) -> None:
    assert WITH_TWO_WORDS.parse(line) == (command, arguments)


@pytest.mark.parametrize(
    ("typed", "near"), [("/admin polcy everyone", "/admin policy"), ("/admin lst", "/admin list"), ("/admn", "/admin")]
)
def test_an_unknown_second_word_names_the_nearest(typed: str, near: str) -> None:
    with pytest.raises(BadInput, match=rf"Did you mean {near}\?"):
        WITH_TWO_WORDS.parse(typed)


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


def test_the_commands_of_one_group_can_be_listed_alone() -> None:
    assert WITH_TWO_WORDS.help_lines("Admins") == (
        "Admins",
        "  /admin                these",
        "  /admin policy [WHOM]  rules",
        "  /admin list           admins",
    )
