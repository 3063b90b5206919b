"""A whole answer as messages: none too long as Discord counts, code closed in each, and nothing lost."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.answering.parts import cut, parts_of, preview_of
from adapters.discord.views.answer import MAX_CONTENT_CHARS
from core.text.neutralise import for_discord
from core.text.split import split, utf16_units

PIECES = st.sampled_from(
    [
        "A sentence. ",
        "word " * 40,
        "\n\n",
        "\n",
        "```python\n",
        "```\n",
        "    code()\n" * 30,
        "~~~\n",
        "> quoted\n",
        "- item\n" * 20,
        "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 40,
        "\U0001f469\u200d\U0001f469\u200d\U0001f467 " * 20,
        "\u4e16\u754c" * 100,
        "@everyone <@80351110224678912> [a](https://x.example)",
        "x" * 1_500,
        " " * 2_100,
        "# Heading\n",
    ]
)


def _much(pieces: list[str], times: int) -> str:
    return ("".join(pieces) * times)[:50_000]


ONE_GO = settings(max_examples=25, deadline=None)  # however busy the machine is
TEXTS = st.builds(_much, st.lists(PIECES, max_size=8), st.integers(1, 60))


@ONE_GO
@given(TEXTS)
def test_every_part_fits_however_it_is_counted_and_none_is_blank(text: str) -> None:
    for part in parts_of(for_discord(text)):
        assert len(part) <= MAX_CONTENT_CHARS
        assert utf16_units(part) <= MAX_CONTENT_CHARS
        assert part.strip()


@ONE_GO
@given(TEXTS)
def test_the_parts_joined_are_the_answer(text: str) -> None:
    harmless = for_discord(text)
    pages = split(harmless, MAX_CONTENT_CHARS, utf16_units)
    assert "".join(page.content for page in pages) == harmless
    assert list(parts_of(harmless)) == [page.text for page in pages if page.content.strip()]


@ONE_GO
@given(
    st.lists(
        st.sampled_from(["text. " * 30 + "\n", *(f"```py\n{code}```\n" for code in ("", "1\n", "code()\n" * 500))])
    ),
    st.sampled_from(["", "```sh\nnever closed\n", "```sh\n" + "never closed\n" * 200, "```"]),
)
def test_code_is_closed_in_every_part(pieces: list[str], last: str) -> None:
    text = "".join((*pieces, last))
    for part in parts_of(for_discord(text)):
        assert len(re.findall(r"^```", part, re.MULTILINE)) % 2 == 0


@ONE_GO
@given(TEXTS, st.sampled_from(["", "Anthropic is busy; trying again in 3 seconds.", "x" * 900]))
def test_what_is_shown_on_the_way_fits_one_message(text: str, around: str) -> None:
    assert utf16_units(preview_of(for_discord(text), around)) <= MAX_CONTENT_CHARS


def test_on_the_way_the_beginning_stands_still_and_it_is_said_that_more_is_coming() -> None:
    assert preview_of("Yes.") == "Yes."
    assert preview_of("", "Thinking...") == "-# Thinking..."
    assert preview_of("Yes.", "Busy.") == "Yes.\n-# Busy."
    early, late = preview_of("word " * 500), preview_of("word " * 900)
    assert early.split("\n-# ")[0] == late.split("\n-# ")[0]
    assert late.endswith("-# Still being written: about 4,500 characters so far.")


def test_what_is_too_long_is_cut_as_it_is_counted() -> None:
    assert cut("abc", 3) == "abc"
    assert cut("abcdef", 5) == "ab..."
    assert cut("\U0001f600" * 4, 7) == "\U0001f600" * 2 + "..."
