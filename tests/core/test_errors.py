"""The tree that core/errors.py opens with is the tree of its classes."""

import re
from collections.abc import Iterator

from core import errors
from core.errors import ChipinError
from core.page import NotLookedUp

DRAWN = re.compile(r"^([│ ]*)(?:[├└]── )?(\w+)", re.MULTILINE)


def drawn() -> Iterator[tuple[str, str]]:
    """Each kind of error in the drawing, with the kind it hangs on."""
    above: list[str] = []
    tree = (errors.__doc__ or "").split("\n\n")[1]
    for bars, name in DRAWN.findall(tree):
        depth = len(bars) // 4 + (name != ChipinError.__name__)
        above[depth:] = [name]
        if depth:
            yield name, above[depth - 1]


def classes(kind: type[ChipinError]) -> Iterator[tuple[str, str]]:
    """Each kind of error below this one, with the kind it inherits from."""
    for below in kind.__subclasses__():
        if below.__module__.startswith("core."):
            yield below.__name__, kind.__name__
            yield from classes(below)


def test_the_drawing_is_the_tree() -> None:
    assert (NotLookedUp.__name__, "BooksDamaged") in drawn()
    assert sorted(drawn()) == sorted(classes(ChipinError))
