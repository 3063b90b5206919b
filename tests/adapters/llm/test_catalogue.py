"""The catalogue's files: ours are whole, and an operator's is refused wherever it is not."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.llm.catalogue import OWN_MODELS_FILE, load_catalogue
from adapters.llm.models_file import parse_models
from adapters.llm.providers_file import parse_providers
from adapters.llm.tokens import OfflineTokenCounter
from core.errors import NotConfigured
from core.models import PRACTICE

MODEL = """\
[[models]]
id = "house-model"
title = "House model"
provider = "litellm"
wire_name = "house"
context_window_tokens = 8000
max_output_tokens = 1000
cap_field = "max_tokens"
tokenizer = "o200k"
tier = 2
tier_source = "we tried it"
good_for = "our own things"

[[models.prices]]
effective_from = 2026-01-01
source = "our contract"
input = "0.5"
cache_read = "0.05"
cache_write = "0.5"
output = "2"
reasoning = "2"
"""
TIERED = f"""{MODEL}
[[models.prices.tiers]]
above_input_tokens = 4000
input = "1"
cache_read = "0.1"
cache_write = "1"
output = "3"
reasoning = "3"

[[models.prices.tiers]]
above_input_tokens = 6000
input = "2"
cache_read = "0.2"
cache_write = "2"
output = "4"
reasoning = "4"
"""
EMBEDS = (
    MODEL.replace("house-model", "house-embeddings")
    .replace('"2"', '"0"')
    .replace("tier = 2", "tier = 2\nembeds = true")
    .replace('max_output_tokens = 1000\ncap_field = "max_tokens"\n', "")
)
FREE = (
    MODEL.replace('"0.5"', '"0"')
    .replace('"0.05"', '"0"')
    .replace('"2"', '"0"')
    .replace("tier = 2", "tier = 2\nfree = true")
)
PROVIDER = """\
[[providers]]
id = "somebody"
title = "Somebody"
wire = "openai"
base_url = "https://somebody.example/v1"
key_variable = "SOMEBODY_API_KEY"
base_url_variable = "SOMEBODY_BASE_URL"
key_required = true
region = "Europe"
regions = ["eu", "us"]
collects_data = false
zdr = true
quirks = { stream = false }

[providers.data_policy]
training = "Never."
retention = "Never."
source = "a test"
"""


def why_not(text: str) -> str:
    with pytest.raises(NotConfigured) as caught:
        parse_models(text, "house.toml", known=["litellm"])
    return str(caught.value)


def test_a_model_is_what_its_table_says() -> None:
    model = parse_models(MODEL, "house.toml", known=["litellm"])["house-model"]
    assert (model.title, model.provider, model.wire_name) == ("House model", "litellm", "house")
    assert (model.context_window_tokens, model.max_output_tokens, model.cap_field) == (8000, 1000, "max_tokens")
    assert model.prices[0].effective_from == date(2026, 1, 1)
    assert model.prices[0].cache_read_usd == Decimal("0.05")
    assert model.prices[0].request_usd == 0
    assert not model.free


def test_a_free_model_costs_nothing_because_it_says_so() -> None:
    model = parse_models(FREE, "house.toml", known=["litellm"])["house-model"]
    assert model.free
    assert model.prices[0].dearest_output_usd == 0


@pytest.mark.parametrize(
    ("right", "wrong", "line", "what"),
    [
        ('input = "0.5"\n', "", 14, "prices.input is missing"),
        ('input = "0.5"', "input = 0.5", 17, "quotes"),
        ('input = "0.5"', "input = nan", 17, "quotes"),
        ('input = "0.5"', 'input = "-0.5"', 17, "negative"),
        ('input = "0.5"', 'input = "NaN"', 17, "plain digits"),
        ('input = "0.5"', 'input = "Infinity"', 17, "plain digits"),
        ('input = "0.5"', 'input = "1e30"', 17, "plain digits"),
        ('input = "0.5"', 'input = "1_000"', 17, "plain digits"),
        ('input = "0.5"', 'input = "٣"', 17, "plain digits"),
        ('input = "0.5"', 'input = "10000.01"', 17, "$10,000"),
        ('input = "0.5"', 'input = "0"', 17, "free = true"),
        ('output = "2"', 'output = "0.000"', 20, "free = true"),
        ('output = "2"', 'output = "2"\nrequest = "-1"', 21, "negative"),
        ('source = "our contract"', 'source = ""', 16, "not empty"),
        ("effective_from = 2026-01-01", 'effective_from = "2026-01-01"', 15, "date"),
        ("effective_from = 2026-01-01", "effective_from = 2026-01-01T00:00:00Z", 15, "date"),
        ('reasoning = "2"', 'reasoning = "2"\nimput = "1"', 22, "prices.imput is no key"),
        ('id = "house-model"', 'id = "House Model"', 2, "cannot be"),
        ('id = "house-model"', 'id = "auto"', 2, "auto"),
        ('id = "house-model"\n', "", 1, "model number 1"),
        ('provider = "litellm"', 'provider = "litelm"', 4, "known are litellm"),
        ('provider = "litellm"', 'provider = "practice"', 4, "known are litellm"),
        ('title = "House model"', 'title = " "', 3, "not empty"),
        ('title = "House model"', 'title = "House\\nmodel"', 3, "one line"),
        ("max_output_tokens = 1000", "max_output_tokens = 8001", 7, "context window"),
        ("max_output_tokens = 1000", "max_output_tokens = true", 7, "whole number"),
        ("max_output_tokens = 1000", "max_output_tokens = 0", 7, "whole number"),
        ('cap_field = "max_tokens"', 'cap_field = "stream"', 8, "max_completion_tokens"),
        ('tokenizer = "o200k"', 'tokenizer = "gpt"', 9, "known are"),
        ("tier = 2", "tier = 4", 10, "from 0 to 3"),
        ("tier = 2", "tier = 2\nfree = true", 18, "says free = true"),
        ("tier = 2", 'tier = 2\nfree = "no"', 11, "true or false"),
        ('tier_source = "we tried it"\n', "", 1, "tier_source is missing"),
        (MODEL[MODEL.index("[[models.prices]]") :], "", 1, "prices is missing"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(right: str, wrong: str, line: int, what: str) -> None:
    assert right in MODEL
    sentence = why_not(MODEL.replace(right, wrong, 1))
    assert sentence.startswith(f"house.toml, line {line}, model ")
    assert what in sentence


def test_tiers_are_the_rates_of_longer_prompts() -> None:
    (price,) = parse_models(TIERED, "house.toml", known=["litellm"])["house-model"].prices
    assert [(tier.above_input_tokens, tier.input_usd) for tier in price.tiers] == [
        (4000, Decimal(1)),
        (6000, Decimal(2)),
    ]
    assert [price.rates_at(tokens).output_usd for tokens in (4000, 4001, 6000, 6001)] == [2, 3, 3, 4]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "what"),
    [
        ("above_input_tokens = 4000\n", "", 23, "prices.tiers.above_input_tokens is missing"),
        ("above_input_tokens = 4000", "above_input_tokens = 0", 24, "whole number"),
        ("above_input_tokens = 4000", "above_input_tokens = -1", 24, "whole number"),
        ("above_input_tokens = 4000", "above_input_tokens = 1e30", 24, "whole number"),
        ("above_input_tokens = 4000", "above_input_tokens = true", 24, "whole number"),
        ("above_input_tokens = 6000", "above_input_tokens = 4000", 32, "not more than that of the tier before"),
        ("above_input_tokens = 6000", "above_input_tokens = 3999", 32, "not more than that of the tier before"),
        ('output = "3"\n', "", 23, "prices.tiers.output is missing"),
        ('output = "3"', 'output = "0"', 28, "free = true"),
        ('output = "3"', 'output = "-3"', 28, "negative"),
        ('output = "3"', 'output = "nan"', 28, "plain digits"),
        ('output = "3"', 'output = "1e30"', 28, "plain digits"),
        ('output = "3"', "output = inf", 28, "quotes"),
        ('output = "3"', 'output = "0.0199"', 28, "100 times"),
        ('output = "3"', 'output = "201"', 28, "100 times"),
        ('cache_read = "0.2"', 'cache_read = "20"', 34, "100 times"),
        ('reasoning = "4"', 'reasoning = "4"\nrequest = "1"', 38, "prices.tiers.request is no key"),
    ],
)
def test_what_is_wrong_with_a_tier_is_named_with_its_line(right: str, wrong: str, line: int, what: str) -> None:
    assert right in TIERED
    sentence = why_not(TIERED.replace(right, wrong, 1))
    assert sentence.startswith(f"house.toml, line {line}, model ")
    assert what in sentence


def test_the_line_is_that_of_the_second_price_s_tier() -> None:
    second = TIERED[TIERED.index("[[models.prices]]") :].replace("2026-01-01", "2026-02-01").replace('"0.2"', '"x"')
    assert why_not(TIERED + second).startswith("house.toml, line 58, ")


def test_a_tier_in_one_line_is_refused_at_that_line() -> None:
    inline = MODEL + 'tiers = [{ above_input_tokens = 4000, input = "1" }]\n'
    assert why_not(inline).startswith('house.toml, line 22, model "house-model": prices.tiers.cache_read is missing')


def test_a_model_that_embeds_says_that_its_output_costs_nothing() -> None:
    model = parse_models(EMBEDS, "house.toml", known=["litellm"])["house-embeddings"]
    assert (model.embeds, model.max_output_tokens, model.prices[0].dearest_output_usd) == (True, 0, Decimal(0))
    assert model.prices[0].input_usd == Decimal("0.5")


@pytest.mark.parametrize(
    ("right", "wrong", "what"),
    [
        ('output = "0"\n', "", "prices.output is missing"),
        ('input = "0.5"', 'input = "0"', "free = true"),
        ("tier = 2", "tier = 2\nmax_output_tokens = 10", "max_output_tokens is no key"),
    ],
)
def test_a_model_that_embeds_is_checked_like_any_other(right: str, wrong: str, what: str) -> None:
    assert what in why_not(EMBEDS.replace(right, wrong, 1))


def test_pictures_are_taken_with_the_most_that_one_counts() -> None:
    says = "tier = 2\nimages = true\nimage_tokens = 1600"
    model = parse_models(MODEL.replace("tier = 2", says), "house.toml", known=["litellm"])["house-model"]
    assert (model.images, model.image_tokens) == (True, 1600)
    assert "image_tokens is missing" in why_not(MODEL.replace("tier = 2", "tier = 2\nimages = true"))
    assert "image_tokens is no key" in why_not(MODEL.replace("tier = 2", "tier = 2\nimage_tokens = 1600"))
    assert "whole number" in why_not(MODEL.replace("tier = 2", says.replace("1600", "0")))


def test_a_free_model_with_a_price_contradicts_itself() -> None:
    assert "says free = true" in why_not(FREE.replace('output = "0"', 'output = "2"'))


def test_the_same_id_twice_is_refused_at_the_second_place() -> None:
    assert why_not(f"{MODEL}\n{MODEL}") == 'house.toml, line 24, model "house-model": this id is in the file twice.'


def test_two_prices_from_the_same_day_are_refused() -> None:
    assert "two prices begin on the same day" in why_not(MODEL + MODEL[MODEL.index("[[models.prices]]") :])


def test_the_line_is_that_of_the_price_that_is_wrong() -> None:
    second = MODEL[MODEL.index("[[models.prices]]") :].replace("2026-01-01", "2026-02-01").replace('"0.5"', '"x"', 1)
    assert why_not(MODEL + second).startswith("house.toml, line 25, ")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[[models", "not valid TOML"),
        ("[[model]]\n", 'unknown key "model"'),
        ("models = 3", "[[models]]"),
        ("models = [3]", "[[models]]"),
        (f"models = {'[' * 5000}", "not valid TOML"),
        ("[[models]]\nid = 2026-13-01", "line 2"),
    ],
)
def test_a_file_of_another_shape_is_refused(text: str, what: str) -> None:
    assert what in why_not(text)


@given(st.text(max_size=300))
def test_any_text_is_a_catalogue_or_not_configured(text: str) -> None:
    with suppress(NotConfigured):
        parse_models(text, "house.toml", known=["litellm"])


@given(st.sampled_from(MODEL.splitlines()), st.text(max_size=20))
def test_any_line_put_in_any_place_is_understood_or_refused(line: str, noise: str) -> None:
    with suppress(NotConfigured):
        parse_models(MODEL.replace(line, line.partition("=")[0] + "=" + noise, 1), "house.toml", known=["litellm"])


def test_a_provider_is_what_its_row_says() -> None:
    row = parse_providers(PROVIDER, "rows.toml")["somebody"]
    assert (row.base_url, row.key_variable, row.key_required) == (
        "https://somebody.example/v1",
        "SOMEBODY_API_KEY",
        True,
    )
    assert (row.region_codes, row.collects_data, row.zdr) == ("eu,us", False, True)
    assert not row.quirks.stream
    assert row.quirks.include_usage
    assert not row.discover


@pytest.mark.parametrize(
    ("right", "wrong", "what"),
    [
        ('wire = "openai"', 'wire = "telnet"', "wire"),
        ("https://somebody.example/v1", "somebody.example", "base_url"),
        ("https://somebody.example/v1", "https://user:secret@somebody.example", "base_url"),
        ("stream = false", "streams = false", "quirks.streams is no key"),
        ('training = "Never."\n', "", "data_policy.training is missing"),
        ("key_required = true\n", "", "key_required is missing"),
        ('regions = ["eu", "us"]\n', "", "regions is missing"),
        ('["eu", "us"]', '["mars"]', 'regions cannot be "mars": known are us, eu, cn, own, any'),
        ('["eu", "us"]', "[]", "regions must be a list"),
        ('["eu", "us"]', '"eu"', "regions must be a list"),
        ('["eu", "us"]', "[1]", "regions must be a text"),
        ('["eu", "us"]', '["eu", "eu"]', "regions has something in it twice"),
        ("collects_data = false\n", "", "collects_data is missing"),
        ("zdr = true", 'zdr = "yes"', "zdr must be true or false"),
        ("stream = false", 'headers = { Authorization = "x" }', "quirks.headers cannot have"),
        ("stream = false", 'headers = { x-api-key = "x" }', "quirks.headers cannot have"),
        ("stream = false", 'headers = { x-auth-token = "x" }', "quirks.headers cannot have"),
        ("stream = false", 'headers = { x-a = "a\\r\\nb" }', "quirks.headers must have a plain text"),
        ("stream = false", "body = 3", "quirks.body must be a table"),
        ("stream = false", 'cached_field = "A B"', "quirks.cached_field cannot be"),
        ('id = "somebody"', f'id = "{PRACTICE}"', "taken"),
    ],
)
def test_a_wrong_row_is_refused(right: str, wrong: str, what: str) -> None:
    with pytest.raises(NotConfigured, match=what):
        parse_providers(PROVIDER.replace(right, wrong, 1), "rows.toml")


def test_a_fixed_header_of_a_provider_s_own_is_data() -> None:
    row = PROVIDER.replace("stream = false", 'headers = { x-portkey-debug = "false" }')
    assert parse_providers(row, "rows.toml")["somebody"].quirks.headers == {"x-portkey-debug": "false"}


def test_a_model_has_its_provider_s_regions_and_policy_unless_it_says_otherwise() -> None:
    rows = parse_providers(PROVIDER, "rows.toml")
    listed = MODEL.replace('provider = "litellm"', 'provider = "somebody"')
    said = listed.replace("tier = 2", 'tier = 2\nregion = "cn"\ncollects_data = true\nzdr = false')
    plain, own = (parse_models(text, "house.toml", known=[*rows], rows=rows)["house-model"] for text in (listed, said))
    assert (plain.provider_title, plain.region, plain.collects_data, plain.zdr) == ("Somebody", "eu,us", False, True)
    assert (own.provider_title, own.region, own.collects_data, own.zdr) == ("Somebody", "cn", True, False)


def test_what_is_not_known_of_a_model_is_the_worse_of_the_two() -> None:
    model = parse_models(MODEL, "house.toml", known=["litellm"])["house-model"]
    assert (model.region, model.collects_data, model.zdr) == ("", True, False)


@pytest.mark.parametrize("region", ["Europe", "eu, us", "eu,", "eu,mars"])
def test_a_region_that_is_no_code_is_refused(region: str) -> None:
    assert "region cannot be" in why_not(MODEL.replace("tier = 2", f'tier = 2\nregion = "{region}"'))


def test_our_own_files_are_whole() -> None:
    catalogue = load_catalogue()
    named = "openai openrouter mistral deepseek qwen groq xai tokenmix poe portkey litellm ollama"
    assert set(named.split()) <= set(catalogue.providers)
    assert len([model for model in catalogue.models.values() if model.provider != PRACTICE]) >= 10
    assert all(model.price_on(date(2026, 11, 21)) for model in catalogue.models.values())


def test_our_own_models_say_where_questions_go() -> None:
    models = [model for model in load_catalogue().models.values() if model.provider != PRACTICE]
    assert all(model.provider_title and model.region for model in models)
    assert {model.region for model in models if model.provider == "openai"} == {"us"}


async def test_our_own_models_have_tokenizers_that_can_count() -> None:
    counter = OfflineTokenCounter()
    for model in load_catalogue().models.values():
        assert (await counter.count("what is a deadlock?", model.tokenizer)).at_most > 0


def test_a_price_of_tomorrow_is_not_in_force_today() -> None:
    model = load_catalogue().models["openrouter/gemini-3.8-flash"]
    assert model.price_on(date(2026, 9, 1)) is None
    dear, cheap = model.price_on(date(2026, 11, 2)), model.price_on(date(2026, 11, 3))
    assert dear is not None
    assert cheap is not None
    assert dear.input_usd > cheap.input_usd


def test_an_operator_s_file_adds_models_and_replaces_ours(tmp_path: Path) -> None:
    ours = OWN_MODELS_FILE.read_text("utf-8")
    path = tmp_path / "house.toml"
    path.write_text(f"{MODEL}\n{MODEL.replace('house-model', 'gpt-6-luna')}", "utf-8")
    models = load_catalogue(path).models
    assert 'id = "gpt-6-luna"' in ours
    assert models["house-model"].provider == models["gpt-6-luna"].provider == "litellm"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"#" * 2_000_000], ids=["no text", "far too long"])
def test_a_file_that_is_no_catalogue_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "house.toml"
    path.write_bytes(content)
    with pytest.raises(NotConfigured, match=r"house\.toml"):
        load_catalogue(path)


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match=r"nowhere\.toml"):
        load_catalogue(tmp_path / "nowhere.toml")
