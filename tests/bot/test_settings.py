"""Settings: one place, documented, and never silently wrong."""

import re
from pathlib import Path

import pytest

from adapters.llm.catalogue import load_catalogue
from bot.doctor import rules_in_force
from bot.settings import Settings, load_settings
from core import defaults
from core.errors import NotConfigured
from core.operator_lists import OperatorLists
from core.top_up_ceiling import TopUpCeiling

ROOT = Path(__file__).parents[2]
_LINE = re.compile(r"# ([A-Z][A-Z0-9_]+)=(.*)")


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def documented() -> dict[str, str]:
    """What .env.example says: names with their values."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    return {found[1]: found[2] for line in lines if (found := _LINE.fullmatch(line))}


def test_env_example_documents_every_setting_and_no_other() -> None:
    assert set(documented()) == {name.upper() for name in Settings.model_fields}


def test_env_example_shows_the_defaults() -> None:
    settings = load_settings(None)
    for name, shown in documented().items():
        value = getattr(settings, name.lower())
        if value is not None:
            assert shown == str(getattr(value, "get_secret_value", lambda value=value: value)()), name


def test_every_provider_row_can_be_set_up() -> None:
    for row in load_catalogue().providers.values():
        assert {row.key_variable.lower(), row.base_url_variable.lower()} <= set(Settings.model_fields)


def test_env_example_shows_where_each_provider_is() -> None:
    for row in load_catalogue().providers.values():
        assert documented()[row.base_url_variable] == row.base_url


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "SECRET_KEY", "DATABASE_URL", "MODELS_FILE"])
def test_an_empty_setting_stops_the_start_and_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, " ")
    with pytest.raises(NotConfigured, match=f"{name} is set but empty"):
        load_settings(None)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TEAM_TIMEZONE", "Mars/Olympus", "TEAM_TIMEZONE is not a time zone"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be DEBUG"),
        ("HOLD_TTL_SECONDS", "179", "HOLD_TTL_SECONDS is 179.*180 or more"),
        ("ASK_DEADLINE_SECONDS", "0", "ASK_DEADLINE_SECONDS"),
        ("CONFIRM_ABOVE_USD", "NaN", "CONFIRM_ABOVE_USD"),
        ("CONFIRM_ABOVE_USD", "-1", "CONFIRM_ABOVE_USD"),
        ("TEAMS", "T0123", "TEAMS has to be names with commas between, like slack:T0123,discord:8812"),
        ("TEAMS", "slack:T1 discord:2", "TEAMS has to be names"),
        ("ADMINS", "slack:T0123", "ADMINS has to be names with commas between, like slack:T0123/U456"),
        ("ADMINS", "slack:T1/U1,anna", "ADMINS has to be names"),
        ("TOPUP_MAX_USD_PER_MONTH", "-1", "TOPUP_MAX_USD_PER_MONTH"),
        ("TOPUP_MAX_USD_PER_MONTH", "NaN", "TOPUP_MAX_USD_PER_MONTH"),
        ("SLACK_BOT_TOKEN", "xoxp-1", "SLACK_BOT_TOKEN has to begin with xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxb-1", "set SLACK_APP_TOKEN too .Socket Mode.*or SLACK_SIGNING_SECRET"),
        ("SLACK_BOT_TOKEN", "", "SLACK_BOT_TOKEN is set but empty"),
        ("SLACK_APP_TOKEN", "xoxb-1", "SLACK_APP_TOKEN has to begin with xapp-"),
        ("SLACK_APP_TOKEN", "xapp-1", "SLACK_BOT_TOKEN is not set"),
        ("SLACK_SIGNING_SECRET", "s", "SLACK_BOT_TOKEN is not set"),
        ("SLACK_SIGNING_SECRET", " ", "SLACK_SIGNING_SECRET is set but empty"),
        ("SLACK_CLIENT_ID", "1.2", "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong together"),
        ("SLACK_CLIENT_SECRET", "s", "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong together"),
        ("SLACK_REDIRECT_URI", "https://a.example/slack/oauth_redirect", "does nothing without SLACK_CLIENT_ID"),
        ("SLACK_REDIRECT_URI", "a.example", "SLACK_REDIRECT_URI"),
        ("HTTP_PORT", "70000", "HTTP_PORT"),
    ],
)
def test_nonsense_is_named_with_its_fix(name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(NotConfigured, match=says):
        load_settings(None)


def test_a_wrong_secret_is_never_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxp-very-secret")
    with pytest.raises(NotConfigured) as caught:
        load_settings(None)
    assert "very-secret" not in str(caught.value)


@pytest.mark.parametrize("beside", ["SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"])
def test_a_token_and_one_way_to_be_reached_are_enough_for_slack(beside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not load_settings(None).uses_slack
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv(beside, "xapp-1")
    assert load_settings(None).uses_slack


def test_workspaces_that_install_it_need_no_token_and_take_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "s")
    with pytest.raises(NotConfigured, match="SLACK_CLIENT_ID is set, but no way for Slack to reach"):
        load_settings(None)
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    assert load_settings(None).uses_slack
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    with pytest.raises(NotConfigured, match="remove one of them"):
        load_settings(None)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    file.write_text("SWEEP_SECONDS=7\nHOLD_WAIT_SECONDS=8\n")
    monkeypatch.setenv("SWEEP_SECONDS", "9")
    settings = load_settings(file)
    assert (settings.sweep_seconds, settings.hold_wait_seconds) == (9, 8)


def test_doctor_shows_the_numbers_that_are_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    assert dict(rules_in_force(load_settings(None))) == {
        "monthly limit": "$5.00 a member, where a new team begins",
        "confirmation": "asks that may cost more than $0.10",
        "teams": "the one workspace that a chat's token belongs to, and the terminal",
        "admins": "those whom their platform makes one, and who is made one in the chat",
        "top-up ceiling": "none",
        "in flight": "3 asks a member",
        "waiting": "up to 20 seconds for money that running asks hold",
        "output cap": "1500 tokens an answer",
        "deadline": "120 seconds an ask",
        "unanswered asks": "$0.50 a member and day, paid by the operator",
    }
    monkeypatch.setenv("MAX_OUTPUT_TOKENS", "100")
    assert dict(rules_in_force(load_settings(None)))["output cap"] == "100 tokens an answer"


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "NO_PROXY"])
def test_an_empty_proxy_setting_means_none(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "")
    assert getattr(load_settings(None), name.lower()) is None


def test_the_defaults_are_the_agreed_ones() -> None:
    assert defaults.MEMBER_MONTH_LIMIT_NANOS == 5_000_000_000
    assert (defaults.CONFIRM_ABOVE_USD, defaults.MAX_IN_FLIGHT) == ("0.10", 3)
    assert (defaults.MAX_OUTPUT_TOKENS, defaults.ASK_DEADLINE_SECONDS, defaults.HOLD_WAIT_SECONDS) == (1_500, 120, 20)
    assert defaults.HOLD_TTL_SECONDS >= defaults.ASK_DEADLINE_SECONDS + defaults.HOLD_TTL_MARGIN_SECONDS
    assert defaults.MIN_TOP_UP_NANOS == 1_000_000_000


def test_who_is_listed_is_read_with_commas_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAMS", "slack:T1, discord:22,")
    monkeypatch.setenv("ADMINS", "slack:T1/U1,terminal:demo/you")
    monkeypatch.setenv("TOPUP_MAX_USD_PER_MONTH", "12.50")
    settings = load_settings(None)
    assert settings.listed() == OperatorLists(
        frozenset({"slack:T1", "discord:22"}), frozenset({"slack:T1/U1", "terminal:demo/you"})
    )
    assert settings.ceiling() == TopUpCeiling(12_500_000_000)


def test_without_lists_nothing_is_listed_and_nothing_bounds_a_month() -> None:
    assert (load_settings(None).listed(), load_settings(None).ceiling()) == (OperatorLists(), TopUpCeiling())
