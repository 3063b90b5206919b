"""The letters that core/drawing reckons with are those of the shipped fonts."""

from dataclasses import dataclass
from pathlib import Path
from struct import iter_unpack, unpack_from

import pytest

from adapters.charts.rasterise import FONTS
from core.drawing.letters import SHOWN, width
from core.drawing.look import FONT

FOLDER = Path(FONTS[0]).parent
LARGE = 1_000
"""So large that a hundredth of it is no fraction of a pixel."""


@dataclass(frozen=True)
class Font:
    """What a TrueType file says (OpenType 1.9, "cmap" format 4, "hmtx", "name")."""

    data: bytes

    def table(self, tag: bytes) -> bytes:
        (tables,) = unpack_from(">H", self.data, 4)
        for name, _, start, length in iter_unpack(">4sIII", self.data[12 : 12 + 16 * tables]):
            if name == tag:
                return self.data[start : start + length]
        raise KeyError(tag)

    def glyphs(self) -> dict[str, int]:
        """The glyph of each letter that has one."""
        cmap = self.table(b"cmap")
        start = next(at for at in self._subtables(cmap) if unpack_from(">H", cmap, at) == (4,))
        (doubled,) = unpack_from(">H", cmap, start + 6)
        ends, firsts, deltas, offsets = (
            start + 14 + each for each in (0, doubled + 2, 2 * doubled + 2, 3 * doubled + 2)
        )
        found: dict[str, int] = {}
        for at in range(0, doubled, 2):
            (end,), (first,), (delta,), (offset,) = (
                unpack_from(">H", cmap, place + at) for place in (ends, firsts, deltas, offsets)
            )
            for code in range(first, min(end, 0xFFFE) + 1):
                glyph = code if offset == 0 else unpack_from(">H", cmap, offsets + at + offset + 2 * (code - first))[0]
                found[chr(code)] = (glyph + delta) % 0x10000
        return found

    @staticmethod
    def _subtables(cmap: bytes) -> list[int]:
        (number,) = unpack_from(">H", cmap, 2)
        return [unpack_from(">I", cmap, 4 + 8 * each + 4)[0] for each in range(number)]

    def advance(self, glyph: int) -> float:
        """How far it moves the pen, in parts of the font's size."""
        (units,) = unpack_from(">H", self.table(b"head"), 18)
        (known,) = unpack_from(">H", self.table(b"hhea"), 34)
        (across,) = unpack_from(">H", self.table(b"hmtx"), 4 * min(glyph, known - 1))
        return float(across / units)


@pytest.fixture(params=FONTS, ids=lambda name: Path(name).stem)
def font(request: pytest.FixtureRequest) -> Font:
    return Font(Path(request.param).read_bytes())


def test_every_letter_that_a_picture_shows_is_in_the_font_and_no_other(font: Font) -> None:
    assert {char for char, glyph in font.glyphs().items() if glyph} == SHOWN


def test_no_letter_is_wider_than_reckoned(font: Font) -> None:
    for char, glyph in font.glyphs().items():
        assert font.advance(glyph) * LARGE <= width(char, LARGE), char


def test_ascii_is_reckoned_no_wider_than_it_is() -> None:
    both = [Font(Path(name).read_bytes()) for name in FONTS]
    for char in map(chr, range(ord(" "), ord("~") + 1)):
        widest = max(font.advance(font.glyphs()[char]) for font in both)
        assert width(char, LARGE) < widest * LARGE + 11, char


def test_fonts_are_small_and_have_their_licence_beside_them(font: Font) -> None:
    licence = (FOLDER / "OFL.txt").read_text()
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Copyright (c) 2016-2018 The Inter Project Authors" in licence
    assert "Reserved Font Name " not in licence.partition("PREAMBLE")[0]
    assert f"{FONT} ".encode("utf-16-be")[:-2] in font.table(b"name")
    assert len(font.data) < 40_000
