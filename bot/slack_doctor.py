"""What `doctor` looks at in Slack: whether the tokens are good, and whether the app may do what it has to."""

from collections.abc import AsyncIterator, Mapping

import aiohttp
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import web_client
from adapters.slack.manifest import INSTALL_PATH, manifest
from bot.check import Check
from bot.settings import Settings

_GRANTED = "x-oauth-scopes"
"""The header in which Slack says what a token may do (docs.slack.dev, "Scopes")."""
_NEW_TOKEN = "Take the one that your app's settings show now, or install the app again."  # noqa: S105 (no token)
_AWAY = "Look at the network, at HTTPS_PROXY and at SLACK_API_URL."


async def examine_slack(settings: Settings) -> AsyncIterator[Check]:
    """The tokens that are set, tried at Slack; nothing is written there."""
    if settings.slack_bot_token is not None:
        yield await _bot(settings, settings.slack_bot_token)
    else:
        yield Check("Slack", True, f"each workspace of TEAMS installs Chipin by itself, at {INSTALL_PATH}")
    if settings.slack_app_token is not None:
        yield await _socket(settings, settings.slack_app_token)
    else:
        yield Check("Slack connection", True, "Slack calls this machine; only somebody at Slack can try that")


async def _bot(settings: Settings, token: SecretStr) -> Check:
    try:
        said = await _client(settings, token).auth_test()
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as failed:
        return _not_well("Slack", "SLACK_BOT_TOKEN", failed)
    missing = _needed() - _granted({str(name).lower(): str(value) for name, value in said.headers.items()})
    where = f"{said.get('team')} ({said.get('team_id')})"
    if missing:
        fix = 'Add them under "OAuth & Permissions" (or paste the manifest anew), and install the app again.'
        return Check("Slack", False, f"in {where}, but without leave for {', '.join(sorted(missing))}", fix)
    return Check("Slack", True, f"in {where}, with leave for everything it does")


async def _socket(settings: Settings, token: SecretStr) -> Check:
    try:
        await _client(settings, token).apps_connections_open(app_token=token.get_secret_value())
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as failed:
        return _not_well("Slack connection", "SLACK_APP_TOKEN", failed)
    return Check("Slack connection", True, "Socket Mode: Chipin can connect")


def _not_well(name: str, setting: str, failed: Exception) -> Check:
    if isinstance(failed, SlackApiError) and "error" in failed.response:
        return Check(name, False, f"Slack does not accept {setting} ({failed.response['error']})", _NEW_TOKEN)
    return Check(name, False, f"Slack cannot be reached ({type(failed).__name__})", _AWAY)


def _client(settings: Settings, token: SecretStr) -> AsyncWebClient:
    return web_client(settings.slack_api_url, token.get_secret_value(), proxy=settings.https_proxy)


def _needed() -> frozenset[str]:
    return frozenset(manifest()["oauth_config"]["scopes"]["bot"])


def _granted(headers: Mapping[str, str]) -> frozenset[str]:
    """All that is needed, where Slack does not say what is granted."""
    said = headers.get(_GRANTED)
    return _needed() if said is None else frozenset(each.strip() for each in said.split(","))
