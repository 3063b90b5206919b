"""Freezing, in words: what a command did, and who is frozen."""

from collections.abc import Iterable

from core.people import Frozen, Member, Team


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


def who_is_frozen(teams: Iterable[Team], members: Iterable[Member]) -> str:
    """One line for whoever looks at the whole; empty when nobody is frozen."""
    everybody = [f"all of {team.name}" for team in teams if team.frozen]
    one_by_one = [f"{member.display_name} of {member.team.name}" for member in members if member.frozen]
    frozen = ", ".join(everybody + one_by_one)
    return f"asking is paused for {frozen}" if frozen else ""
