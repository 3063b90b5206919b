"""Which addresses are of files that Discord keeps. Others stand in messages too, and none of them is fetched."""

from core.addresses import climbs, plain_address

_HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
"""Where Discord keeps what people attach (docs.discord.com/developers/reference#image-formatting, and the addresses in
attachment objects)."""
_PATHS = ("/attachments/", "/ephemeral-attachments/")
DISCORD = "discord.com"


def is_attachment(address: str, api_url: str) -> bool:
    """Whether it is of what somebody attached on Discord; `api_url` may name another server in Discord's place."""
    found, api = plain_address(address), plain_address(api_url)
    if found is None or api is None or found.username is not None or not found.path.startswith(_PATHS):
        return False
    if climbs(found.path):
        return False
    if api.hostname == DISCORD or (api.hostname or "").endswith(f".{DISCORD}"):
        return found.scheme == "https" and found.port in (None, 443) and found.hostname in _HOSTS
    return (found.scheme, found.hostname, found.port) == (api.scheme, api.hostname, api.port)
