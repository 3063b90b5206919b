"""The one HTTP client that all providers share, and what its errors mean."""

import ssl
from collections.abc import Sequence
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import aiohttp
import certifi
import httpx
from httpx_aiohttp import AiohttpTransport

from core.defaults import MAX_RUNNING_ASKS

MAX_CONNECTIONS = MAX_RUNNING_ASKS
"""Each running ask streams over a connection of its own. With fewer, those above the number waited for one until they
were told that the provider cannot be reached: with 500, half of 1,000 asks at once."""
CONNECT_SECONDS = 10.0
KEEPALIVE_SECONDS = 4.0
"""Common Python servers (a LiteLLM proxy among them) drop idle connections after 5 s. A question written onto one that
is just being dropped is lost after it was sent, and looks as if it might have been billed: so we drop first."""

TRANSPORT_ERRORS = (httpx.HTTPError, aiohttp.ClientError, OSError)
"""Whatever can go wrong between us and a server. httpx-aiohttp lets some aiohttp errors through as they are."""

_BEFORE_SENDING = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    httpx.UnsupportedProtocol,
)
_BEFORE_SENDING_PLAIN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


def open_client(
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    proxy: str | None = None,
    no_proxy: Sequence[str] = (),
    max_connections: int = MAX_CONNECTIONS,
) -> httpx.AsyncClient:
    """The client for all providers; close it with `aclose`, or use it as a context manager. Inside a running loop.

    It runs on aiohttp: from 1 to 64 callers, httpx's own transport fell from 871 to 407 streamed answers a second and
    this one rose from 1,339 to 2,265 (measured on loopback, 2 cores, Python 3.11, httpx 0.28.1, aiohttp 3.14.5).
    `transport` replaces it in tests.

    `proxy` (http://host:port) is used for https:// addresses only, except the hosts in `no_proxy`: a local server is
    always called directly. It is passed in: `trust_env` is off, so that HTTPS_PROXY counts only where the settings
    say so. Certificates are checked against the system's store, where a company keeps its own authority (OpenSSL
    itself honours SSL_CERT_FILE), and Mozilla's list (certifi).
    """
    limits = httpx.Limits(max_connections=max_connections, keepalive_expiry=KEEPALIVE_SECONDS)
    mounts: dict[str, httpx.AsyncBaseTransport | None] = {}
    if proxy is not None:
        mounts["https://"] = _on_aiohttp(limits, httpx.Proxy(proxy))
        mounts |= {f"https://{host}": None for host in no_proxy}
    return httpx.AsyncClient(
        transport=transport or _on_aiohttp(limits),
        mounts=mounts,
        timeout=httpx.Timeout(60.0, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
        follow_redirects=False,  # a redirect would carry a key and a question to an address nobody configured
        trust_env=False,
        # A cookie that one person's answer set must not travel with another's question.
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=())),
        headers={"User-Agent": "chipin", "Accept-Encoding": "identity"},
    )


def never_sent(error: Exception) -> bool:
    """Whether the request surely did not reach the server, so that nobody can have billed it."""
    cause = error.__cause__
    if isinstance(cause, aiohttp.ClientError):
        # httpx-aiohttp calls every lost connection a ConnectTimeout, even one lost after sending: look beneath.
        return isinstance(cause, _BEFORE_SENDING)
    return isinstance(error, _BEFORE_SENDING + _BEFORE_SENDING_PLAIN)


def _on_aiohttp(limits: httpx.Limits, proxy: httpx.Proxy | None = None) -> AiohttpTransport:
    context = _trusted()

    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            ssl=context, limit=limits.max_connections or 0, keepalive_timeout=limits.keepalive_expiry
        )
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    return AiohttpTransport(verify=context, trust_env=False, limits=limits, proxy=proxy, client=session)


@cache
def _trusted() -> ssl.SSLContext:
    """What every client of the process checks certificates against: reading both lists takes 40 ms."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
