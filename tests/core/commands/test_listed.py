"""Who is meant where people are mentioned after a command."""

import pytest

from core.commands.listed import meant_in

ANNA_BEN = ("U1", "U2")


@pytest.mark.parametrize(
    ("command", "meant"),
    [("/limit", ANNA_BEN), ("/admin allow", ANNA_BEN), ("/freeze", ("U1",)), ("/unlink", ("U1",)), ("/request", ())],
)
def test_rules_are_for_all_who_are_mentioned_other_commands_for_the_first_and_reasons_for_nobody(
    command: str, meant: tuple[str, ...]
) -> None:
    assert tuple(meant_in(command, ANNA_BEN)) == meant
