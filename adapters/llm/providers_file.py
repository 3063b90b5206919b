"""A providers file as values: who can be asked, where, and how they depart from their wire format. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.llm.checked import Checked, tables_of
from core.models import PRACTICE

WIRE_NAMES = ("openai", "anthropic", "gemini")
"""The wire formats that a row may name; `WIRES` in connect.py has a class for each."""
_ID = re.compile(r"[a-z0-9][a-z0-9._:/-]{0,79}")
_URL = re.compile(r"https?://[^\s/?#@]+[^\s?#@]*")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
_FIELD = re.compile(r"[a-z][a-z0-9_]*")
_HEADER = re.compile(r"x(?!.*-(key|token|secret|auth[a-z]*)(-|$))(-[a-z0-9]+)+")
REGIONS = ("us", "eu", "cn", "own", "any")
"""Where questions may be worked on; `any` where nobody knows or it changes, `own` on a machine of the team's own."""


@dataclass(frozen=True, slots=True)
class Quirks:
    """How a provider departs from its wire format, as data.

    `stream`: it can stream. `headers`: fixed ones added to every call, never a secret. `body`: fields added to it.
    `reasoning_body`: fields added to a call of a reasoning model, so that its thoughts leave room for an answer under
    the output cap; `thinking_beside_cap_tokens`: they do not count under it, and are at most so many by that body.
    Tables inside added fields are merged. Of chat completions only: `include_usage`: it takes
    `stream_options.include_usage` and needs it to report usage. `cached_beside_input`: its cached tokens are not part
    of `prompt_tokens`. `cached_field`: its own name for cached tokens, beside `prompt_tokens`.
    `reasoning_beside_output`: its thoughts are not part of `completion_tokens`. `usage_within`: the object that holds
    the usage when it is not the payload itself.
    """

    stream: bool = True
    include_usage: bool = True
    cached_beside_input: bool = False
    cached_field: str = ""
    reasoning_beside_output: bool = False
    usage_within: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    reasoning_body: Mapping[str, Any] = field(default_factory=dict)
    thinking_beside_cap_tokens: int = 0


@dataclass(frozen=True, slots=True)
class DataPolicy:
    """What a provider does with questions and answers, in a sentence each, and where it says so."""

    training: str
    retention: str
    source: str


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """One provider. The variables are the settings' names for its key and base URL.

    `discover`: its models are asked for at start instead of listed. `key_required` is off for servers of your own.
    `regions` (of `REGIONS`), `collects_data` and `zdr` are what its models have unless their own rows say otherwise.
    """

    id: str
    title: str
    wire: str
    base_url: str
    key_variable: str
    base_url_variable: str
    key_required: bool
    discover: bool
    region: str
    regions: tuple[str, ...]
    collects_data: bool
    zdr: bool
    data_policy: DataPolicy
    quirks: Quirks

    @property
    def region_codes(self) -> str:
        """Its regions as a model has them: joined by commas."""
        return ",".join(self.regions)


def parse_providers(text: str, file: str) -> dict[str, ProviderRow]:
    """The rows of a providers file by id. Raises `NotConfigured`."""
    rows: dict[str, ProviderRow] = {}
    for where, table in tables_of(text, file, "provider"):
        row = _provider(Checked(table, where))
        if row.id in rows or row.id == PRACTICE:
            raise where.wrong("this id is taken already", "id")
        rows[row.id] = row
    return rows


def _provider(row: Checked) -> ProviderRow:
    policy = row.table("data_policy")
    made = ProviderRow(
        id=row.text("id", _ID),
        title=row.text("title"),
        wire=row.text("wire", WIRE_NAMES),
        base_url=row.text("base_url", _URL),
        key_variable=row.text("key_variable", _VARIABLE),
        base_url_variable=row.text("base_url_variable", _VARIABLE),
        key_required=row.flag("key_required"),
        discover=row.flag("discover", default=False),
        region=row.text("region"),
        regions=row.texts("regions", REGIONS),
        collects_data=row.flag("collects_data"),
        zdr=row.flag("zdr"),
        data_policy=DataPolicy(policy.text("training"), policy.text("retention"), policy.text("source")),
        quirks=_quirks(row.table("quirks", required=False)),
    )
    for table in (row, policy):
        table.nothing_else()
    return made


def _quirks(row: Checked) -> Quirks:
    made = Quirks(
        stream=row.flag("stream", default=True),
        include_usage=row.flag("include_usage", default=True),
        cached_beside_input=row.flag("cached_beside_input", default=False),
        cached_field=row.text("cached_field", _FIELD, default=""),
        reasoning_beside_output=row.flag("reasoning_beside_output", default=False),
        usage_within=row.text("usage_within", _FIELD, default=""),
        headers=_headers(row),
        body=row.anything("body"),
        reasoning_body=row.anything("reasoning_body"),
        thinking_beside_cap_tokens=row.whole("thinking_beside_cap_tokens", 0, 1_000_000, default=0),
    )
    row.nothing_else()
    return made


def _headers(row: Checked) -> dict[str, str]:
    """Only a provider's own kind of header, and none that carries a key: those come from the environment."""
    headers = row.anything("headers")
    for name, value in headers.items():
        if not _HEADER.fullmatch(name):
            raise row.wrong("headers", f'cannot have "{name[:80]}" in it: it takes x-... only, and no keys')
        if not isinstance(value, str) or not value or not (value.isascii() and value.isprintable()):
            raise row.wrong("headers", f'must have a plain text for "{name}"')
    return headers
