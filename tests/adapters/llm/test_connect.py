"""Which providers are connected, and which of their models can be asked today."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from adapters.llm.anthropic import Anthropic
from adapters.llm.catalogue import CatalogueFiles, load_catalogue
from adapters.llm.connect import DISCOVERED_CONTEXT_TOKENS, WIRES, connect
from adapters.llm.gemini import Gemini
from adapters.llm.live import LiveCatalogue
from adapters.llm.models_file import parse_models
from adapters.llm.openai_compatible import OpenAICompatible
from adapters.llm.practice import Practice
from adapters.llm.providers_file import WIRE_NAMES
from core.errors import NotConfigured
from core.models import PRACTICE
from core.prices import TYPICAL_QUESTION, cost
from tests.adapters.llm.asking import NOW, SteadyClock, a_call, ask
from tests.adapters.llm.test_catalogue import EMBEDS, MODEL
from tests.provider_server import ProviderServer, closed_port

CATALOGUE = load_catalogue()


async def connected(
    client: httpx.AsyncClient,
    *,
    keys: dict[str, str] | None = None,
    base_urls: dict[str, str] | None = None,
    practice: bool = True,
    catalogue: CatalogueFiles = CATALOGUE,
    at: datetime = NOW,
) -> LiveCatalogue:
    return await connect(
        catalogue, keys=keys or {}, base_urls=base_urls or {}, client=client, clock=SteadyClock(at), practice=practice
    )


def nowhere() -> dict[str, str]:
    return {"ollama": f"http://127.0.0.1:{closed_port()}/v1"}


def providers_of(live: LiveCatalogue) -> set[str]:
    return {model.provider for model in live.models}


async def test_a_key_connects_its_provider_and_no_other(client: httpx.AsyncClient) -> None:
    live = await connected(client, keys={"openai": "sk-1"})
    assert set(live.providers) == providers_of(live) == {"openai"}


async def test_models_are_ordered_by_what_a_typical_question_costs(client: httpx.AsyncClient) -> None:
    live = await connected(client, keys={"openai": "sk-1", "openrouter": "sk-2"})
    prices = [model.price_on(NOW.date()) for model in live.models]
    costs = [cost(TYPICAL_QUESTION, price) for price in prices if price]
    assert costs == sorted(costs)
    assert len(costs) >= 10


async def test_a_model_whose_price_begins_tomorrow_is_not_offered_today(client: httpx.AsyncClient) -> None:
    day_before = datetime(2026, 10, 25, 23, 59, tzinfo=UTC)
    names = {model.id for model in (await connected(client, keys={"openai": "k"}, at=day_before)).models}
    assert "gpt-6.1-terra" not in names
    assert "gpt-6.1-terra" in {model.id for model in (await connected(client, keys={"openai": "k"})).models}


async def test_a_price_that_begins_while_it_runs_is_in_force_from_midnight(client: httpx.AsyncClient) -> None:
    clock = SteadyClock(datetime(2026, 10, 25, 23, 59, tzinfo=UTC))
    live = await connect(CATALOGUE, keys={"openai": "k"}, base_urls={}, client=client, clock=clock, practice=False)
    assert "gpt-6.1-terra" not in {model.id for model in live.models}
    clock.at += timedelta(minutes=1)
    assert "gpt-6.1-terra" in {model.id for model in live.models}


async def test_what_embeds_is_not_offered_for_questions(client: httpx.AsyncClient) -> None:
    house = CatalogueFiles(CATALOGUE.providers, parse_models(f"{MODEL}\n{EMBEDS}", "house.toml", known=["litellm"]))
    live = await connected(client, keys={"litellm": "k"}, catalogue=house)
    assert [model.id for model in live.models] == ["house-model"]
    assert [model.id for model in live.embedders] == ["house-embeddings"]


async def test_a_key_reaches_the_server_at_the_base_url(client: httpx.AsyncClient, server: ProviderServer) -> None:
    live = await connected(client, keys={"openai": "sk-1"}, base_urls={"openai": server.base_url + "/"})
    answered = await ask(live.providers["openai"], a_call(model=live.models[0]))
    assert answered.text
    assert server.calls[0].headers["Authorization"] == "Bearer sk-1"
    assert server.calls[0].body["model"] == live.models[0].wire_name


async def test_practice_is_there_only_when_nothing_real_is(client: httpx.AsyncClient, server: ProviderServer) -> None:
    alone = await connected(client, base_urls=nowhere())
    assert [model.id for model in alone.models] == [PRACTICE]
    assert isinstance(alone.providers[PRACTICE], Practice)
    beside = await connected(client, keys={"openai": "sk-1"})
    assert PRACTICE not in beside.providers
    assert PRACTICE not in providers_of(beside)


async def test_without_practice_nothing_is_offered(client: httpx.AsyncClient) -> None:
    live = await connected(client, base_urls=nowhere(), practice=False)
    assert live.models == ()
    assert live.providers == {}


async def test_a_local_server_s_models_are_found_and_free(client: httpx.AsyncClient, server: ProviderServer) -> None:
    server.models = ("llama3.2:3b", "qwen3:8b", "nomic-embed-text", "gpt-oss:120b-cloud", "glm-5:cloud")
    live = await connected(client, base_urls={"ollama": server.base_url})
    assert [model.id for model in live.models] == ["ollama/llama3.2:3b", "ollama/qwen3:8b"]
    assert {(m.provider_title, m.region, m.collects_data, m.zdr) for m in live.models} == {
        ("Ollama", "own", False, True)
    }
    model = live.models[0]
    assert (model.free, model.wire_name, model.tier) == (True, "llama3.2:3b", 1)
    assert (model.tokenizer, model.context_window_tokens) == ("bytes", DISCOVERED_CONTEXT_TOKENS)
    await ask(live.providers["ollama"], a_call(model=model))
    assert server.calls[0].body["model"] == "llama3.2:3b"
    assert server.calls[0].body["max_tokens"] == 300


async def test_a_local_server_stands_beside_a_keyed_one_only_when_it_was_named(
    client: httpx.AsyncClient, server: ProviderServer
) -> None:
    server.models = ("llama3.2:3b",)
    live = await connected(client, keys={"openai": "k"}, base_urls={"ollama": server.base_url})
    assert providers_of(live) == {"openai", "ollama"}


async def test_a_local_server_that_nobody_named_is_looked_for_only_when_no_key_is_set(
    client: httpx.AsyncClient, server: ProviderServer
) -> None:
    server.models = ("llama3.2:3b",)
    here = replace(CATALOGUE.providers["ollama"], base_url=server.base_url)
    catalogue = CatalogueFiles({**CATALOGUE.providers, "ollama": here}, CATALOGUE.models)
    assert providers_of(await connected(client, catalogue=catalogue)) == {"ollama"}
    assert providers_of(await connected(client, catalogue=catalogue, keys={"openai": "k"})) == {"openai"}


async def test_a_named_server_that_does_not_answer_is_told_to_the_operator(client: httpx.AsyncClient) -> None:
    live = await connected(client, base_urls=nowhere())
    [note] = live.notes
    assert note.startswith("Ollama does not answer at http://127.0.0.1:")


async def test_a_server_without_models_is_told_too(client: httpx.AsyncClient, server: ProviderServer) -> None:
    live = await connected(client, base_urls={"ollama": server.base_url})
    assert "no model to ask" in live.notes[0]


async def test_a_base_url_without_its_key_is_told(client: httpx.AsyncClient, server: ProviderServer) -> None:
    live = await connected(client, base_urls={"openai": server.base_url} | nowhere())
    assert "OPENAI_BASE_URL is set, but OPENAI_API_KEY is not: OpenAI is not connected." in live.notes


async def test_a_proxy_of_the_team_needs_no_key_and_has_its_models_from_a_file(
    client: httpx.AsyncClient, server: ProviderServer
) -> None:
    house = parse_models(MODEL, "house.toml", known=["litellm"])
    catalogue = CatalogueFiles(CATALOGUE.providers, {**CATALOGUE.models, **house})
    live = await connected(client, base_urls={"litellm": server.base_url}, catalogue=catalogue)
    assert [model.id for model in live.models] == ["house-model"]
    await ask(live.providers["litellm"], a_call(model=live.models[0]))
    assert server.calls[0].body["model"] == "house"


@pytest.mark.parametrize("key", ["sk 1", "sk-1\n", "“sk-1”", ""])
async def test_a_key_that_no_header_can_carry_stops_the_start(key: str, client: httpx.AsyncClient) -> None:
    with pytest.raises(NotConfigured, match="OPENAI_API_KEY") as caught:
        await connected(client, keys={"openai": key})
    assert "sk" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "api.openai.com",
        "ftp://x/v1",
        "http://",
        "http://x:99999/v1",
        "http://u:p@x/v1",
        "http://x/v1?key=1",
        "http://[::1/v1",
    ],
)
async def test_an_address_that_cannot_be_called_stops_the_start(address: str, client: httpx.AsyncClient) -> None:
    with pytest.raises(NotConfigured, match="OPENAI_BASE_URL"):
        await connected(client, keys={"openai": "k"}, base_urls={"openai": address})


async def test_each_wire_has_its_own_kind_of_provider(client: httpx.AsyncClient) -> None:
    keys = {row.id: "sk-1" for row in CATALOGUE.providers.values() if not row.discover}
    live = await connected(client, keys=keys)
    kinds = {CATALOGUE.providers[name].wire: type(provider) for name, provider in live.providers.items()}
    assert kinds == {"openai": OpenAICompatible, "anthropic": Anthropic, "gemini": Gemini}


def test_every_wire_that_a_row_may_name_has_a_class() -> None:
    assert set(WIRES) == set(WIRE_NAMES)
