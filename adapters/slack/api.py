"""The one way to call Slack's Web API: what may be tried again is, and what Slack perhaps took is never sent twice.

slack_sdk's own retries are off: its default one posts a message twice when only the reply was lost.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.addresses import is_slacks
from adapters.slack.library_logs import library_logger
from core.patience import Patience
from core.ports import Clock

TIMEOUT_SECONDS = 10
"""For one call: Slack answers in a tenth of a second."""
PATIENCE_SECONDS = 30.0
"""How long a call is tried again while Slack says "later" or cannot be reached, unless its caller says otherwise."""
LONGEST_PAUSE_SECONDS = 10.0
_READS = (
    "auth.test",
    "conversations.history",
    "conversations.info",
    "conversations.members",
    "conversations.replies",
    "files.info",
    "team.info",
    "usergroups.list",
    "usergroups.users.list",
    "users.info",
    "users.conversations",
)
_SAME_WHEN_DONE_TWICE = (
    *("chat.update", "conversations.open", "views.publish", "assistant.threads.setStatus"),
    "files.getUploadURLExternal",  # an address that nobody uses is none
)
REPEATABLE = frozenset({*_READS, *_SAME_WHEN_DONE_TWICE})
"""Methods that may be called again when nobody knows whether Slack took the first call."""
_SLACK_IS_DOWN = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})

Answered = TypeVar("Answered")


class SlackFailed(Exception):
    """A call to Slack came to nothing, as far as we know.

    SlackFailed
    +-- Rejected      Slack said no, and why
    +-- RateLimited   Slack said later, for longer than its caller waits
    +-- Unreachable   Slack surely did not take it
    +-- Unsure        Slack perhaps took it: the reply was lost
        +-- InTrouble     it hardly did: it said itself that it could not
    """


@dataclass(eq=False)
class Rejected(SlackFailed):
    """Slack said no. `code` is its own word for it: "channel_not_found"; what else it said may repeat what was sent."""

    code: str

    def __str__(self) -> str:
        return self.code


@dataclass(eq=False)
class RateLimited(SlackFailed):
    """Slack said later."""

    retry_after_seconds: float


class Unreachable(SlackFailed):
    """Slack surely did not take it."""


class Unsure(SlackFailed):
    """Slack perhaps took it: look before it is sent again."""


class InTrouble(Unsure):
    """Slack said itself that it could not take it; now and then it took it all the same."""


class SlackApi:
    """Calls the Web API with one token."""

    def __init__(self, client: AsyncWebClient, clock: Clock) -> None:
        self.client = client
        self._clock = clock

    async def call(
        self, method: str, /, *, patience_seconds: float = PATIENCE_SECONDS, **fields: Any
    ) -> dict[str, Any]:
        """Call a method by Slack's name for it, "chat.postMessage"; what Slack answers. Raises a `SlackFailed`.

        Within `patience_seconds` it is tried again where that is safe: after "later" (as long as Slack says), while
        Slack cannot be reached, and what is in `REPEATABLE` also when the reply was lost.
        """
        repeatable = Unsure if method in REPEATABLE else None
        return await patiently(partial(self._once, method, fields), self._clock, patience_seconds, repeatable)

    async def aside(self, method: str, /, **fields: Any) -> None:
        """Show what one person alone reads: also while Slack is `InTrouble`, as they had better read it twice than not.

        Otherwise as `call`.
        """
        await patiently(partial(self._once, method, fields), self._clock, PATIENCE_SECONDS, InTrouble)

    async def send_file(self, url: str, content: bytes, *, patience_seconds: float) -> None:
        """Send a file to the address that Slack told for it; twice it is the same file. Raises a `SlackFailed`."""
        client = self.client
        if client.session is None or not is_slacks(url, str(client.base_url)):
            raise Rejected("not_an_address_of_slacks")
        once = partial(_posted, client.session, url, proxy=client.proxy, data=content)
        await patiently(once, self._clock, patience_seconds, Unsure)

    async def _once(self, method: str, fields: dict[str, Any]) -> dict[str, Any]:
        try:
            response = await getattr(self.client, method.replace(".", "_"))(**fields)
        except SlackApiError as error:
            raise _meaning(error) from None  # its words are Slack's whole answer, and would be logged
        except aiohttp.ClientConnectorError as error:  # no connection, so nothing was sent
            raise Unreachable(method) from error
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise Unsure(method) from error
        data: dict[str, Any] = response.data
        return data


async def patiently(
    once: Callable[[], Awaitable[Answered]], clock: Clock, patience_seconds: float, repeatable: type[Unsure] | None
) -> Answered:
    """Do it, again and again where that is safe; see `SlackApi.call`. Raises the last `SlackFailed`.

    `repeatable`: after which doubts it may be done again, if after any.
    """
    patience = Patience(clock, patience_seconds, longest_pause_seconds=LONGEST_PAUSE_SECONDS)
    while True:
        try:
            return await once()
        except RateLimited as limited:
            await patience.wait(limited, limited.retry_after_seconds)
        except (Unreachable, Unsure) as lost:
            if isinstance(lost, Unsure) and not (repeatable and isinstance(lost, repeatable)):
                raise
            await patience.wait(lost)


class ResponseUrls:
    """Answers through the address that a command or a press brings along: five times within half an hour."""

    def __init__(self, session: aiohttp.ClientSession, api_url: str, clock: Clock, *, proxy: str | None = None) -> None:
        self._session = session
        self._api_url = api_url
        self._clock = clock
        self._proxy = proxy

    async def answer(self, url: str, /, **fields: Any) -> None:
        """Send these fields of a message. Raises a `SlackFailed`; after a lost reply it is not sent again.

        There is no way to look what stands there: while Slack is `InTrouble` it is tried on, as nobody else would.
        """
        if not is_slacks(url, self._api_url):
            raise Rejected("not_an_address_of_slacks")
        once = partial(_posted, self._session, url, proxy=self._proxy, json=fields)
        await patiently(once, self._clock, PATIENCE_SECONDS, InTrouble)


async def _posted(session: aiohttp.ClientSession, url: str, *, proxy: str | None, **body: Any) -> None:
    """Send it to an address that Slack gave. Raises a `SlackFailed`, which does not say the address."""
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    try:
        async with session.post(url, proxy=proxy, timeout=timeout, allow_redirects=False, **body) as response:
            await response.read()
    except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
        raise Unreachable("an address of Slack's") from error
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
        raise Unsure("an address of Slack's") from error
    if response.status == 429:
        raise RateLimited(_seconds(response.headers.get("Retry-After", "")))
    if response.status >= 500:
        raise InTrouble(f"HTTP {response.status}")
    if response.status != 200:
        raise Rejected(f"HTTP {response.status}")


def _meaning(error: SlackApiError) -> SlackFailed:
    """What an answer that is no "ok" means. A body that is not Slack's is a proxy's, or of a Slack that is down."""
    response = error.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    data = getattr(response, "data", None)
    code = str(data.get("error", "")) if isinstance(data, dict) else ""
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return RateLimited(_seconds(getattr(response, "headers", {}).get("Retry-After", "")))
    if status >= 500 or code in _SLACK_IS_DOWN:
        return InTrouble(code or f"HTTP {status}")
    if not code:
        return Unsure(f"HTTP {status}")
    return Rejected(code)


def _seconds(text: str) -> float:
    return float(text) if text.isdigit() else 1.0


class _Client(AsyncWebClient):
    """Slack's Web API sends nobody elsewhere: what a question or an answer says is not sent after a redirect."""

    async def _request(self, *, http_verb: str, api_url: str, req_args: dict[str, Any]) -> dict[str, Any]:
        straight = {**req_args, "allow_redirects": False}
        answer: dict[str, Any] = await super()._request(http_verb=http_verb, api_url=api_url, req_args=straight)
        return answer


def web_client(
    api_url: str, token: str | None, *, session: aiohttp.ClientSession | None = None, proxy: str | None = None
) -> AsyncWebClient:
    """slack_sdk's client for a token, without its own retries; on a shared session where there is one."""
    base_url = api_url if api_url.endswith("/") else f"{api_url}/"
    client = _Client(
        token=token,
        base_url=base_url,
        timeout=TIMEOUT_SECONDS,
        session=session,
        retry_handlers=[],
        logger=library_logger(),
    )
    client.proxy = proxy  # else slack_sdk takes one from the environment, for a server on this machine too
    return client
