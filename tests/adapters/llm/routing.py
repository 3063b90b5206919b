"""Rules as an operator writes them, over a small catalogue of made-up prices."""

from dataclasses import replace

from adapters.llm.catalogue import PROVIDERS_FILE, CatalogueFiles
from adapters.llm.models_file import parse_models
from adapters.llm.providers_file import parse_providers
from adapters.llm.routing_file import parse_rules
from core.routing.rules import Rules

_MODEL = """
[[models]]
id = "{id}"
title = "{title}"
provider = "{provider}"
wire_name = "{id}"
context_window_tokens = 128000
max_output_tokens = 8000
cap_field = "max_tokens"
tokenizer = "o200k"
tier = {tier}
tier_source = "these tests"
good_for = "these tests"

[[models.prices]]
effective_from = 2026-01-01
source = "these tests"
input = "{input}"
cache_read = "{input}"
cache_write = "{input}"
output = "{output}"
reasoning = "{output}"
"""
_MODELS = (
    # id, title, provider, tier, input, output: in US dollars per million tokens
    ("deepseek-v3", "DeepSeek V3", "openrouter", 2, "0.28", "1.1"),
    ("mistral-large-2", "Mistral Large", "openrouter", 2, "0.5", "1.5"),
    ("gpt-small", "GPT Small", "openai", 1, "0.1", "0.5"),
    ("gpt-large", "GPT Large", "openai", 3, "2", "10"),
    ("new-model", "New Model", "openai", 2, "1", "5"),
)


def catalogue(**prices: str) -> CatalogueFiles:
    """The catalogue of these tests; `deepseek_v3="9"` sets both rates of a model."""
    rows = []
    for name, title, provider, tier, rate_in, rate_out in _MODELS:
        price = prices.get(name.replace("-", "_"))
        rows.append(
            _MODEL.format(
                id=name, title=title, provider=provider, tier=tier, input=price or rate_in, output=price or rate_out
            )
        )
    providers = parse_providers(PROVIDERS_FILE.read_text("utf-8"), PROVIDERS_FILE.name)
    models = parse_models("\n".join(rows), "models.toml", known=list(providers))
    return CatalogueFiles(providers, models | {"vectors-1": replace(models["new-model"], id="vectors-1", embeds=True)})


def rules_of(text: str) -> Rules:
    """The rules in a text."""
    return parse_rules(text, "routing.toml", catalogue())
