"""ROUTING_FILE: everything that can be said is understood, and whatever is not stops the start with its line."""

from decimal import Decimal
from pathlib import Path

import pytest

from adapters.llm.routing_file import MAX_FILE_BYTES, load_rules
from core.errors import NotConfigured
from core.routing.rules import MaxPriceFor, ProviderRate, Route, Rules, Sort, Variant
from tests.adapters.llm.routing import catalogue, rules_of

EVERYTHING = """\
sort = "latency"
max_price = "4.5"
num_retries = 2
max_fallbacks = 1
allowed_fails = 5
cooldown_time = 30
only = ["openai", "openrouter"]
ignore = ["litellm"]
regions = ["eu", "us"]
data_collection = "deny"
zdr = true
escalate = false
recall = "vectors-1"
variants_on = false

[fallbacks]
gpt-small = ["deepseek-v3", "ollama/whatever:8b"]
"gpt-large" = []

[[routes]]
name = "house"
models = ["deepseek-v3", "mistral-large-2"]
max_price = "1.5"
max_price_for = "first"

[[routes]]
name = "auto"
models = ["gpt-small"]

[[variants]]
name = "try-new"
model = "new-model"
weight = 5

[[variants]]
name = "house-new"
model = "new-model"
weight = 50
of = "house"

[rates.openai]
requests_per_minute = 500
tokens_per_minute = 30000
"""


def test_everything_that_can_be_said_is_understood() -> None:
    assert rules_of(EVERYTHING) == Rules(
        sort=Sort.LATENCY,
        max_price_usd=Decimal("4.5"),
        num_retries=2,
        max_fallbacks=1,
        allowed_fails=5,
        cooldown_time_seconds=30,
        only=("openai", "openrouter"),
        ignore=("litellm",),
        regions=("eu", "us"),
        data_collection_allowed=False,
        zdr=True,
        escalate=False,
        recall="vectors-1",
        fallbacks={"gpt-small": ("deepseek-v3", "ollama/whatever:8b"), "gpt-large": ()},
        routes=(
            Route("house", ("deepseek-v3", "mistral-large-2"), Decimal("1.5"), MaxPriceFor.FIRST),
            Route("auto", ("gpt-small",)),
        ),
        variants=(
            Variant("try-new", "new-model", Decimal(5)),
            Variant("house-new", "new-model", Decimal(50), of="house"),
        ),
        variants_on=False,
        rates={"openai": ProviderRate(500, 30_000)},
    )


def test_an_empty_file_says_nothing_else_than_none() -> None:
    assert rules_of("# nothing yet\n") == Rules()


ROUTE = '[[routes]]\nname = "house"\nmodels = ["gpt-small"]\n'
VARIANT = '[[variants]]\nname = "new"\nmodel = "new-model"\nweight = 5\n'


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('\nsort = "cheap"', 2, 'sort cannot be "cheap": known are price, latency, throughput'),
        ("max_price = 1.5", 1, "max_price must be plain digits in quotes"),
        ('max_price = "0"', 1, "max_price is zero"),
        ('max_price = "-1"', 1, "max_price cannot be negative"),
        ('max_price = "NaN"', 1, "max_price must be plain digits"),
        ("num_retries = 6", 1, "num_retries must be a whole number from 0 to 5"),
        ("max_fallbacks = true", 1, "max_fallbacks must be a whole number"),
        ("allowed_fails = 0", 1, "allowed_fails must be a whole number from 1"),
        ("cooldown_time = 3601", 1, "cooldown_time must be a whole number from 0 to 3600"),
        ('only = ["opena"]', 1, 'only names "opena", which is no provider here. Nearest: openai'),
        ('only = "openai"', 1, "only must be a list of one text or more"),
        ('only = ["openai", "openai"]', 1, "only has something in it twice"),
        ('only = ["openai"]\nignore = ["openai"]', 2, 'ignore has "openai", which stands in only too'),
        ('regions = ["Europe"]', 1, 'regions cannot be "Europe": known are us, eu, cn, own'),
        ('regions = ["any"]', 1, 'regions cannot be "any"'),
        ("[fallbacks]\ngpt-small = [7]", 2, "fallbacks.gpt-small must be a text"),
        ('data_collection = "no"', 1, 'data_collection cannot be "no": known are allow, deny'),
        ('zdr = "yes"', 1, "zdr must be true or false"),
        ("\n\nmax_prize = 1", 3, "max_prize is no key that is known here"),
        ("\n[budget]\nx = 1", 2, "budget is no key that is known here"),
        ('recall = "gpt-small"', 1, 'recall names "gpt-small", which is no embedding model here'),
        ('[fallbacks]\nzdr = ["gpt-small"]', 2, 'fallbacks.zdr names "zdr", which is no model here'),
        ('[fallbacks]\ngpt-small = ["gpt-larg"]', 2, 'names "gpt-larg", which is no model here. Nearest: gpt-large'),
        ('[fallbacks]\ngpt-small = ["gpt-small"]', 2, "has the model itself among its fallbacks"),
        (f"{ROUTE}\n{ROUTE}", 6, 'routes.name cannot be "house": it means something else already'),
        (ROUTE.replace("house", "gpt-large"), 2, 'routes.name cannot be "gpt-large"'),
        (ROUTE.replace("house", "named"), 2, 'routes.name cannot be "named"'),
        (ROUTE.replace("house", "My House"), 2, 'routes.name cannot be "My House"'),
        (ROUTE.replace('"gpt-small"', ""), 3, "routes.models must be a list of one text or more"),
        (ROUTE.replace("gpt-small", "gpt-smal"), 3, 'routes.models names "gpt-smal"'),
        (f'{ROUTE}max_price_for = "first"', 4, "routes.max_price_for needs a max_price in the same route"),
        (f'{ROUTE}max_price = "1"\nmax_price_for = "all"', 5, "known are chain, first"),
        (f"{ROUTE}weight = 1", 4, "routes.weight is no key that is known here"),
        (VARIANT.replace("5", "0"), 4, "variants.weight must be a whole number from 1 to 100"),
        (VARIANT.replace("5", "0.05"), 4, "variants.weight must be a whole number from 1 to 100"),
        (VARIANT.replace("new-model", "gone"), 3, 'variants.model names "gone"'),
        (f'{VARIANT}of = "haus"', 5, 'variants.of names "haus", which is no model here'),
        (f"{VARIANT}\n{VARIANT}", 7, 'variants.name is "new" twice'),
        (VARIANT + VARIANT.replace("5", "96").replace('"new"', '"more"'), 8, "makes 101 % of auto together"),
        ("[rates.opnai]\nrequests_per_minute = 5", 1, 'rates.opnai names "opnai", which is no provider here'),
        ("[rates.openai]\n", 1, "rates.openai must say requests_per_minute, tokens_per_minute or both"),
        ("[rates.openai]\nrequests_per_minute = 0", 2, "must be a whole number from 1"),
        ("[rates.openai]\nrequests_per_second = 9", 2, "requests_per_second is no key that is known here"),
    ],
)
def test_whatever_is_wrong_is_named_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(NotConfigured) as caught:
        rules_of(text)
    assert str(caught.value).startswith(f"routing.toml, line {line}: "), str(caught.value)
    assert says in str(caught.value)


def test_what_is_no_toml_is_said() -> None:
    with pytest.raises(NotConfigured, match=r"routing\.toml is not valid TOML"):
        rules_of("sort: price")


def test_a_file_that_is_not_there_or_too_large_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match=r"cannot be read as UTF-8 text\. Check ROUTING_FILE"):
        load_rules(tmp_path / "none.toml", catalogue())
    large = tmp_path / "large.toml"
    large.write_text("#" * (MAX_FILE_BYTES + 1))
    with pytest.raises(NotConfigured, match="larger than"):
        load_rules(large, catalogue())
