"""The one way to call Discord's REST API: over discord.py's own client, which obeys the rate limits in its headers.

Every message goes out harmless from here: it calls nobody, and shows no preview of a link.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, Route

from adapters.discord.outgoing import EPHEMERAL, File, harmless, multipart, nonce_of
from core.patience import Patience
from core.ports import Clock

TIMEOUT_SECONDS = 10.0
"""For one call: Discord answers in a tenth of a second."""
PATIENCE_SECONDS = 30.0
"""How long a call is tried again while Discord says "later" or cannot be reached, unless its caller says otherwise."""
LONGEST_PAUSE_SECONDS = 10.0
ANSWER_SECONDS = 14 * 60.0
"""How long what came in is answered by its token: 15 minutes (interactions/receiving-and-responding), less one."""

Json = Mapping[str, Any]
ORIGINAL = "@original"
"""The first answer to an interaction, in place of a message's id."""
UNKNOWN_MESSAGE = 10008
"""Discord's code for a message that is not there (any more) (topics/opcodes-and-status-codes)."""


class DiscordFailed(Exception):
    """A call to Discord came to nothing, as far as we know.

    DiscordFailed
    +-- Rejected      Discord said no, and why
    +-- RateLimited   Discord said later, for longer than its caller waits
    +-- Unreachable   Discord surely did not take it
    +-- Unsure        Discord perhaps took it: the reply was lost, or it was in trouble
    """


@dataclass(eq=False)
class Rejected(DiscordFailed):
    """Discord said no. `status` is that of HTTP, `code` its own number for it: 10008 is "Unknown Message"."""

    status: int
    code: int = 0

    def __str__(self) -> str:
        return f"HTTP {self.status}, code {self.code}"


@dataclass(eq=False)
class RateLimited(DiscordFailed):
    """Discord said later."""

    retry_after_seconds: float


class Unreachable(DiscordFailed):
    """Discord surely did not take it."""


class Unsure(DiscordFailed):
    """Discord perhaps took it."""


@dataclass(frozen=True, slots=True)
class Handle:
    """What answers an interaction. `at_seconds`: when it came, on the monotonic clock."""

    id: str
    token: str = field(repr=False)
    application_id: str
    at_seconds: float


class DiscordApi:
    """Calls the REST API with the bot's token."""

    def __init__(self, http: HTTPClient, clock: Clock) -> None:
        self._http = http
        self._clock = clock

    async def call(
        self,
        method: str,
        path: str,
        *,
        json: Json | Sequence[Json] | None = None,
        files: Sequence[File] = (),
        query: Mapping[str, str | int] | None = None,
        repeatable: bool | None = None,
        patience_seconds: float = PATIENCE_SECONDS,
        **parameters: str | int,
    ) -> Any:
        """Call a route, "/channels/{channel_id}/messages", with the `parameters` it names. Raises a `DiscordFailed`.

        Within `patience_seconds` it is tried again where that is safe: after "later" (as long as Discord says), while
        Discord cannot be reached, and what is `repeatable` also when nobody knows whether it was taken (where that is
        not said: everything but POST).
        """
        repeats = method != "POST" if repeatable is None else repeatable
        patience = Patience(self._clock, patience_seconds, longest_pause_seconds=LONGEST_PAUSE_SECONDS)
        while True:
            try:
                return await self._once(_route(method, path, parameters), json, files, query)
            except RateLimited as limited:
                await patience.wait(limited, limited.retry_after_seconds)
            except (Unreachable, Unsure) as lost:
                if isinstance(lost, Unsure) and not repeats:
                    raise
                await patience.wait(lost)

    async def _once(
        self,
        route: Route,
        json: Json | Sequence[Json] | None,
        files: Sequence[File],
        query: Mapping[str, str | int] | None,
    ) -> Any:
        said: dict[str, Any] = {
            "timeout": aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
            "allow_redirects": False,
            "raise_for_status": _unsure_if_in_trouble,
        }
        if query:
            said["params"] = {name: str(value) for name, value in query.items()}
        if files:
            said["files"], said["form"] = multipart(json, files)
        elif json is not None:
            said["json"] = json
        try:
            return await self._http.request(route, **said)
        except discord.RateLimited as limited:
            raise RateLimited(limited.retry_after) from None
        except discord.HTTPException as error:
            raise _meaning(error) from None  # its words may repeat what was sent
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:  # no connection, so nothing was sent
            raise Unreachable(route.path) from error
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise Unsure(route.path) from error

    # --- messages ---

    async def post(
        self,
        channel_id: str,
        fields: Json,
        *,
        nonce: str = "",
        files: Sequence[File] = (),
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> Json:
        """A new message in a channel or thread, as Discord has it. Raises a `DiscordFailed`.

        Posted again with the same `nonce` within a few minutes, it is the message that stands there already
        (resources/message, "enforce_nonce"): so it is tried again also when a reply was lost.
        """
        once = {"nonce": nonce_of(nonce), "enforce_nonce": True} if nonce else {}
        posted: Json = await self.call(
            "POST",
            "/channels/{channel_id}/messages",
            json={**harmless(fields), **once},
            files=files,
            repeatable=bool(nonce),
            patience_seconds=patience_seconds,
            channel_id=channel_id,
        )
        return posted

    async def edit(
        self,
        channel_id: str,
        message_id: str,
        fields: Json,
        *,
        files: Sequence[File] = (),
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        """Change a message of the bot's own. Raises a `DiscordFailed`."""
        await self.call(
            "PATCH",
            "/channels/{channel_id}/messages/{message_id}",
            json=harmless(fields),
            files=files,
            patience_seconds=patience_seconds,
            channel_id=channel_id,
            message_id=message_id,
        )

    # --- what came in, answered by its token ---

    def can_answer(self, handle: Handle) -> bool:
        """Whether its token still lives, as far as the clock tells."""
        return self._clock.monotonic() - handle.at_seconds < ANSWER_SECONDS

    async def edit_answer(
        self,
        handle: Handle,
        fields: Json,
        *,
        message_id: str = ORIGINAL,
        files: Sequence[File] = (),
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> Json:
        """What stands as the answer, or a follow-up to it, becomes this. Raises a `DiscordFailed`."""
        edited: Json = await self.call(
            "PATCH",
            "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
            json=harmless(fields),
            files=files,
            patience_seconds=patience_seconds,
            webhook_id=handle.application_id,
            webhook_token=handle.token,
            message_id=message_id,
        )
        return edited

    async def follow_up(
        self,
        handle: Handle,
        fields: Json,
        *,
        ephemeral: bool = False,
        files: Sequence[File] = (),
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> Json:
        """One more message in answer to it. After a lost reply it is not sent again. Raises a `DiscordFailed`."""
        said = harmless(fields)
        if ephemeral:
            said["flags"] |= EPHEMERAL
        posted: Json = await self.call(
            "POST",
            "/webhooks/{webhook_id}/{webhook_token}",
            json=said,
            files=files,
            query={"wait": "true"},
            patience_seconds=patience_seconds,
            webhook_id=handle.application_id,
            webhook_token=handle.token,
        )
        return posted

    async def remove_answer(self, handle: Handle, *, message_id: str = ORIGINAL) -> None:
        """Take away what stands as the answer. Raises a `DiscordFailed`."""
        await self.call(
            "DELETE",
            "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
            webhook_id=handle.application_id,
            webhook_token=handle.token,
            message_id=message_id,
        )

    async def direct(self, user_id: str, *, patience_seconds: float = PATIENCE_SECONDS) -> str:
        """The channel for talking with somebody alone. Raises a `DiscordFailed`."""
        opened = await self.call(
            "POST",
            "/users/@me/channels",
            json={"recipient_id": user_id},
            repeatable=True,
            patience_seconds=patience_seconds,
        )
        return str(opened["id"])


async def _unsure_if_in_trouble(response: aiohttp.ClientResponse) -> None:
    """Before discord.py sees it: it sends everything again after a 5xx, also what was perhaps taken."""
    if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Unsure(f"HTTP {response.status}")


def _route(method: str, path: str, parameters: Mapping[str, str | int]) -> Route:
    """Of discord.py, which writes the @ of a parameter as %40: Discord documents "@original" as it stands."""
    route = Route(method, path, metadata=None, **parameters)
    route.url = route.url.replace("%40original", ORIGINAL)
    return route


def _meaning(error: discord.HTTPException) -> DiscordFailed:
    """What an answer that is no success means; a 5xx never comes so far.

    discord.py raises a 429 without a `Via` header, as a proxy in front of Discord sends it: it is waited out like any.
    """
    if error.status == 429:
        return RateLimited(_seconds(error.response.headers.get("Retry-After", "")))
    return Rejected(error.status, error.code)


def _seconds(text: str) -> float:
    """As long as a header says; a second where it says nothing that can be read."""
    try:
        seconds = float(text)
    except ValueError:
        return 1.0
    return seconds if 0.0 <= seconds < float("inf") else 1.0
