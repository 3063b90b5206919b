"""From what is listed to what can be asked here: the providers that are connected, and their models."""

import asyncio
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

import httpx

from adapters.llm.anthropic import Anthropic
from adapters.llm.catalogue import CatalogueFiles
from adapters.llm.client import TRANSPORT_ERRORS
from adapters.llm.gemini import Gemini
from adapters.llm.http_stream import HttpProvider
from adapters.llm.live import LiveCatalogue
from adapters.llm.openai_compatible import OpenAICompatible
from adapters.llm.openai_wire import bearer
from adapters.llm.practice import Practice
from adapters.llm.providers_file import ProviderRow
from adapters.llm.wire import NotTheFormat, read_json
from core.errors import NotConfigured
from core.models import PRACTICE, Model
from core.ports import Clock, Provider
from core.prices import Price

DISCOVERY_SECONDS = 1.0
DISCOVERED_CONTEXT_TOKENS = 8_192
"""Our assumption about a local model: its server does not say, and cuts a longer question without a word."""

WIRES: Mapping[str, type[HttpProvider]] = {
    "openai": OpenAICompatible,
    "anthropic": Anthropic,
    "gemini": Gemini,
}
_MAX_DISCOVERED = 100
_MAX_LIST_BYTES = 1024 * 1024
_FREE_PRICE = Price(*(Decimal(0),) * 5, effective_from=date(2026, 1, 1), source="your own machine")


async def connect(
    catalogue: CatalogueFiles,
    *,
    keys: Mapping[str, str],
    base_urls: Mapping[str, str],
    client: httpx.AsyncClient,
    clock: Clock,
    practice: bool,
) -> LiveCatalogue:
    """Connect what has a key, or needs none and is there. Keys and base URLs are those that were set, by provider id.

    A server whose models must be discovered is looked for only when nobody else is connected or its base URL was
    set. Practice is there only if `practice` allows it and nothing real is connected: never beside real models.
    Raises `NotConfigured` for a key or an address that cannot be used.
    """
    rows = list(catalogue.providers.values())
    found_here: list[Model] = []
    providers: dict[str, Provider] = {}
    for row in rows:
        if not row.discover and _is_set_up(row, keys, base_urls):
            providers[row.id] = _provider(row, keys, base_urls, client, clock)
    notes = [_keyless(row) for row in rows if row.key_required and row.id in base_urls and row.id not in keys]
    for row in rows:
        asked_for = row.id in base_urls or row.id in keys
        if row.discover and (asked_for or not providers):
            found, problem = await _discover(row, _address(row, base_urls), _key(row, keys), client)
            if found:
                found_here += found
                providers[row.id] = _provider(row, keys, base_urls, client, clock)
            elif asked_for:
                notes.append(problem)
    if practice and not providers:
        providers[PRACTICE] = Practice(clock)
    models = (*catalogue.built_in.values(), *found_here)
    return LiveCatalogue(models, providers, clock, notes=tuple(notes), operators=catalogue.operators)


def _is_set_up(row: ProviderRow, keys: Mapping[str, str], base_urls: Mapping[str, str]) -> bool:
    return row.id in keys or (not row.key_required and row.id in base_urls)


def _provider(
    row: ProviderRow, keys: Mapping[str, str], base_urls: Mapping[str, str], client: httpx.AsyncClient, clock: Clock
) -> Provider:
    made = WIRES[row.wire]
    return made(row, client=client, clock=clock, base_url=_address(row, base_urls), api_key=_key(row, keys))


def _key(row: ProviderRow, keys: Mapping[str, str]) -> str | None:
    key = keys.get(row.id)
    if key is not None and not (key.isascii() and key.isprintable() and key and " " not in key):
        raise NotConfigured(
            f"{row.key_variable} has a character that no key has (a space, a quote from a text editor, a line end). "
            "Copy the key again."
        )
    return key


def _address(row: ProviderRow, base_urls: Mapping[str, str]) -> str:
    address = base_urls.get(row.id, row.base_url)
    problem = f"{row.base_url_variable} is not an address that can be called. Write it like {row.base_url}."
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        httpx.URL(address)
    except (ValueError, httpx.InvalidURL) as error:
        raise NotConfigured(problem) from error
    if not usable or parts.query or parts.fragment or parts.username is not None:
        raise NotConfigured(problem)
    return address.rstrip("/")


def _keyless(row: ProviderRow) -> str:
    return f"{row.base_url_variable} is set, but {row.key_variable} is not: {row.title} is not connected."


async def _discover(
    row: ProviderRow, address: str, key: str | None, client: httpx.AsyncClient
) -> tuple[list[Model], str]:
    """The models of a server of one's own, and otherwise a sentence saying why there are none."""
    headers = bearer(key)
    try:
        async with (
            asyncio.timeout(DISCOVERY_SECONDS),
            client.stream("GET", f"{address}/models", headers=headers, timeout=DISCOVERY_SECONDS) as response,
        ):
            names = _names(await _body(response)) if response.status_code == 200 else []
    except (*TRANSPORT_ERRORS, NotTheFormat):  # a TimeoutError is an OSError
        return [], f"{row.title} does not answer at {address}: it is not connected."
    if not names:
        return [], f"{row.title} at {address} has no model to ask: it is not connected. Pull one first."
    return [_discovered(row, name) for name in names], ""


async def _body(response: httpx.Response) -> bytes:
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > _MAX_LIST_BYTES:
            raise NotTheFormat("more than any list of models")
    return bytes(body)


def _names(body: bytes) -> list[str]:
    listed = read_json(body).get("data")
    if not isinstance(listed, list):
        raise NotTheFormat("no list of models")
    names = [entry.get("id") for entry in listed if isinstance(entry, dict)]
    # A model that only embeds text cannot answer, and one of Ollama's cloud leaves the machine and is not free: names
    # are all that tells.
    here = [name for name in names if isinstance(name, str) and not name.endswith(("-cloud", ":cloud"))]
    usable = {name for name in here if name.isprintable() and "embed" not in name}
    return sorted(name for name in usable if 0 < len(name) <= 80)[:_MAX_DISCOVERED]


def _discovered(row: ProviderRow, name: str) -> Model:
    return Model(
        id=f"{row.id}/{name}",
        title=name,
        provider=row.id,
        wire_name=name,
        context_window_tokens=DISCOVERED_CONTEXT_TOKENS,
        max_output_tokens=DISCOVERED_CONTEXT_TOKENS // 2,
        cap_field="max_tokens",
        tokenizer="bytes",
        tier=1,
        prices=(_FREE_PRICE,),
        good_for="anything that should stay on your own machine",
        free=True,
        provider_title=row.title,
        region=row.region_codes,
        collects_data=row.collects_data,
        zdr=row.zdr,
    )
