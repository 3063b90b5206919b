"""A providers file as values: who can be asked, where, and how they depart from their wire format. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.llm.checked import Checked, tables_of
from core.models import PRACTICE

_WIRES = ("openai", "anthropic")
_ID = re.compile(r"[a-z0-9][a-z0-9._:/-]{0,79}")
_URL = re.compile(r"https?://[^\s/?#@]+[^\s?#@]*")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")


@dataclass(frozen=True, slots=True)
class Quirks:
    """How a provider departs from its wire format, as data.

    `stream`: it can stream. `reasoning_body`: fields added to a call of a reasoning model (tables inside it are
    merged), so that its thoughts leave room for an answer under the output cap. Of chat completions only:
    `include_usage`: it takes `stream_options.include_usage` and needs it to report usage. `cached_beside_input`: its
    cached tokens are not part of `prompt_tokens`.
    """

    stream: bool = True
    include_usage: bool = True
    cached_beside_input: bool = False
    reasoning_body: Mapping[str, Any] = field(default_factory=dict)


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
    data_policy: DataPolicy
    quirks: Quirks


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
    policy, quirks = row.table("data_policy"), row.table("quirks", required=False)
    made = ProviderRow(
        id=row.text("id", _ID),
        title=row.text("title"),
        wire=row.text("wire", _WIRES),
        base_url=row.text("base_url", _URL),
        key_variable=row.text("key_variable", _VARIABLE),
        base_url_variable=row.text("base_url_variable", _VARIABLE),
        key_required=row.flag("key_required"),
        discover=row.flag("discover", default=False),
        region=row.text("region"),
        data_policy=DataPolicy(policy.text("training"), policy.text("retention"), policy.text("source")),
        quirks=Quirks(
            stream=quirks.flag("stream", default=True),
            include_usage=quirks.flag("include_usage", default=True),
            cached_beside_input=quirks.flag("cached_beside_input", default=False),
            reasoning_body=quirks.anything("reasoning_body"),
        ),
    )
    for table in (row, policy, quirks):
        table.nothing_else()
    return made
