"""Addresses that stand in what others sent: nothing is made of one that two readers could understand differently."""

import re
from urllib.parse import SplitResult, unquote, urlsplit

_PLACE = re.compile(r"(?P<host>[a-z0-9.-]+)(?::[0-9]{1,5})?")
"""A host, perhaps with a port; nobody's name and password."""


def plain_address(address: str) -> SplitResult | None:
    """Its parts; None for what is no plain address."""
    try:
        found = urlsplit(address)
        plain = address.isascii() and address.isprintable() and _PLACE.fullmatch(found.netloc.lower())
        return found if plain and found.port != 0 else None
    except ValueError:
        return None


def climbs(path: str) -> bool:
    """Whether a path leads out of the folders it names, also where that is written in percent signs, once or twice."""
    return bool({".", ".."} & set(re.split(r"[/\\]", unquote(unquote(path)))))
