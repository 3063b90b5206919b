"""Only what Discord keeps is fetched: no other host, however its address is written."""

import pytest

from adapters.discord.addresses import is_attachment

REAL, LOCAL = "https://discord.com/api/v10", "http://127.0.0.1:4100/api/v10"
FILE = "/attachments/1/2/cat.png?ex=65&is=64&hm=ab"


@pytest.mark.parametrize("host", ["https://cdn.discordapp.com", "https://media.discordapp.net:443"])
@pytest.mark.parametrize("path", [FILE, "/ephemeral-attachments/1/2/a.txt"])
def test_what_discord_keeps_is_fetched(host: str, path: str) -> None:
    assert is_attachment(host + path, REAL)
    assert not is_attachment(host + path, LOCAL)


@pytest.mark.parametrize(
    "address",
    [
        "http://cdn.discordapp.com" + FILE,
        "https://cdn.discordapp.com:8443" + FILE,
        "https://cdn.discordapp.com/emojis/1.png",
        "https://cdn.discordapp.com/attachments/../oauth2/x",
        "https://cdn.discordapp.com/attachments/%2e%2e/oauth2/x",
        "https://cdn.discordapp.com/attachments/%252e%252e/oauth2/x",
        "https://cdn.discordapp.com.evil.example" + FILE,
        "https://evil.example/cdn.discordapp.com" + FILE,
        "https://cdn.discordapp.com@evil.example" + FILE,
        "https://user:word@cdn.discordapp.com" + FILE,
        "https://cdn.discordapp.com\\@evil.example" + FILE,
        "https://discord.com" + FILE,
        "https://169.254.169.254" + FILE,
        "file:///attachments/etc/passwd",
        "//cdn.discordapp.com" + FILE,
        "https://cdn.discordapp.com:0" + FILE,
        "https://cdn.discordapp.com:x" + FILE,
        "https://cdn.discordapp.c\N{CYRILLIC SMALL LETTER O}m" + FILE,
        "",
    ],
)
def test_nothing_else_is(address: str) -> None:
    assert not is_attachment(address, REAL)


def test_a_server_in_discords_place_keeps_its_own() -> None:
    assert is_attachment("http://127.0.0.1:4100" + FILE, LOCAL)
    for other in ("http://127.0.0.1:4101", "https://127.0.0.1:4100", "http://127.0.0.2:4100"):
        assert not is_attachment(other + FILE, LOCAL)
