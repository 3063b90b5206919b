"""One token counter for every house of a story: loading its ranks takes a third of a second."""

from tests.end_to_end.conftest import one_counter

__all__ = ["one_counter"]
