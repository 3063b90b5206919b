"""How far a long command is: noted once a second, and never for what is quickly done."""

import time

import pytest

from bot.console import Console, Progress


def test_what_takes_long_is_noted_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter([7.0, 7.9, 8.0, 8.5, 9.5])
    noted: list[str] = []
    progress = Progress(Console(say=print, write=print, note=noted.append))
    monkeypatch.setattr(time, "monotonic", lambda: next(seconds))
    for step in range(5):
        progress(f"step {step}")
    assert noted == ["step 2", "step 4"]
