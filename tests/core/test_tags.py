"""Which word of a question is its tag, and what only looks like one."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.tags import MAX_TAG_CHARS, NO_TAG, is_tag, tag_in, tag_named

LONGEST = "n" * MAX_TAG_CHARS
HIDDEN = "\u200b\u200d\u200e\u202e\u2066\u00ad\u034f\u061c\u115f\u3164\ufe0f\ufeff\U000e0041\x07"


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("#launch why is the build red?", "launch"),
        ("why is the build red? #Launch", "launch"),
        ("why (#launch) is it red", "launch"),
        ("why?\n#launch-2_b.", "launch-2_b"),
        ("**#launch** #other", "launch"),
        ("is this #launch's?", "launch"),
        ("#launch🚀 why", "launch"),
        ("#launch- or", "launch"),
        (f"#{LONGEST} why", LONGEST),
        ("＃発売 どうして", "発売"),
        ("#परियोजना क्यों", "परियोजना"),
        ("#STRASSE", "strasse"),
        ("#Straße", "strasse"),
        ("#ｌａｕｎｃｈ", "launch"),
        ("#none why", NO_TAG),
    ],
)
def test_the_first_tag_counts_in_its_one_form(text: str, tag: str) -> None:
    assert tag_in(text) == tag


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#",
        "no tag",
        "# Title",
        "## Title",
        "##title",
        "C# or F#?",
        "issue#12",
        "#1",
        "#2nd-try",
        "#-x",
        "#include <stdio.h>",
        "what does #Define do?",
        "#fff",
        "#FFAA00",
        "#ffaa0080",
        "<#C0123|general>",
        "<#C0123>",
        "<#1234567890>",
        "<https://example.com/#top|the #top>",
        "https://example.com/a#top",
        "[the #top](https://example.com)",
        "[up](#top)",
        '<a href="#top">',
        "`#launch`",
        "``a ` #launch``",
        "```\n#launch\n```",
        "~~~\n#launch\n~~~",
        "```\n#launch, and the fence stays open",
        "#main { color: red }",
        "#a.b",
        "#c++",
        "#a/b",
        f"#{LONGEST}n",
        "#ghp_" + "a1B2" * 9,
        "#AKIA" + "ABCD" * 4,
        "#gh\u200bp_" + "a1B2" * 9,
    ],
)
def test_what_only_looks_like_a_tag_is_none(text: str) -> None:
    assert tag_in(text) == ""


@pytest.mark.parametrize("text", ["#fff", "#include", "<#C1|x>", "`#a`", "```\n#a\n```", "https://x/ #", "#a.b"])
def test_the_tag_behind_it_counts(text: str) -> None:
    assert tag_in(f"{text} #real") == "real"


@pytest.mark.parametrize("char", HIDDEN)
def test_what_nobody_sees_makes_no_other_tag(char: str) -> None:
    assert tag_in(f"#lau{char}nch why") == tag_in(f"{char}#{char}launch{char} why") == "launch"
    assert tag_in(f"word{char}#launch") == ""


@pytest.mark.parametrize("typed", ["launch", "#launch", " #Launch ", "＃launch"])
def test_a_tag_can_be_named_with_its_sign_or_without(typed: str) -> None:
    assert tag_named(typed) == "launch"


@pytest.mark.parametrize("typed", ["", "#", "two words", "fff", "include", "1st", "a.b", "<#C1|x>", f"{LONGEST}n"])
def test_what_is_no_tag_cannot_be_named(typed: str) -> None:
    assert tag_named(typed) == ""
    assert not is_tag(typed)


TEXTS = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(["#", " #", "`", "```", "~~~", "\n", "<", ">", "[", "](", ")", "https://", "#launch", *HIDDEN]),
    ),
    max_size=40,
).map("".join)


@given(TEXTS)
@example("#İstanbul")
@example("#\ufdfa")
@example("#a" + "\u0345\u0301" * 9)
def test_whatever_is_asked_a_tag_is_of_its_own_grammar(text: str) -> None:
    tag = tag_in(text)
    assert tag == "" or is_tag(tag)
    if tag:
        kinds = [unicodedata.category(char) for char in tag]
        assert kinds[0][0] == "L"
        assert all(kind[0] in "LM" or kind == "Nd" or char in "-_" for kind, char in zip(kinds, tag, strict=True))
        assert len(tag) <= MAX_TAG_CHARS
        assert not set(tag) & set(HIDDEN)
        assert tag_in(f"#{tag} why") == tag_named(tag) == tag


@pytest.mark.parametrize(
    "piece",
    ["#", "` ", "[(", "](a", "<a", "#a.b ", "#if ", "``` `` ` ", "~~~\n", "#" + "a" * 99, "\ufdfa"],
)
def test_a_question_of_any_kind_is_read_once_through(piece: str) -> None:
    """Fifty thousand characters; one that took time in the square of them would be seen by whoever waits for this."""
    long = (piece * 50_000)[:50_000]
    assert tag_in(f"{long}# ") == ""
