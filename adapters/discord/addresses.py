"""Which addresses are of files that Discord keeps. Others stand in messages too, and none of them is fetched."""

import re
from urllib.parse import SplitResult, unquote, urlsplit

_PLACE = re.compile(r"(?P<host>[a-z0-9.-]+)(?::[0-9]{1,5})?")
"""A host, perhaps with a port: nothing that two readers of addresses could understand differently."""
_HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
"""Where Discord keeps what people attach (docs.discord.com/developers/reference#image-formatting, and the addresses in
attachment objects)."""
_PATHS = ("/attachments/", "/ephemeral-attachments/")
DISCORD = "discord.com"


def is_attachment(address: str, api_url: str) -> bool:
    """Whether it is of what somebody attached on Discord; `api_url` may name another server in Discord's place."""
    found, api = _split(address), _split(api_url)
    if found is None or api is None or found.username is not None or not found.path.startswith(_PATHS):
        return False
    if {".", ".."} & set(re.split(r"[/\\]", unquote(unquote(found.path)))):
        return False
    if api.hostname == DISCORD or (api.hostname or "").endswith(f".{DISCORD}"):
        return found.scheme == "https" and found.port in (None, 443) and found.hostname in _HOSTS
    return (found.scheme, found.hostname, found.port) == (api.scheme, api.hostname, api.port)


def _split(address: str) -> SplitResult | None:
    """Its parts; None for what is no plain address."""
    try:
        found = urlsplit(address)
        plain = address.isascii() and address.isprintable() and _PLACE.fullmatch(found.netloc.lower())
        return found if plain and found.port != 0 else None
    except ValueError:
        return None
