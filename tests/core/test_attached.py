"""Files are told apart by their kind, quoted so that they cannot break out, and refused in words."""

import pytest

from core.attached import (
    MAX_FILES,
    MAX_TEXT_FILE_BYTES,
    Kind,
    kind_of,
    not_read,
    not_too_many_files,
    quoted,
    shown_name,
    text_part,
)
from core.errors import BadInput


@pytest.mark.parametrize(
    ("name", "media_type", "kind"),
    [
        ("a.png", "image/png", Kind.PICTURE),
        ("a.webp", "image/webp; charset=binary", Kind.PICTURE),
        ("a.svg", "image/svg+xml", Kind.OTHER),
        ("a.heic", "image/heic", Kind.OTHER),
        ("a.csv", "text/csv", Kind.TEXT),
        ("a.json", "application/json", Kind.TEXT),
        ("a.py", "application/octet-stream", Kind.TEXT),
        ("Dockerfile", "", Kind.TEXT),
        ("a.ts", "video/mp2t", Kind.OTHER),
        ("a.pdf", "application/pdf", Kind.OTHER),
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Kind.OTHER),
        ("a.rtf", "text/rtf", Kind.OTHER),
        ("", "", Kind.OTHER),
    ],
)
def test_kinds_are_told_by_what_the_chat_says_then_by_the_name(name: str, media_type: str, kind: Kind) -> None:
    assert kind_of(name, media_type) is kind


def test_a_text_file_is_quoted_under_its_name_whatever_is_in_it() -> None:
    assert text_part(b"a\r\nb\n", "notes.txt").text == "\n\nnotes.txt:\n```\na\nb\n```"
    assert quoted("```\ncode\n```", "x").startswith("\n\nx:\n````\n")


@pytest.mark.parametrize("data", ["\ufeffgrüße".encode(), "grüße".encode(), "grüße".encode("utf-16")])
def test_the_usual_encodings_are_read(data: bytes) -> None:
    assert "grüße" in text_part(data, "a.txt").text


@pytest.mark.parametrize("data", [b"\xff\xfa\x00", b"a\0b", "grüße".encode("latin-1")])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"a\.txt is no text that can be read"):
        text_part(data, "a.txt")


def test_limits_are_said() -> None:
    with pytest.raises(BadInput, match="larger than 1 MB, the most for a text file"):
        text_part(bytes(MAX_TEXT_FILE_BYTES + 1), "a.txt")
    with pytest.raises(BadInput, match="That is 11 files; 10 is the most"):
        not_too_many_files(MAX_FILES + 1)
    not_too_many_files(MAX_FILES)


def test_names_stay_in_one_line() -> None:
    assert shown_name("a\nb\u202e.txt") == "a b .txt"
    assert len(shown_name("x" * 300)) == 80
    assert not_read(["a.pdf", ""]).startswith("Left out: a.pdf, A file, which cannot be read.")
