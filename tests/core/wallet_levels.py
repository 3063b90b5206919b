"""What admins must have been told of a wallet's levels: told from its history alone, anew each time."""

from collections.abc import Iterable

Move = tuple[str, str, int]
"""What moved the balance: "top-up", "undo" (of which), "charge" or "back", its name, and by how much."""


def told_by(moves: Iterable[Move]) -> list[str]:
    """The notices as "top-up:level", in their order.

    Every top-up is a mark with its own list of what was told. Its undoing takes it out, if it is the last one and all
    of it went, and with it those right before it that were taken back before; any other leaves the mark, as full as the
    wallet is then.
    """
    notices: list[str] = []
    balance, left = 0, dict[str, int]()
    marks: list[tuple[str, int, set[int]]] = [("", 0, set())]
    for kind, name, nanos in moves:
        balance += nanos
        if kind == "top-up":
            left[name] = nanos
            marks.append((name, balance, set()))
        if kind == "undo":
            left[name] += nanos
            if marks[-1][0] == name and not left[name]:
                while marks[-1][0] and not left[marks[-1][0]]:
                    marks.pop()
            else:
                marks[-1] = (marks[-1][0], balance, marks[-1][2])
        by, full, told = marks[-1]
        reached = {level for level in (50, 20, 5) if full and balance * 100 <= full * level}
        if kind in ("undo", "charge") and reached and min(reached) < min(told, default=100):
            told.add(min(reached))
            notices.append(f"{by}:{min(reached)}")
    return notices
