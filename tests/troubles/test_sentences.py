"""What is said of a database in trouble: members read plain words, whoever runs Chipin reads where it hurts."""

import pytest

from adapters.store.database import open_store
from bot.doctor import examine
from core.errors import BooksUnavailable
from tests.end_to_end.house import settings_for
from tests.provider_server import closed_port
from tests.troubles.asking import assert_plain


def nobody_there() -> str:
    return f"postgresql://anna:hunter2@127.0.0.1:{closed_port()}/books"


async def test_a_server_that_is_not_there_is_named_to_operators_only_and_its_password_to_nobody() -> None:
    with pytest.raises(BooksUnavailable) as failed:
        async with open_store(nobody_there()):
            pass
    assert_plain(f"{failed.value} Not charged.")
    assert "127.0.0.1" in failed.value.in_full
    assert "hunter2" not in failed.value.in_full


async def test_doctor_names_it_and_says_where_to_look() -> None:
    checks = [check async for check in examine(settings_for(nobody_there(), "http://127.0.0.1:1/v1"))]
    found = next(check for check in checks if check.name == "database")
    assert not found.ok
    assert "127.0.0.1" in found.finding and "hunter2" not in found.finding
    assert "Check DATABASE_URL and the server" in found.fix
