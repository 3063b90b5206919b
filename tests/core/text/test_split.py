import regex  # type: ignore[import-untyped]  # knows the clusters of Unicode; comes with tiktoken
from hypothesis import given
from hypothesis import strategies as st

from core.text.split import MIN_LIMIT, Measure, Page, fill, split, utf16_units

FENCED = "Before\n\n```python title\n" + "".join(f"line_{number} = {number}\n" for number in range(60)) + "```\n\nAfter"
TABLE = "| name | price |\n|---|---:|\n" + "".join(f"| thing {number} | {number} cents |\n" for number in range(40))
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"

PIECES = st.sampled_from(
    [
        "word ",
        "A sentence. ",
        "\n",
        "\n\n",
        "```",
        "```python\n",
        "~~~~\n",
        "> ```js\n",
        "- item\n",
        "| a | b |\n",
        "|---|---|\n",
        FAMILY,
        "\U0001f1e9\U0001f1ea",
        "e\u0301",
        "&lt;",
        "\u4e16\u754c\u3002",
        "x" * 90,
        "# Heading\n",
        "\r\n",
        "\ud83d\ude00",
    ]
)
TEXTS = st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=80).map("".join))
LIMITS = st.integers(MIN_LIMIT, 2 * MIN_LIMIT)


def stream(text: str, limit: int, size: int) -> list[Page]:
    """The same text as it comes in pieces; what was put on a page is never taken back."""
    page, pages = Page(), []
    for start in range(0, len(text), size):
        rest = text[start : start + size]
        while True:
            before = page
            page, rest = fill(page, rest, limit)
            assert page.content.startswith(before.content)
            if not rest:
                break
            pages.append(page)
            page = page.following()
    return [*pages, page]


@given(TEXTS, LIMITS, st.sampled_from([len, utf16_units]))
def test_pages_hold_the_whole_text_and_none_is_too_long(text: str, limit: int, measure: Measure) -> None:
    pages = split(text, limit, measure)
    assert "".join(page.content for page in pages) == text
    assert all(page.text == page.opened + page.content + page.closed for page in pages)
    assert all(measure(page.text) <= limit for page in pages)
    assert all(page.content for page in pages[1:])


@given(TEXTS, LIMITS, st.integers(1, 300))
def test_the_same_holds_while_the_text_is_still_coming(text: str, limit: int, size: int) -> None:
    pages = stream(text, limit, size)
    assert "".join(page.content for page in pages) == text
    assert all(len(page.text) <= limit for page in pages)


@given(TEXTS, LIMITS)
def test_no_character_that_people_see_as_one_is_torn(text: str, limit: int) -> None:
    ends, end = set(), 0
    for cluster in regex.findall(r"\X", text):
        end += len(cluster)
        ends.add(end)
    at = 0
    for page in split(text, limit)[:-1]:
        at += len(page.content)
        assert at in ends


def test_a_text_that_fits_is_one_page_as_it_is() -> None:
    assert [page.text for page in split("Hello **you**", 200)] == ["Hello **you**"]
    assert [page.text for page in split("", 200)] == [""]


def test_code_is_closed_and_opened_again_with_its_language() -> None:
    pages = split(FENCED, 400)
    assert len(pages) > 2
    for page in pages[:-1]:
        assert page.text.endswith("\n```")
    for page in pages[1:]:
        assert page.text.startswith("```python title\nline_")
    assert all(page.text.count("```") == 2 for page in pages)


def test_code_that_was_never_closed_is_closed_at_the_end() -> None:
    assert split("```sh\nls", 200)[0].text == "```sh\nls\n```"


def test_quoted_code_goes_on_in_its_quote() -> None:
    pages = split("> ```\n" + "> code code code\n" * 30, 200)
    assert all(page.text.startswith("> ```\n") and page.text.endswith("> ```") for page in pages)


def test_a_table_that_is_torn_has_its_header_on_every_page() -> None:
    pages = split(TABLE, 400)
    assert len(pages) > 1
    assert all(page.text.startswith("| name | price |\n|---|---:|\n| thing") for page in pages)
    assert all(page.content.endswith(" cents |\n") for page in pages)


def test_a_short_table_or_block_of_code_moves_to_the_next_page_whole() -> None:
    table = "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 8
    for whole in (table, "```\n" + "code();\n" * 10 + "```\n"):
        first, second = split("word " * 50 + "\n\n" + whole, 310)
        assert second.content == whole
        assert first.content.endswith("\n\n")


def test_the_best_place_is_taken() -> None:
    paragraph, line, sentence = "p" * 130 + "\n\n", "l" * 40 + "\n", "s" * 15 + ". "
    assert split(paragraph + line + sentence + "w " * 50, 200)[0].content == paragraph
    assert split("p" * 130 + " " + line + sentence + "w " * 50, 200)[0].content.endswith("l\n")
    assert split("p" * 150 + " " + sentence + "w " * 50, 200)[0].content.endswith(". ")
    assert split("p" * 150 + " " + "w" * 100, 200)[0].content == "p" * 150 + " "
    assert split("p" * 250, 200)[0].content == "p" * 200


def test_a_fence_inside_a_line_does_not_begin_a_page() -> None:
    text = "x" * 190 + " ``` and on " + "y" * 100
    assert not split(text, 200)[1].content.lstrip().startswith("```")


def test_code_that_begins_where_a_page_is_full_begins_the_next_one() -> None:
    sent, code = "word " * 35 + "\n\n", "```python title\ncall()\n```\n" + "more " * 10
    page, rest = fill(Page(), sent, 200)
    assert rest == ""
    page, rest = fill(page, code, 200)
    assert (page.text, rest) == (sent, code)


def test_escapes_and_pairs_stay_whole() -> None:
    for whole in ("&lt;", "\ud83d\ude00", FAMILY, "\U0001f1e9\U0001f1ea", "\r\n"):
        for before in range(198 - len(whole), 201):
            first = split("x" * before + whole + "y" * 50, 200)[0].content.lstrip("x")
            assert first == "" or first.startswith(whole)


def test_one_character_longer_than_a_page_is_cut_between_code_points() -> None:
    text = "e" + "\u0301" * 500
    assert "".join(page.content for page in split(text, 200)) == text


def test_what_the_platform_counts_twice_counts_twice() -> None:
    assert utf16_units("a\U0001f600") == 3
    assert all(utf16_units(page.text) <= 200 for page in split("\U0001f600" * 400, 200, utf16_units))


def test_long_answers_are_split_in_one_go() -> None:
    text = (FENCED + "\n\n" + TABLE + "\n" + "word " * 300 + "\n\n") * 40
    pages = split(text, 12_000)
    assert "".join(page.content for page in pages) == text
    assert len(pages) <= len(text) // 6_000 + 1
