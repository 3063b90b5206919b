"""Alembic's entry: runs the revisions on the connection (and in the transaction) that `migrate` hands over."""

from alembic import context
from sqlmodel import SQLModel

from adapters.store import tables

assert tables.Wallet.metadata is SQLModel.metadata  # noqa: S101 - the import above is what fills the metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata)
context.run_migrations()
