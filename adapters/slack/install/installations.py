"""Workspaces that installed Chipin by themselves, in slack_sdk's tables. Their tokens are encrypted there."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from sqlalchemy import RowMapping, Select, and_, delete
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.slack.api import SlackApi
from adapters.slack.library_logs import library_logger
from adapters.slack.workspaces import Workspace
from core.errors import BooksUnavailable
from core.operator_lists import LetIn
from core.ports import Clock

FRESH_SECONDS = 15.0
"""How long what the tables say is taken for true: what another process installed or removed is known within it."""
STATE_SECONDS = 600
"""How long an installation that was begun can be ended: as long as Slack's own code for it lives."""
MOST_SEALED_CHARS = 200
"""As many as slack_sdk's column takes."""

_log = structlog.get_logger(__name__)


class Cipher(Protocol):
    """Makes a token unreadable, and readable again."""

    def seal(self, token: str) -> str:
        """Encrypt."""

    def unseal(self, sealed: str) -> str:
        """Decrypt; `ValueError` where that cannot be."""


@dataclass(frozen=True, slots=True)
class Installed:
    """One installation. `installer` is who installed it; the token does not show in its `repr`."""

    team_id: str
    name: str
    bot_user_id: str
    bot_id: str
    token: str
    enterprise_id: str
    installer: str

    def __repr__(self) -> str:
        return f"Installed(team_id={self.team_id!r})"


class Installations:
    """Keeps them. `BooksUnavailable` while the database cannot be reached."""

    def __init__(self, engine: AsyncEngine, cipher: Cipher, client_id: str) -> None:
        """`engine` may write, and its transactions exclude each other: of two that take one state, one gets it."""
        self._engine = engine
        self._cipher = cipher
        self._client_id = client_id
        logger = library_logger()  # their own repeats states
        self._store = AsyncSQLAlchemyInstallationStore(client_id=client_id, engine=engine, logger=logger)
        self._states = AsyncSQLAlchemyOAuthStateStore(expiration_seconds=STATE_SECONDS, engine=engine, logger=logger)

    async def close(self) -> None:
        """Let go of the database."""
        await self._engine.dispose()

    # --- installing ---

    async def begin(self) -> str:
        """A state to send along to Slack. Those that nobody came back with are forgotten."""
        async with _reached():
            states = self._states.oauth_states
            async with self._engine.begin() as connection:
                await connection.execute(delete(states).where(states.c.expire_at < _now()))
            return await self._states.async_issue()

    async def take(self, state: str) -> bool:
        """Whether it is a state of ours that nobody took before, in its time; nobody can take it again."""
        return await self._states.async_consume(state)

    # --- installed ---

    async def save(self, installed: Installed, *, app_id: str, scopes: str) -> None:
        """Keep it in place of what was kept of this workspace. `ValueError` for a token that is too long to keep."""
        sealed = self._cipher.seal(installed.token)
        if len(sealed) > MOST_SEALED_CHARS:
            raise ValueError("This token is longer than those of Slack's bots.")
        made = Installation(
            app_id=app_id,
            enterprise_id=installed.enterprise_id or None,
            team_id=installed.team_id,
            team_name=installed.name,
            bot_token=sealed,
            bot_id=installed.bot_id,
            bot_user_id=installed.bot_user_id,
            bot_scopes=scopes,
            user_id=installed.installer,
        )
        async with _reached():
            await self._store.async_save(made)
            at = datetime.fromtimestamp(made.installed_at, tz=UTC).replace(tzinfo=None)
            await self._delete(installed.team_id, before=at)

    async def remove(self, team_id: str) -> None:
        """Forget the tokens of a workspace."""
        async with _reached():
            await self._delete(team_id)

    async def one(self, team_id: str) -> Installed | None:
        """That of a workspace, or None where there is none (any more)."""
        return next(iter(await self._read(self._newest().where(self._store.installations.c.team_id == team_id))), None)

    async def everyone(self) -> tuple[Installed, ...]:
        """All of them, the latest of each workspace."""
        return await self._read(self._newest())

    def _newest(self) -> Select[Any]:
        kept = self._store.installations
        mine = and_(kept.c.client_id == self._client_id, kept.c.bot_token.is_not(None), kept.c.team_id.is_not(None))
        return kept.select().where(mine).order_by(kept.c.installed_at.desc(), kept.c.id.desc())

    async def _read(self, query: Select[Any]) -> tuple[Installed, ...]:
        async with _reached(), self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
        newest: dict[str, RowMapping] = {}
        for row in rows:
            newest.setdefault(row["team_id"], row)
        return tuple(installed for row in newest.values() if (installed := self._installed(row)) is not None)

    def _installed(self, row: RowMapping) -> Installed | None:
        try:
            token = self._cipher.unseal(row["bot_token"])
        except ValueError:
            _log.error("slack_token_unreadable", team=row["team_id"])  # sealed with another secret: install it again
            return None
        return Installed(
            team_id=row["team_id"],
            name=row["team_name"] or "",
            bot_user_id=row["bot_user_id"] or "",
            bot_id=row["bot_id"] or "",
            token=token,
            enterprise_id=row["enterprise_id"] or "",
            installer=row["user_id"],
        )

    async def _delete(self, team_id: str, before: datetime | None = None) -> None:
        async with self._engine.begin() as connection:
            for table in (self._store.bots, self._store.installations):
                gone = and_(table.c.client_id == self._client_id, table.c.team_id == team_id)
                await connection.execute(
                    delete(table).where(gone if before is None else and_(gone, table.c.installed_at < before))
                )


class InstalledWorkspaces:
    """`Workspaces` for installations: what another process installs or removes is known within `FRESH_SECONDS`."""

    def __init__(self, installations: Installations, api: Callable[[str], SlackApi], clock: Clock) -> None:
        """`api` makes the way to call Slack with a token."""
        self._installations = installations
        self._api = api
        self._clock = clock
        self._known: dict[str, tuple[float, Installed, Workspace]] = {}

    @property
    def reachable(self) -> Collection[str]:
        """Those that were installed when it was looked last."""
        return tuple(self._known)

    async def of(self, team_id: str) -> Workspace | None:
        """The installation of a workspace. `BooksUnavailable` while that cannot be looked up."""
        at, _, workspace = self._known.get(team_id, (0.0, None, None))
        if workspace is not None and self._clock.monotonic() - at < FRESH_SECONDS:
            return workspace
        installed = await self._installations.one(team_id)
        if installed is None:
            self.forget(team_id)
            return None
        return self._know(installed)

    async def everyone(self) -> tuple[Workspace, ...]:
        """All of them, looked up anew."""
        found = await self._installations.everyone()
        for team_id in self._known.keys() - {each.team_id for each in found}:
            self.forget(team_id)
        return tuple(self._know(each) for each in found)

    def forget(self, team_id: str) -> None:
        """Post there no more, and look before it is answered again."""
        self._known.pop(team_id, None)

    def _know(self, installed: Installed) -> Workspace:
        _, before, workspace = self._known.get(installed.team_id, (0.0, None, None))
        if workspace is None or before != installed:
            workspace = Workspace(
                team_id=installed.team_id,
                name=installed.name,
                bot_user_id=installed.bot_user_id,
                bot_id=installed.bot_id,
                api=self._api(installed.token),
                enterprise_id=installed.enterprise_id,
                let_in=LetIn.ONLY_IF_LISTED,
            )
        self._known[installed.team_id] = (self._clock.monotonic(), installed, workspace)
        return workspace


def _now() -> datetime:
    """As slack_sdk writes times: of UTC, without saying so."""
    return datetime.now(tz=UTC).replace(tzinfo=None)


@asynccontextmanager
async def _reached() -> AsyncIterator[None]:
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        _log.warning("slack_installations_not_reached", kind=type(error).__name__)
        raise BooksUnavailable("The database cannot be reached now. Try again in a minute.") from error
