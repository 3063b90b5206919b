"""A provider that answers as told, and databases that can be taken away."""

from collections.abc import Iterator

import pytest

from tests.end_to_end.conftest import one_counter, server
from tests.troubles.postgres import ServerProcess

__all__ = ["one_counter", "server"]


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[ServerProcess]:
    """The server of these tests as processes; `postgres.url` is a database on it. It runs again afterwards."""
    process = ServerProcess.of(postgres_url)
    try:
        yield process
    finally:
        process.thaw()
        process.start()
