"""Freezing, in words: what a command did, and who is frozen."""

from collections.abc import Iterable

from core.people import Frozen, Pause
from core.text.wording import clock_time


def changed_lines(done: Iterable[Frozen], *, frozen: bool) -> tuple[str, ...]:
    """What freezing (or unfreezing) did, a line each, and what it means."""
    lines = tuple(line for each in done for line in _changed(each, frozen=frozen))
    if not lines:
        return ("There are no teams in these books yet.",)
    meaning = "Running asks finish and are charged; new ones are refused. /balance and /topup work as ever."
    return (*lines, meaning) if frozen else lines


def _changed(done: Frozen, *, frozen: bool) -> list[str]:
    whose = done.team.name if done.member is None else f"{done.member.display_name} of {done.team.name}"
    if not done.changed:
        return [f"{whose}: asking {'was paused already' if frozen else 'was not paused'}; nothing changed."]
    lines = [f"{whose}: asking {'is paused' if frozen else 'goes on'}."]
    if done.member is not None and not frozen and done.team.frozen:
        lines.append(f"But it is still paused for the whole team {done.team.name}.")
    if done.still:
        lines.append(f"Still paused one by one: {', '.join(member.display_name for member in done.still)}.")
    return lines


def pause_line(pause: Pause) -> str:
    """Whose asking is paused, by whom, since when and why."""
    whose = f"all of {pause.team.name}" if pause.member is None else pause.member.display_name
    by = f" by {pause.by}" if pause.by else ""
    since = f" since {clock_time(pause.at, pause.team.zone)}" if pause.at is not None else ""
    return f"Asking is paused for {whose}{by}{since}{f': {pause.reason}' if pause.reason else ''}."


def who_is_frozen(pauses: Iterable[Pause]) -> str:
    """One line for whoever looks at the whole; empty when nobody is frozen."""
    return " ".join(map(pause_line, pauses))
