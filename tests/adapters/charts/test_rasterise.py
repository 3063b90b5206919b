"""The picture is the same on every machine, and on every background: its letters and its paper are our own."""

import zlib
from functools import cache
from struct import unpack_from

import pytest
import resvg_py

from adapters.charts.drawing import MOST_BYTES
from adapters.charts.rasterise import FONTS, png
from core.drawing.look import INK, MARGIN, PAPER, WIDTH
from core.drawing.picture import svg
from tests.core.drawing.test_picture import HARD, contrast

WEEK = svg(HARD["a week"])
Pixels = list[bytearray]


@cache
def pixels(drawn: bytes) -> Pixels:
    """Each line of a PNG, four bytes a pixel: red, green, blue, opacity (PNG 3rd edition, "Filtering")."""
    across, high, depth, kind, *_, interlaced = unpack_from(">IIBBBBB", drawn, 16)
    assert (depth, kind, interlaced) == (8, 6, 0)
    packed, at = b"", 33
    while at < len(drawn):
        (length,) = unpack_from(">I", drawn, at)
        packed += drawn[at + 8 : at + 8 + length] if drawn[at + 4 : at + 8] == b"IDAT" else b""
        at += 12 + length
    raw, size = zlib.decompress(packed), 4 * across
    lines = [bytearray(size)]
    for line in range(high):
        start = line * (size + 1)
        lines.append(_unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + size]), lines[-1]))
    return lines[1:]


def _unfiltered(kind: int, line: bytearray, above: bytearray) -> bytearray:
    for at, value in enumerate(line):
        left, corner = (line[at - 4], above[at - 4]) if at >= 4 else (0, 0)
        up = above[at]
        guessed = (0, left, up, (left + up) // 2, 0)[kind]
        if kind == 4:
            along, down, both = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
            guessed = left if along <= down and along <= both else up if down <= both else corner
        line[at] = (value + guessed) & 255
    return line


def colour(line: bytearray, x: int) -> str:
    return f"#{line[4 * x : 4 * x + 3].hex()}"


def test_the_paper_is_our_own_so_that_light_and_dark_chats_show_the_same() -> None:
    lines = pixels(png(WEEK, 1))
    assert len(lines[0]) == 4 * WIDTH
    assert all(opacity == 255 for line in lines for opacity in line[3::4])
    assert {colour(lines[y], x) for y in (0, -1) for x in (0, WIDTH - 1)} == {PAPER}


def test_numbers_stand_out_as_they_are_drawn() -> None:
    lines = pixels(png(WEEK, 1))
    large = [colour(line, x) for line in lines[46:66] for x in range(MARGIN + 22, MARGIN + 130)]
    small = [colour(line, x) for line in lines[-28:-14] for x in range(MARGIN, WIDTH - MARGIN)]
    assert large.count(INK) > 300
    assert max(contrast(each, PAPER) for each in set(small)) >= 4.5


def test_a_machine_with_fonts_of_its_own_draws_the_same() -> None:
    with_them = resvg_py.svg_to_bytes(svg_string=WEEK, skip_system_fonts=False, font_files=FONTS, zoom=1)
    assert bytes(with_them) == png(WEEK, 1)


def test_without_the_shipped_fonts_there_are_no_letters() -> None:
    without = resvg_py.svg_to_bytes(svg_string=WEEK, skip_system_fonts=True, zoom=1)
    assert INK not in {colour(line, x) for line in pixels(bytes(without)) for x in range(WIDTH)}


@pytest.mark.parametrize("name", ["all equal", "long names"])
def test_no_picture_is_too_large_to_send(name: str) -> None:
    assert len(png(svg(HARD[name]))) < MOST_BYTES // 4


def test_what_is_no_picture_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"SVG|svg|XML|parse"):
        png("<nothing/>")
