"""One question for every family: tokenized once, never below OpenAI's own count, held by each family's rule."""

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from adapters.llm import tokens
from adapters.llm.tokens import OfflineTokenCounter
from core.ports import TokenCount
from scripts.build_token_ranks import NAMES
from tests.adapters.llm.test_tokens import COUNTER, EXACT, FAMILIES, NO_DEADLINE, TEXTS


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many characters each pass of a tokenizer was given."""
    given: list[int] = []
    encoded = tokens._encoded_length

    def note(encoding: tiktoken.Encoding, piece: str) -> int:
        given.append(len(piece))
        return encoded(encoding, piece)

    monkeypatch.setattr(tokens, "_encoded_length", note)
    return given


def forgetful() -> OfflineTokenCounter:
    """A counter that remembers nothing yet, with ranks that are loaded already."""
    counter = OfflineTokenCounter()
    counter._encodings = COUNTER._encodings
    return counter


async def test_one_question_is_tokenized_once_for_all_families(passes: list[int]) -> None:
    await COUNTER.warm()
    counter = forgetful()
    alone = [await forgetful().count(TEXTS["ruler"], family) for family in FAMILIES]
    passes.clear()
    assert [await counter.count(TEXTS["ruler"], family) for family in FAMILIES] == alone
    await counter.count(TEXTS["ruler"], "o200k")
    await counter.count(TEXTS["ruler"], "bytes")
    assert len(passes) == 2  # the text, and what is left of it without digits, scripts and repeats


async def test_a_text_is_counted_by_each_encoding_of_its_own() -> None:
    counter = forgetful()
    assert await counter.count("お誕生日おめでとう", "o200k") == TokenCount(8, 8)
    assert await counter.count("お誕生日おめでとう", "cl100k") == TokenCount(9, 9)


async def test_what_is_remembered_is_bounded_and_holds_no_text(passes: list[int]) -> None:
    counter = forgetful()
    for number in range(tokens.REMEMBERED_TEXTS + 10):
        await counter.count(f"my secret number {number}", "claude")
    for remembered in (counter._tokens_of._found, counter._makeup_of._found):
        assert len(remembered) == tokens.REMEMBERED_TEXTS
        assert "secret" not in repr(remembered)
    passes.clear()
    await counter.count(f"my secret number {number}", "claude")
    assert passes == []
    await counter.count("my secret number 0", "claude")
    assert len(passes) == 2


# --- what a family's bound rests on -------------------------------------------------------------------------------

PROSE = ["english", "german", "french", "spanish", "polish", "turkish", "zulu", "code"]


@pytest.mark.parametrize("label", TEXTS)
async def test_openai_s_own_count_is_never_passed(label: str) -> None:
    """In eighteen languages, code, JSON, digits and emoji: the encoding itself is the true count."""
    for tokenizer, name in zip(EXACT, NAMES, strict=True):
        true = len(COUNTER._encoding(name).encode_ordinary(TEXTS[label]))
        count = await COUNTER.count(TEXTS[label], tokenizer)
        assert count.at_most >= count.expected >= true
        assert (await COUNTER.count(TEXTS[label] * 50, tokenizer)).at_most >= len(
            COUNTER._encoding(name).encode_ordinary(TEXTS[label] * 50)
        )


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("label", PROSE)
async def test_latin_text_is_held_by_the_family_s_factor(label: str, family: str) -> None:
    text = "".join(letter for letter in TEXTS[label] if not letter.isdigit()).replace("    ", " ")
    o200k, count = await COUNTER.count(text, "o200k"), await COUNTER.count(text, family)
    assert 100 * count.at_most >= tokens._FAMILIES[family].at_most * o200k.expected
    assert count.expected <= count.at_most


@NO_DEADLINE
@given(st.sampled_from(list(TEXTS)), st.sampled_from(list(TEXTS)), st.sampled_from(FAMILIES))
async def test_more_text_is_never_held_for_less(first: str, second: str, family: str) -> None:
    one = (await COUNTER.count(TEXTS[first], family)).at_most
    both = (await COUNTER.count(f"{TEXTS[first]}\n\n{TEXTS[second]}", family)).at_most
    assert both >= one
