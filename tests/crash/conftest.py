"""The fixtures of the end-to-end tests: a provider that nobody kills, and one token counter for every process."""

from tests.end_to_end.conftest import one_counter, server

__all__ = ["one_counter", "server"]
