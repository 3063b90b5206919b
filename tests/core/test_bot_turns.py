"""Two bots that answer each other come to an end."""

from core.bot_turns import MOST_KNOWN, MOST_TURNS, WITHIN_SECONDS, BotTurns
from tests.fakes import FakeClock


def test_a_bot_may_ask_so_often_within_an_hour_and_again_after_it() -> None:
    clock = FakeClock()
    turns = BotTurns(clock)
    assert [turns.take("general", "bot", str(number)) for number in range(MOST_TURNS + 2)] == [True] * MOST_TURNS + [
        False,
        False,
    ]
    clock.advance(WITHIN_SECONDS)
    assert turns.take("general", "bot", "later")


def test_copies_of_a_message_count_once() -> None:
    turns = BotTurns(FakeClock())
    assert all(turns.take("general", "bot", "same") for _ in range(MOST_TURNS * 3))


def test_other_bots_and_other_channels_have_their_own_turns() -> None:
    turns = BotTurns(FakeClock())
    for number in range(MOST_TURNS):
        turns.take("general", "bot", str(number))
    assert turns.take("general", "other", "x") and turns.take("random", "bot", "x")
    assert not turns.take("general", "bot", "x")


def test_no_more_than_so_many_bots_are_remembered() -> None:
    turns = BotTurns(FakeClock())
    for number in range(MOST_KNOWN + 5):
        turns.take("general", str(number), "x")
    assert len(turns._taken) == MOST_KNOWN
