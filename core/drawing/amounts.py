"""Money in few letters, for beside a bar: the whole amount stands in the words under a picture."""

from core.money import NANOS_PER_CENT, NANOS_PER_USD

_THOUSAND_USD = 1_000 * NANOS_PER_USD
_LETTERS = ("k", "M", "B", "T")
"""Thousand, million, billion, trillion."""


def brief(nanos: int, most_nanos: int) -> str:
    """An amount beside one of at most `most_nanos`: "$1.2k", "$124", "$4.20", "42¢", "<1¢".

    Cents are those of `format_usd`, which the words beside a picture have; what is shorter is rounded to the nearest.
    All of a picture are whole dollars where one is $10 or more (cents say nothing about such a bar), and all are cents
    where none is a dollar.
    """
    sign = "-" if nanos < 0 else ""
    size = abs(nanos)
    if size == 0:
        return "$0"
    if size >= _THOUSAND_USD - NANOS_PER_USD // 2:
        return sign + _in_thousands(size)
    if abs(most_nanos) >= 10 * NANOS_PER_USD:
        dollars = _rounded(size, NANOS_PER_USD)
        return f"{sign}${dollars}" if dollars else f"{sign}<$1"
    if size < NANOS_PER_CENT:
        return f"{sign}<1¢"
    cents = size // NANOS_PER_CENT
    return f"{sign}{cents}¢" if abs(most_nanos) < NANOS_PER_USD else f"{sign}${cents // 100}.{cents % 100:02}"


def _in_thousands(size: int) -> str:
    """With two digits at least: "$1.2k", "$12k", "$999k", "$1.0M"."""
    unit = _THOUSAND_USD
    for letter in _LETTERS:
        if (tenths := _rounded(size * 10, unit)) < 100:
            return f"${tenths // 10}.{tenths % 10}{letter}"
        if (whole := _rounded(size, unit)) < 1_000 or letter == _LETTERS[-1]:
            break
        unit *= 1_000
    return f"${whole}{letter}"


def _rounded(size: int, unit: int) -> int:
    return (2 * size + unit) // (2 * unit)
