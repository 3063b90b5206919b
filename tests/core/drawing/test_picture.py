"""A picture is whole whatever there is to show: well-formed, nothing outside of it, no words on one another."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from core.chart import MOST_BARS, Bar, Chart
from core.drawing.letters import SHOWN, width
from core.drawing.look import FAINT, INK, NOW, PAPER, WIDTH
from core.drawing.picture import svg
from core.money import MAX_TOTAL_NANOS, NANOS_PER_USD
from tests.core.test_chart import CHARTS

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONG = "GPT 6.1 Sol (reasoning) with a <long> name & more of it"
SVG = "{http://www.w3.org/2000/svg}"
Element = ElementTree.Element


def chart(*nanos: int, before: int = 1, labels: tuple[str, ...] = DAYS, name: str = "Last week") -> Chart:
    bars = tuple(Bar(labels[place % len(labels)], each, before) for place, each in enumerate(nanos))
    return Chart("Spend by day", "This week", name, bars, "What was spent.")


HARD = {
    "one": chart(5),
    "a week": chart(*(each * NANOS_PER_USD for each in (12, 8, 15, 11, 9, 1, 0)), before=9 * NANOS_PER_USD),
    "nothing": chart(*[0] * 7, before=0),
    "given back": chart(*[-5] * 7, before=-1),
    "all equal": chart(*[5] * 7, before=5),
    "one huge": chart(MAX_TOTAL_NANOS, *[1] * 6),
    "all huge": chart(*[MAX_TOTAL_NANOS] * MOST_BARS, before=MAX_TOTAL_NANOS),
    "sixty-two": chart(*range(MOST_BARS), labels=tuple(str(day) for day in range(1, 32))),
    "long names": chart(*range(MOST_BARS), labels=(LONG,)),
    "no comparison": chart(*[7] * 7, name=""),
    "long words": Chart(LONG * 9, LONG * 9, LONG * 9, (Bar(LONG * 9, MAX_TOTAL_NANOS, 1),), LONG * 9),
}


def drawn(of: Chart) -> Element:
    return ElementTree.fromstring(svg(of))  # noqa: S314 (our own picture: what is tested is that it parses)


def words_of(picture: Element) -> list[tuple[float, float, float, str]]:
    """Every line of text: how high it stands, from where to where, and what it says."""
    found = []
    for text in picture.iter(f"{SVG}text"):
        parts = [(text.text or "", int(text.attrib["font-size"]), 0)]
        parts += [(part.text or "", int(part.attrib["font-size"]), int(part.attrib["dx"])) for part in text]
        across = sum(width(words, size) + before for words, size, before in parts)
        x = float(text.attrib["x"]) - across * {"": 0, "middle": 0.5, "end": 1}[text.attrib.get("text-anchor", "")]
        found.append((float(text.attrib["y"]), x, x + across, "".join(words for words, _, _ in parts)))
    return sorted(found)


def assert_whole(of: Chart) -> None:
    picture = drawn(of)
    assert {each.tag.removeprefix(SVG) for each in picture.iter()} <= {"svg", "title", "rect", "path", "text", "tspan"}
    high = float(picture.attrib["height"])
    assert 100 < high < 2 * WIDTH
    words = words_of(picture)
    assert set("".join(each for *_, each in words)) <= SHOWN
    for y, left, right, said in words:
        assert left >= 0 and right <= WIDTH and 10 < y < high - 2, said
    for (y, _, right, said), (next_y, left, _, _) in pairwise(words):
        assert y != next_y or right <= left, said
    for rect in picture.iter(f"{SVG}rect"):
        x, y, wide, tall = (float(rect.attrib.get(name, "0")) for name in ("x", "y", "width", "height"))
        assert x >= 0 and x + wide <= WIDTH and y >= 0 and y + tall <= high and wide > 0 and tall > 0


@pytest.mark.parametrize("name", HARD)
def test_a_picture_is_whole(name: str) -> None:
    assert_whole(HARD[name])


@settings(max_examples=40)
@given(CHARTS)
def test_a_picture_is_whole_whatever_people_wrote(of: Chart) -> None:
    assert_whole(of)


def test_what_people_wrote_stays_letters() -> None:
    written = '</text><g id="x"/>&#x41;<!--'
    picture = drawn(Chart(written, written, written, (Bar(written, 1, 2),), written))
    assert written in [said for *_, said in words_of(picture)]
    assert picture.findtext(f"{SVG}title") == written


def test_a_week_is_seen_at_once() -> None:
    said = [each for *_, each in words_of(drawn(HARD["a week"]))]
    assert said[:3] == ["Spend by day", "$56.00This week", "$63.00Last week"]
    assert said[3:] == ["$12", "$8", "$15", "$11", "$9", "$1", "$0", *DAYS]


def test_a_week_of_less_than_a_cent_is_no_week_of_nothing() -> None:
    said = [each for *_, each in words_of(drawn(chart(*[0] * 6, 5, before=0)))]
    assert said[1:3] == ["<1¢This week", "$0.00Last week"]


def test_this_week_is_solid_and_the_last_one_is_hatched() -> None:
    picture = drawn(HARD["a week"])
    outlined = [each for each in picture.iter(f"{SVG}rect") if each.attrib["fill"] == "none"]
    solid = [each for each in picture.iter(f"{SVG}rect") if each.attrib["fill"] == NOW]
    assert len(outlined) == len(list(picture.iter(f"{SVG}path"))) == 1 + 7  # the words beside the first say which
    assert len(solid) == 1 + 6  # nothing was spent on Sunday


def test_many_days_show_their_dearest_and_a_few_names() -> None:
    said = [each for *_, each in words_of(drawn(HARD["sixty-two"]))]
    assert sum(each.isdigit() for each in said) < 31
    assert [each for each in said if each.endswith("¢")] == ["<1¢"]
    assert not list(drawn(HARD["sixty-two"]).iter(f"{SVG}path"))  # sixty-two pairs of bars would be a blur


def test_of_many_long_names_the_rest_is_one_line() -> None:
    assert "and 56 more: <1¢" in [said for *_, said in words_of(drawn(HARD["long names"]))]


def _light(colour: str) -> float:
    """Relative luminance (WCAG 2.2, "relative luminance")."""
    parts = [int(found, 16) / 255 for found in re.findall("..", colour.removeprefix("#"))]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_light(one), _light(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", HARD)
def test_whatever_is_drawn_stands_out_from_the_paper(name: str) -> None:
    colours = set(re.findall(r"#[0-9a-f]{6}", svg(HARD[name]))) - {PAPER}
    assert colours <= {INK, FAINT, NOW}
    assert all(contrast(each, PAPER) >= 4.5 for each in colours)
    assert contrast(NOW, FAINT) < 4.5  # so it is the hatching that tells them apart, as the test above says
