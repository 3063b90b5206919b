"""What `doctor` looks at in Discord: the token, whether the bot is kept private, what it was given and where it is."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
from pydantic import SecretStr

from adapters.discord.api import DiscordApi, DiscordFailed, Rejected
from adapters.discord.client import ChipinClient, point_at
from adapters.discord.commands.payload import payload
from adapters.discord.commands.sync import digest_of
from adapters.discord.invite import invite_address, missing_in
from adapters.discord.shards import AUTO
from bot.check import Check
from bot.clock import SystemClock
from bot.settings import Settings
from core.text.wording import count_of

Said = Mapping[str, Any]

FEW_SESSIONS = 50
"""Of the 1,000 that Discord lets a bot begin in a day."""
_MESSAGE_CONTENT, _MEMBERS, _PRESENCES = (1 << 18, 1 << 19), (1 << 14, 1 << 15), (1 << 12, 1 << 13)
_PRIVILEGED = {"Message Content": _MESSAGE_CONTENT, "Server Members": _MEMBERS, "Presence": _PRESENCES}
"""The switches of the page under Bot, by what an application's flags say of them (resources/application)."""
_INSTALLED_BY_A_USER = "1"
_NEW_TOKEN = 'Take the one that your application\'s page shows under Bot, "Reset Token".'  # noqa: S105 (no token)
_AWAY = "Look at the network, at HTTPS_PROXY and at DISCORD_API_URL."
_MOST_SERVERS_TOLD = 20


async def examine_discord(settings: Settings, token: SecretStr) -> AsyncIterator[Check]:
    """What Discord says of the bot whose token is set; nothing is changed there."""
    try:
        async with _api(settings, token) as api:
            application = await api.call("GET", "/applications/@me", patience_seconds=0)
            servers = await api.call("GET", "/users/@me/guilds", query={"limit": 200}, patience_seconds=0)
            gateway = await api.call("GET", "/gateway/bot", patience_seconds=0)
            commands = await api.call(
                "GET", "/applications/{application_id}/commands", patience_seconds=0, application_id=application["id"]
            )
    except (discord.LoginFailure, discord.HTTPException, DiscordFailed, aiohttp.ClientError, OSError) as failed:
        yield _not_well(failed)
        return
    yield Check("Discord", True, f"{application['name']} ({application['id']}), the token is good")
    for look in _LOOKS:
        yield look(application)
    yield _commands(commands)
    invite = invite_address(str(application["id"]))
    yield _servers(settings, servers, invite)
    if servers:
        yield _permitted(servers, invite)
    yield _connections(settings, servers, gateway)


@asynccontextmanager
async def _api(settings: Settings, token: SecretStr) -> AsyncIterator[DiscordApi]:
    point_at(settings.discord_api_url, settings.discord_gateway_url)
    client = ChipinClient(proxy=settings.https_proxy)
    try:
        await client.login(token.get_secret_value())
        yield DiscordApi(client.http, SystemClock())
    finally:
        await client.close()


def _not_well(failed: Exception) -> Check:
    if isinstance(failed, discord.LoginFailure) or (isinstance(failed, Rejected) and failed.status == 401):
        return Check("Discord", False, "Discord does not accept DISCORD_TOKEN", _NEW_TOKEN)
    return Check("Discord", False, f"Discord cannot be asked ({type(failed).__name__})", _AWAY)


def _private(application: Said) -> Check:
    """Whoever adds a bot that is public to a server of theirs meets a bot with a wallet."""
    if application.get("bot_public"):
        fix = 'Application page, Installation: "Install Link" to None; then Bot: switch "Public Bot" off.'
        return Check("Discord private", False, "anybody may add this bot to a server of theirs", fix)
    return Check("Discord private", True, "only you can add this bot to a server")


def _installed(application: Said) -> Check:
    """How it gets into a server."""
    if application.get("bot_require_code_grant"):
        fix = 'Application page, Bot: switch "Requires OAuth2 Code Grant" off.'
        return Check("Discord installation", False, "it can be added to no server: a code grant is asked for", fix)
    if _INSTALLED_BY_A_USER in (application.get("integration_types_config") or {}):
        fix = 'Application page, Installation: take "User Install" away. Chipin belongs to servers.'
        return Check("Discord installation", False, "people can add it to themselves, where no server pays", fix)
    return Check("Discord installation", True, "into servers only")


def _told(application: Said) -> Check:
    """Interactions come over the gateway, unless an address is set for them."""
    if application.get("interactions_endpoint_url"):
        fix = 'Application page, General Information: empty "Interactions Endpoint URL".'
        return Check("Discord interactions", False, "commands and presses go to an address, not to Chipin", fix)
    return Check("Discord interactions", True, "commands and presses come over the connection")


def _intents(application: Said) -> Check:
    """What it may hear and never asks for."""
    flags = int(application.get("flags_new") or application.get("flags") or 0)
    given = [name for name, bits in _PRIVILEGED.items() if any(flags & bit for bit in bits)]
    if given:
        fix = "Application page, Bot: switch them off, so that nobody who finds the token reads more than Chipin does."
        return Check("Discord intents", True, f"it may hear what it never asks for: {', '.join(given)}", fix)
    return Check("Discord intents", True, "no privileged one, and none is needed")


_LOOKS: Sequence[Callable[[Said], Check]] = (_private, _installed, _told, _intents)


def _commands(there: Sequence[Said]) -> Check:
    if digest_of(there) == digest_of(payload()):
        return Check("Discord commands", True, f"{count_of(len(there), 'command')}, as this version has them")
    return Check("Discord commands", True, "not as this version has them", "They are told when Chipin next starts.")


def _servers(settings: Settings, servers: Sequence[Said], invite: str) -> Check:
    listed = settings.listed().teams
    here = {f"discord:{server['id']}": server["name"] for server in servers}
    if not here:
        return Check("Discord servers", False, "in none", f"Add it to yours: {invite}")
    if listed is None:
        names = _names([f"{name} ({key})" for key, name in here.items()])
        fix = "" if len(here) == 1 else "The first that it joined is served. Set TEAMS to those that may use it."
        return Check("Discord servers", len(here) == 1, f"in {names}", fix)
    served = [f"{name} ({key})" for key, name in here.items() if key in listed]
    others = [f"{name} ({key})" for key, name in here.items() if key not in listed]
    absent = sorted(key for key in listed if key.startswith("discord:") and key not in here)
    found = f"serves {_names(served) or 'none'}" + (f"; not in TEAMS: {_names(others)}" if others else "")
    if absent:
        return Check(
            "Discord servers", False, f"{found}; not in {_names(absent)}", "Add the bot there, or correct TEAMS."
        )
    fix = "Whoever is not in TEAMS gets no answer: remove the bot there, or add them." if others else ""
    return Check("Discord servers", bool(served), found, fix or ("" if served else "Correct TEAMS."))


def _permitted(servers: Sequence[Said], invite: str) -> Check:
    """What it may do in all channels of a server; each channel may forbid more."""
    lacking = [
        f"{', '.join(missing)} in {server['name']}"
        for server in servers
        if (missing := missing_in(discord.Permissions(int(server["permissions"]))))
    ]
    if lacking:
        fix = f"Open {invite} once more, or give the bot's role there what is missing."
        return Check("Discord permissions", False, f"it may not: {'; '.join(lacking[:_MOST_SERVERS_TOLD])}", fix)
    return Check("Discord permissions", True, "everything it does, where no channel forbids it")


def _connections(settings: Settings, servers: Sequence[Said], gateway: Said) -> Check:
    advised, limit = int(gateway["shards"]), gateway["session_start_limit"]
    wanted = settings.discord_shards
    found = (
        f"{wanted or 'one, without sharding'} (Discord recommends {advised}); {limit['remaining']} of {limit['total']}"
    )
    found += " sessions may still be begun today"
    if wanted is None and len(servers) >= 200 and advised > 1:
        return Check("Discord shards", True, found, "Set DISCORD_SHARDS=auto before it is in 2,500 servers.")
    if wanted not in (None, "1") and settings.teams is None and (wanted != AUTO or advised > 1):
        fix = "Set TEAMS: with several connections nobody knows which server it joined first."
        return Check("Discord shards", False, found, fix)
    if int(limit["remaining"]) < FEW_SESSIONS:
        return Check("Discord shards", False, found, "Something starts Chipin again and again: look at its log.")
    return Check("Discord shards", True, found)


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_SERVERS_TOLD])
    more = len(names) - _MOST_SERVERS_TOLD
    return f"{shown} and {more} more" if more > 0 else shown
