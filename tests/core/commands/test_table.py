"""What is typed is looked up in a table, and help is made from it."""

import pytest

from core.commands.table import Command, Table, Typing, with_own
from core.errors import BadInput

HINT = "/ask asks something."
ASK = Command("/ask", "[--model NAME] TEXT", "ask")
BALANCE = Command("/balance", "", "your month")
LIMIT = Command("/limit", "NAME", "limits")
TABLE = Table({"Asking": [ASK], "Money": [BALANCE, LIMIT]}, hint=HINT)

ADMIN = Command("/admin", "", "these")
POLICY = Command("/admin policy", "[WHOM]", "rules")
LIST = Command("/admin list", "", "admins")
GROUPS = {"Asking": [ASK], "Admins": [ADMIN, POLICY, LIST]}
WITH_TWO_WORDS = Table(GROUPS, hint=HINT)
PREFIXED = Table(GROUPS, hint=HINT, typing=Typing("/chipin ", frozenset({"/ask"})))


@pytest.mark.parametrize(
    ("line", "command", "arguments"),
    [
        ("/ask   what is\tit?", ASK, "what is\tit?"),
        ("/balance", BALANCE, ""),
        ("/BALANCE", BALANCE, ""),
        ("/limit Bo Li 5", LIMIT, "Bo Li 5"),
    ],
)
def test_a_line_is_a_command_and_what_follows_it(line: str, command: Command, arguments: str) -> None:
    assert TABLE.parse(line) == (command, arguments)


@pytest.mark.parametrize(("typed", "near"), [("/balnce", "/balance"), ("/limits Bo", "/limit"), ("/", "/ask")])
def test_an_unknown_command_names_the_nearest(typed: str, near: str) -> None:
    with pytest.raises(BadInput, match=f"Did you mean {near}.*Not charged"):
        TABLE.parse(typed)


def test_help_is_made_from_the_table() -> None:
    assert TABLE.help_lines() == (
        "Asking",
        "  /ask [--model NAME] TEXT  ask",
        "Money",
        "  /balance                  your month",
        "  /limit NAME               limits",
    )


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


def test_the_commands_of_one_group_can_be_listed_alone() -> None:
    assert WITH_TWO_WORDS.help_lines("Admins") == (
        "Admins",
        "  /admin                these",
        "  /admin policy [WHOM]  rules",
        "  /admin list           admins",
    )


def test_a_chats_own_commands_stand_behind_those_of_all_chats_or_in_their_place() -> None:
    own = Command("/ask", "TEXT [FILE]", "ask here"), Command("/yes", "", "agree")
    assert with_own(GROUPS, {"/ask": own, "/admin": [BALANCE]}) == {
        "Asking": own,
        "Admins": (ADMIN, BALANCE, POLICY, LIST),
    }


@pytest.mark.parametrize(
    ("sentence", "here"),
    [
        ("/ask asks, /admin lists.", "/ask asks, /chipin admin lists."),
        ("See /admin policy WHOM, or (/admin list).", "See /chipin admin policy WHOM, or (/chipin admin list)."),
        ("and/admin, /administer, </admin>, a/admin/b", "and/admin, /administer, </admin>, a/admin/b"),
    ],
)
def test_sentences_name_commands_as_they_are_typed_here(sentence: str, here: str) -> None:
    assert PREFIXED.as_typed(sentence) == here
    assert WITH_TWO_WORDS.as_typed(sentence) == sentence


def test_what_is_known_from_another_chat_is_found_and_not_listed() -> None:
    table = Table(GROUPS, hint=HINT, typing=Typing("/chipin ", frozenset()), unlisted=[BALANCE])
    assert table.parse("/balance") == (BALANCE, "")
    assert not any("balance" in line for line in table.help_lines())
    assert table.as_typed("See /balance.") == "See /chipin balance."


def test_help_and_the_nearest_command_too() -> None:
    assert PREFIXED.help_lines("Admins")[2] == "  /chipin admin policy [WHOM]  rules"
    with pytest.raises(BadInput, match=r'no command "/chipin admin lst"\. Did you mean /chipin admin list'):
        PREFIXED.parse("/admin lst")


def test_a_command_may_have_a_name_of_its_own_here() -> None:
    typing = Typing("/chipin ", frozenset({"/ask"}), {"/admin list": "/chipin admins"})
    table = Table(GROUPS, hint=HINT, typing=typing)
    assert table.as_typed("/admin list, /admin policy") == "/chipin admins, /chipin admin policy"
    assert table.head(POLICY) == "/chipin admin policy [WHOM]" and table.head(LIST) == "/chipin admins"
