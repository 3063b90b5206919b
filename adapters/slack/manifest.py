"""The app's manifest: pasted into Slack it creates the app. manifest.json is for Socket Mode and the short names."""

import json
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from adapters.slack.table import CHIPIN

EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH = "/slack/events", "/slack/install", "/slack/oauth_redirect"
PREFIX = f"{CHIPIN.removeprefix('/')}-"
"""What may stand before the short names where other apps own them: /chipin-ask."""
_FILE = Path(__file__).with_name("manifest.json")

Json = dict[str, Any]


def manifest(*, prefix: str = "", only_chipin: bool = False, address: str = "") -> Json:
    """The manifest. `prefix` goes before the short names, `only_chipin` leaves them out: they work behind /chipin too.

    `address` is where Slack calls Chipin over HTTPS, "https://chipin.example.org", instead of Socket Mode.
    """
    made = deepcopy(_written())
    commands = made["features"]["slash_commands"]
    if only_chipin:
        commands[:] = [each for each in commands if each["command"] == CHIPIN]
    for each in commands:
        if each["command"] != CHIPIN:
            each["command"] = f"/{prefix}{each['command'].removeprefix('/')}"
    if address:
        _call_at(made, address.rstrip("/"))
    return made


def scopes() -> tuple[str, ...]:
    """What the app has to be allowed in a workspace."""
    return tuple(_written()["oauth_config"]["scopes"]["bot"])


def _call_at(made: Json, address: str) -> None:
    """Let Slack call this address for everything."""
    events = address + EVENTS_PATH
    made["settings"]["socket_mode_enabled"] = False
    made["settings"]["event_subscriptions"]["request_url"] = events
    made["settings"]["interactivity"]["request_url"] = events
    made["oauth_config"]["redirect_urls"] = [address + REDIRECT_PATH]
    for each in made["features"]["slash_commands"]:
        each["url"] = events


@cache
def _written() -> Json:
    made: Json = json.loads(_FILE.read_text(encoding="utf-8"))
    return made
