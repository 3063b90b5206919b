"""Sentences of core name commands as they are typed on Discord, however often they come by."""

import pytest

from adapters.discord.table import TABLE


@pytest.mark.parametrize(
    ("sentence", "here"),
    [
        ("/ask asks, /limit me 2 lowers, /help lists.", "/ask asks, /chipin limit me 2 lowers, /chipin help lists."),
        ("/deny 1, but /admin deny guests", "/admin request deny 1, but /admin deny guests"),
        ("/freeze, /undo and /admin list", "/admin freeze, /admin undo and /chipin admins"),
        ("/topup 25 and /models all", "/topup 25 and /models all"),
    ],
)
def test_a_command_has_the_name_that_is_typed_here(sentence: str, here: str) -> None:
    assert TABLE.as_typed(sentence) == here
    assert TABLE.as_typed(here) == here
