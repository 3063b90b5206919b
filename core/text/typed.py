"""Reads what people type after a command."""

_CURRENCY_SIGNS = "$€£¥"
_UNITS = frozenset(
    "dollar dollars usd buck bucks cent cents euro euros eur pound pounds gbp yen jpy franc francs chf "
    "k m thousand thousands million millions hundred percent".split()
)


def split_amount(typed: str) -> tuple[str, str]:
    """An amount and the words after it: "25 November budget" is ("25", "November budget").

    A word that belongs to the amount stays with it ("25 euros", "1 000"), so that whoever reads the amount refuses
    it as a whole instead of taking 25 dollars, or 1.
    """
    amount, _, rest = typed.strip().partition(" ")
    rest = rest.strip()
    while rest and (amount in _CURRENCY_SIGNS or _belongs_to_amount(rest.split()[0])):
        word, _, rest = rest.partition(" ")
        amount, rest = f"{amount} {word}", rest.strip()
    return amount, rest


def _belongs_to_amount(word: str) -> bool:
    return word[0] in _CURRENCY_SIGNS or word[0].isdigit() or word.strip(".,;:!").casefold() in _UNITS
