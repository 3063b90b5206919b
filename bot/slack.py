"""Slack in this process: its settings become the adapter's."""

from pydantic import SecretStr

from adapters.slack.app import SlackChat, SlackConfig
from adapters.slack.install.installations import Installations
from adapters.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH
from adapters.store.database import engine_beside
from adapters.store.vault import TokenCipher
from bot.http import Endpoint
from bot.settings import Settings
from bot.wiring import App, secret_of


def slack_chat(app: App) -> SlackChat:
    """Built, and not connected yet."""
    settings = app.settings
    config = SlackConfig(
        api_url=settings.slack_api_url,
        bot_token=_text(settings.slack_bot_token),
        app_token=_text(settings.slack_app_token),
        signing_secret=_text(settings.slack_signing_secret),
        client_id=settings.slack_client_id or "",
        client_secret=_text(settings.slack_client_secret),
        redirect_uri=settings.slack_redirect_uri or "",
        zone=settings.team_timezone if "team_timezone" in settings.model_fields_set else "",
        proxy=settings.https_proxy,
    )
    return SlackChat(
        app.use_cases,
        config,
        app.clock,
        drawing=app.drawing,
        listed=settings.listed(),
        installations=_installations(settings),
    )


def slack_endpoints(chat: SlackChat) -> dict[tuple[str, str], Endpoint]:
    """What Slack calls and browsers open, by method and path: nothing in Socket Mode with a token of one workspace."""
    found: dict[tuple[str, str], Endpoint] = {}
    if chat.endpoint is not None:
        found[("POST", EVENTS_PATH)] = chat.endpoint.receive
    if chat.pages is not None:
        found |= {("GET", INSTALL_PATH): chat.pages.install, ("GET", REDIRECT_PATH): chat.pages.redirect}
    return found


def _installations(settings: Settings) -> Installations | None:
    if settings.slack_client_id is None:
        return None
    engine = engine_beside(settings.database_url.get_secret_value())
    return Installations(engine, TokenCipher(secret_of(settings)), settings.slack_client_id)


def _text(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
