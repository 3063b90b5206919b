"""Slack in this process: its settings become the adapter's."""

from adapters.slack.app import SlackChat, SlackConfig
from bot.http import Endpoint
from bot.wiring import App

EVENTS_PATH = "/slack/events"


def slack_chat(app: App) -> SlackChat:
    """Built, and not connected yet."""
    settings = app.settings
    token, app_token, secret = settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret
    config = SlackConfig(
        api_url=settings.slack_api_url,
        bot_token=token.get_secret_value() if token is not None else "",
        app_token=app_token.get_secret_value() if app_token is not None else "",
        signing_secret=secret.get_secret_value() if secret is not None else "",
        zone=settings.team_timezone if "team_timezone" in settings.model_fields_set else "",
        proxy=settings.https_proxy,
    )
    return SlackChat(app.use_cases, config, app.clock)


def slack_endpoints(chat: SlackChat) -> dict[tuple[str, str], Endpoint]:
    """What Slack calls, by method and path: nothing in Socket Mode."""
    return {("POST", EVENTS_PATH): chat.endpoint.receive} if chat.endpoint is not None else {}
