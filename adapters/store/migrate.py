"""Bring a database to the schema this code needs. Safe when several processes start at once.

Alembic takes a second to import, so it is imported only when the version in the database is another.
"""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.store.trouble import unavailable
from core.errors import BooksUnavailable

SCHEMA_VERSION = "0004"
"""The newest revision in migrations/versions; a test compares it with Alembic's own head."""

_MIGRATIONS = Path(__file__).with_name("migrations")
_LOCK = 0x_C419_1A  # any number, the same in every Chipin


async def migrate(engine: AsyncEngine) -> bool:
    """Upgrade the schema if it differs; returns whether it did. The engine must be able to write."""
    try:
        async with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            version = await connection.run_sync(_version)
            if version == SCHEMA_VERSION:
                return False
            if version is not None and version > SCHEMA_VERSION:
                raise BooksUnavailable(
                    f"The database was made by a newer Chipin (schema {version}, this one knows {SCHEMA_VERSION}). "
                    "Start that one, or restore a backup from before the upgrade."
                )
            await connection.run_sync(_upgrade)
            return True
    except (DBAPIError, OSError) as error:
        raise unavailable(error) from error


def _version(connection: Connection) -> str | None:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - a second of import that most starts do not need
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
