"""Bring a database to the schema this code needs. Safe when several processes start at once.

Alembic takes a second to import, so it is imported only when the version in the database is another.
"""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.store.trouble import unavailable
from core.errors import BooksUnavailable, NoBooksYet

SCHEMA_VERSION = "0019"
"""The newest revision in migrations/versions; a test compares it with Alembic's own head."""

_MIGRATIONS = Path(__file__).with_name("migrations")
_LOCK = 0x_C419_1A  # any number, the same in every Chipin


async def migrate(engine: AsyncEngine, *, only_check: bool = False) -> bool:
    """Upgrade the schema if it differs; returns whether it did. The engine must be able to write.

    `only_check` refuses books of another schema instead: whoever copies them must not change them.
    """
    try:
        async with engine.begin() as connection:
            if only_check:
                await _check(connection)
                return False
            return await migrate_within(connection)
    except (DBAPIError, OSError) as error:
        raise unavailable(error) from error


async def migrate_within(connection: AsyncConnection, to: str = SCHEMA_VERSION) -> bool:
    """The same within a transaction that the caller commits; up to an older schema where `to` names one."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    version = await connection.run_sync(_version)
    if version == to:
        return False
    if version is not None and version > to:
        raise BooksUnavailable(
            f"The database was made by a newer Chipin (schema {version}, this one knows {to}). "
            "Start that one, or restore a backup from before the upgrade."
        )
    await connection.run_sync(_upgrade, to)
    return True


async def _check(connection: AsyncConnection) -> None:
    version = await connection.run_sync(_version)
    if version is None:
        raise NoBooksYet("There are no books in this database yet. Check DATABASE_URL.")
    if version != SCHEMA_VERSION:
        raise BooksUnavailable(
            f"These books have schema {version}, and this Chipin works with {SCHEMA_VERSION}. Use the version that "
            "runs on them, or run `python -m bot migrate` first."
        )


def _version(connection: Connection) -> str | None:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _upgrade(connection: Connection, to: str) -> None:
    from alembic import command  # noqa: PLC0415 - a second of import that most starts do not need
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
