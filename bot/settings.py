"""Every setting, and the only place that reads the environment. Defaults and meanings: core/defaults.py."""

import re
import tempfile
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core import defaults
from core.errors import NotConfigured
from core.money import NANOS_PER_USD
from core.operator_lists import OperatorLists
from core.question import AskSettings
from core.top_up_ceiling import TopUpCeiling

DEFAULT_DATABASE_URL = "sqlite:///data/chipin.db"
ENV_FILE = Path(".env")


def _begins(prefix: str) -> Callable[[SecretStr | None], SecretStr | None]:
    """A token of the right kind: they are easily taken for each other."""

    def check(token: SecretStr | None) -> SecretStr | None:
        if token is not None and not token.get_secret_value().startswith(prefix):
            raise ValueError(f"has to begin with {prefix}. Slack shows several tokens: take that one.")
        return token

    return check


_OF_THE_MACHINE = ("https_proxy", "no_proxy")
"""Not ours alone: many machines set them empty to say "none"."""
Seconds = Annotated[int, Field(ge=1, le=86_400)]


_LISTS = {
    "teams": (re.compile(r"[a-z]+:[^\s:/,]+"), "slack:T0123,discord:8812"),
    "admins": (re.compile(r"[a-z]+:[^\s:/,]+/[^\s/,]+"), "slack:T0123/U456,discord:8812/77 (workspace/user)"),
}


def _split(names: str) -> list[str]:
    """Names with commas between; what is empty is none."""
    return [name.strip() for name in names.split(",") if name.strip()]


class Settings(BaseSettings):
    """The settings as they were when the process started. Names are those of the environment, in lower case."""

    model_config = SettingsConfigDict(env_file=ENV_FILE, extra="ignore", frozen=True, hide_input_in_errors=True)

    database_url: SecretStr = SecretStr(DEFAULT_DATABASE_URL)
    secret_key: SecretStr | None = None
    team_timezone: str = "UTC"
    log_level: str = "WARNING"
    models_file: Path | None = None
    routing_file: Path | None = None

    https_proxy: str | None = None
    no_proxy: str | None = "localhost"

    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    anthropic_api_key: SecretStr | None = None
    anthropic_base_url: str | None = None
    gemini_api_key: SecretStr | None = None
    gemini_base_url: str | None = None
    openrouter_api_key: SecretStr | None = None
    openrouter_base_url: str | None = None
    mistral_api_key: SecretStr | None = None
    mistral_base_url: str | None = None
    deepseek_api_key: SecretStr | None = None
    deepseek_base_url: str | None = None
    qwen_api_key: SecretStr | None = None
    qwen_base_url: str | None = None
    groq_api_key: SecretStr | None = None
    groq_base_url: str | None = None
    xai_api_key: SecretStr | None = None
    xai_base_url: str | None = None
    tokenmix_api_key: SecretStr | None = None
    tokenmix_base_url: str | None = None
    poe_api_key: SecretStr | None = None
    poe_base_url: str | None = None
    portkey_api_key: SecretStr | None = None
    portkey_base_url: str | None = None
    litellm_api_key: SecretStr | None = None
    litellm_base_url: str | None = None
    ollama_api_key: SecretStr | None = None
    ollama_base_url: str | None = None

    ask_deadline_seconds: Seconds = defaults.ASK_DEADLINE_SECONDS
    hold_ttl_seconds: Seconds = defaults.HOLD_TTL_SECONDS
    hold_wait_seconds: Annotated[int, Field(ge=0, le=600)] = defaults.HOLD_WAIT_SECONDS
    sweep_seconds: Seconds = defaults.SWEEP_SECONDS
    max_output_tokens: Annotated[int, Field(ge=1, le=200_000)] = defaults.MAX_OUTPUT_TOKENS
    context_tokens: Annotated[int, Field(ge=0, le=1_000_000)] = defaults.CONTEXT_TOKENS
    teams: str | None = None
    admins: str | None = None
    topup_max_usd_per_month: Annotated[Decimal | None, Field(ge=0, le=1_000_000)] = None
    seat_price_usd: Annotated[Decimal, Field(ge=0, le=10_000)] = Decimal(defaults.SEAT_PRICE_USD)
    confirm_above_usd: Annotated[Decimal, Field(ge=0, le=1_000_000)] = Decimal(defaults.CONFIRM_ABOVE_USD)

    slack_bot_token: Annotated[SecretStr | None, AfterValidator(_begins("xoxb-"))] = None
    slack_app_token: Annotated[SecretStr | None, AfterValidator(_begins("xapp-"))] = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_redirect_uri: Annotated[str | None, Field(pattern=r"^https?://[^\s?#]+$")] = None
    slack_api_url: str = "https://slack.com/api/"
    discord_token: SecretStr | None = None
    discord_api_url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")] = "https://discord.com/api/v10"
    discord_gateway_url: Annotated[str, Field(pattern=r"^wss?://[^\s?#]+$")] = "wss://gateway.discord.gg/"
    discord_shards: Annotated[str | None, Field(pattern=r"^(auto|[1-9][0-9]{0,3})$")] = None
    http_host: str = "127.0.0.1"
    http_port: Annotated[int | None, Field(ge=0, le=65_535)] = None

    @field_validator("*", mode="before")
    @classmethod
    def _never_empty(cls, value: Any, field: ValidationInfo) -> Any:
        if isinstance(value, str) and not value.strip():
            if field.field_name in _OF_THE_MACHINE:
                return None
            raise ValueError("is set but empty. Put a value in, or remove the line.")
        return value

    @field_validator("team_timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in _zones():
            raise ValueError("is not a time zone. Example: Europe/Berlin")
        return value

    @field_validator("teams", "admins")
    @classmethod
    def _names(cls, value: str | None, field: ValidationInfo) -> str | None:
        form, example = _LISTS[str(field.field_name)]
        if value is not None and not all(form.fullmatch(name) for name in _split(value)):
            raise ValueError(f"has to be names with commas between, like {example}")
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR.")
        return value.upper()

    @model_validator(mode="after")
    def _hold_outlives_ask(self) -> "Settings":
        least = self.ask_deadline_seconds + defaults.HOLD_TTL_MARGIN_SECONDS
        if self.hold_ttl_seconds < least:
            raise ValueError(
                f"HOLD_TTL_SECONDS is {self.hold_ttl_seconds}, but an answer may take ASK_DEADLINE_SECONDS and has "
                f"to be settled after it: set it to {least} or more."
            )
        return self

    @model_validator(mode="after")
    def _slack_is_whole(self) -> "Settings":
        reached = self.slack_app_token is not None or self.slack_signing_secret is not None
        if (self.slack_client_id is None) != (self.slack_client_secret is None):
            raise ValueError("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong together: set both, or neither.")
        if self.slack_client_id is None and self.slack_redirect_uri is not None:
            raise ValueError("SLACK_REDIRECT_URI does nothing without SLACK_CLIENT_ID: set that, or remove the line.")
        if self.slack_bot_token is not None and self.slack_client_id is not None:
            raise ValueError(
                "SLACK_BOT_TOKEN is of one workspace, and with SLACK_CLIENT_ID each workspace installs Chipin and gets "
                "its own: remove one of them."
            )
        if self.uses_slack and not reached:
            raise ValueError(
                f"{'SLACK_BOT_TOKEN' if self.slack_bot_token else 'SLACK_CLIENT_ID'} is set, but no way for Slack to "
                "reach Chipin: set SLACK_APP_TOKEN too (Socket Mode: no public address needed), or "
                "SLACK_SIGNING_SECRET (Slack calls your HTTPS address)."
            )
        if reached and not self.uses_slack:
            raise ValueError("SLACK_BOT_TOKEN is not set, but another setting of Slack is: set it, or remove that one.")
        return self

    def provider_keys(self, variables: dict[str, str]) -> dict[str, str]:
        """The keys that are set, by provider; `variables` names each provider's variable."""
        found = {provider: getattr(self, name.lower(), None) for provider, name in variables.items()}
        return {provider: key.get_secret_value() for provider, key in found.items() if key is not None}

    def provider_base_urls(self, variables: dict[str, str]) -> dict[str, str]:
        """The base URLs that are set, by provider."""
        found = {provider: getattr(self, name.lower(), None) for provider, name in variables.items()}
        return {provider: url for provider, url in found.items() if url is not None}

    def ask_settings(self) -> AskSettings:
        """The numbers that an ask goes by. The rules of ROUTING_FILE are added by whoever reads it."""
        return AskSettings(
            deadline_seconds=self.ask_deadline_seconds,
            hold_ttl_seconds=self.hold_ttl_seconds,
            hold_wait_seconds=self.hold_wait_seconds,
            max_output_tokens=self.max_output_tokens,
            confirm_above_nanos=int(self.confirm_above_usd * NANOS_PER_USD),
            max_in_flight=defaults.MAX_IN_FLIGHT,
            member_day_absorbed_nanos=defaults.MEMBER_DAY_ABSORBED_NANOS,
            context_tokens=self.context_tokens,
        )

    @property
    def uses_slack(self) -> bool:
        """Whether Chipin is to run in Slack."""
        return self.slack_bot_token is not None or self.slack_client_id is not None

    @property
    def uses_a_chat(self) -> bool:
        """Whether Chipin is to run where a team talks; else it runs in the terminal."""
        return self.uses_slack or self.discord_token is not None

    def listed(self) -> OperatorLists:
        """The workspaces that may use this Chipin, and the admins that are named here."""
        return OperatorLists(
            teams=frozenset(_split(self.teams)) if self.teams is not None else None,
            admins=frozenset(_split(self.admins or "")),
        )

    def ceiling(self) -> TopUpCeiling:
        """What a team may record of budget in a month."""
        most = self.topup_max_usd_per_month
        return TopUpCeiling(None if most is None else int(most * NANOS_PER_USD))

    @property
    def seat_nanos(self) -> int:
        """What a seat is taken to cost a month; 0: nothing is compared with seats."""
        return int(self.seat_price_usd * NANOS_PER_USD)

    @property
    def on_server(self) -> bool:
        """Whether the database is a server, which other machines may use too."""
        return not self.database_url.get_secret_value().startswith("sqlite")

    @property
    def data_folder(self) -> Path:
        """Where the database file lies; when the database is a server, a folder for the heartbeat only."""
        if self.on_server:
            return Path(tempfile.gettempdir()) / "chipin"
        return Path(urlsplit(self.database_url.get_secret_value()).path.removeprefix("/")).expanduser().parent

    @property
    def zone(self) -> ZoneInfo:
        """The team's time zone."""
        return ZoneInfo(self.team_timezone)


def load_settings(env_file: Path | None = ENV_FILE) -> Settings:
    """Read environment and `.env`; `NotConfigured` names the setting and its fix, never its value."""
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]  # pydantic-settings adds the parameter
    except ValidationError as error:
        raise NotConfigured(" ".join(_sentence(dict(problem)) for problem in error.errors())) from None


def _sentence(problem: dict[str, Any]) -> str:
    name = ".".join(str(part) for part in problem["loc"]).upper()
    message = str(problem["msg"]).removeprefix("Value error, ")
    return f"{name} {message}" if name else message


@cache
def _zones() -> set[str]:
    """The time zones that this machine knows: looking through their folders takes as long as all other settings."""
    return available_timezones()
