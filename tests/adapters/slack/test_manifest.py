"""The manifest asks Slack for what the app uses: no more, and no less. Slack's own schema accepts it."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from adapters.slack import manifest as written
from adapters.slack.app import SlackChat, SlackConfig
from adapters.slack.listeners.commands import Commands
from adapters.slack.manifest import PREFIX, manifest, scopes
from adapters.slack.table import CHIPIN, SHORT, TABLE
from bot.command_line import parse
from bot.console import Console
from bot.settings import Settings
from tests.slack.gate import ANSWERING
from tests.slack.methods import METHODS

SOURCE = Path(written.__file__).parent
SCHEMA = Path("shared/slack/manifest.schema.2.0.0.json")
FORMS: list[Mapping[str, Any]] = [
    {},
    {"prefix": PREFIX},
    {"only_chipin": True},
    {"address": "https://chipin.example.org/"},
]


class Listening:
    """Stands where slack-bolt does, and notes what is listened to."""

    def __init__(self) -> None:
        self.named: dict[str, list[Any]] = {}

    def __getattr__(self, kind: str) -> Any:
        def listen(name: Any, **_: Any) -> Any:
            self.named.setdefault(kind, []).append(name)
            return lambda _: None

        return listen


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> Listening:
    """What the whole app listens to, as it is built."""
    heard = Listening()
    monkeypatch.setattr("adapters.slack.app.bolt_app", lambda _: heard)
    monkeypatch.setattr("aiohttp.ClientSession", lambda: None)
    anything: Any = _Anything()
    SlackChat(anything, SlackConfig(api_url="http://127.0.0.1:9/", bot_token="xoxb-1"), anything, drawing=anything)
    assert heard.named
    return heard


class _Anything:
    """Use cases that nobody uses here."""

    def __getattr__(self, _: str) -> Any:
        return self

    def __call__(self, *_: Any, **__: Any) -> Any:
        return self


# --- what the app uses ---

SCOPES_OF_EVENTS = {
    "app_mention": {"app_mentions:read"},
    "message.im": {"im:history"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.mpim": {"mpim:history"},
    "user_change": {"users:read"},
    "team_join": {"users:read"},
    "subteam_updated": {"usergroups:read"},
    "subteam_members_changed": {"usergroups:read"},
    "member_joined_channel": {"channels:read"},
    "app_home_opened": set(),
    "app_uninstalled": set(),
    "tokens_revoked": set(),
    "agent_session_stopped": set(),
    "app_context_changed": set(),
}
"""What each event says it needs on docs.slack.dev/reference/events."""
KINDS = ("channels", "groups", "im")
SCOPES_OF_METHODS = {
    "conversations.info": {f"{kind}:read" for kind in KINDS},
    "conversations.members": {f"{kind}:read" for kind in KINDS},
    "conversations.replies": {f"{kind}:history" for kind in KINDS},
    "conversations.history": {f"{kind}:history" for kind in KINDS},
}
"""Methods that need another scope for each kind of channel; what the others need stands in tests/slack."""
MESSAGES = {"message.im", "message.channels", "message.groups"}
"""Where people write to the bot alone, and where a thread goes on without a mention."""


def calls() -> Iterator[str]:
    """Every method of the Web API that the adapter's source names, but for the list of those that may be repeated."""
    assert ANSWERING, "reading them fills METHODS"
    for file in SOURCE.rglob("*.py"):
        if file.name != "api.py":
            tree = ast.parse(file.read_text(encoding="utf-8"))
            texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
            yield from (text for text in texts if isinstance(text, str) and text in METHODS)


def needed() -> set[str]:
    """The scopes that the app's calls, events and features need."""
    asked = manifest()
    found = {"assistant:write"} if "agent_view" in asked["features"] else set()
    found |= {"commands"} if asked["features"]["slash_commands"] else set()
    for method in calls():
        found |= SCOPES_OF_METHODS.get(method, set(METHODS[method].scopes[:1]))
    for event in asked["settings"]["event_subscriptions"]["bot_events"]:
        found |= SCOPES_OF_EVENTS[event]
    return found


def test_it_asks_for_the_scopes_that_calls_and_events_need_and_no_others() -> None:
    assert set(scopes()) == needed()
    assert list(scopes()) == sorted(scopes())


def test_it_subscribes_to_what_is_listened_to(listening: Listening) -> None:
    subscribed = set(manifest()["settings"]["event_subscriptions"]["bot_events"])
    heard = {name for name in listening.named["event"] if isinstance(name, str)}
    assert "message" in heard
    assert subscribed == heard - {"message"} | MESSAGES


def test_it_has_the_commands_that_are_listened_to(listening: Listening) -> None:
    names = {each["command"] for each in manifest()["features"]["slash_commands"]}
    assert names == {name for name in listening.named["command"] if isinstance(name, str)} == {CHIPIN, *SHORT}


def test_it_has_the_shortcuts_that_are_listened_to(listening: Listening) -> None:
    known = {(each["type"], each["callback_id"]) for each in manifest()["features"]["shortcuts"]}
    assert known == {("message", name) for name in listening.named["message_shortcut"]}
    assert "shortcut" not in listening.named and "global_shortcut" not in listening.named


def test_what_is_pressed_reaches_the_app(listening: Listening) -> None:
    assert listening.named["action"] and listening.named["view"]
    assert manifest()["settings"]["interactivity"]["is_enabled"]


def test_commands_bring_whom_they_mention_as_ids() -> None:
    for each in manifest()["features"]["slash_commands"]:
        assert each["should_escape"] is True
        assert each["command"] == CHIPIN or TABLE.parse(each["command"])[0].name == each["command"]


# --- its forms ---


def test_short_names_can_have_a_prefix_that_is_listened_to() -> None:
    heard = Listening()
    Commands(*(_Anything() for _ in range(4))).register(heard)  # type: ignore[arg-type]
    (pattern,) = (name for name in heard.named["command"] if isinstance(name, re.Pattern))
    names = [each["command"] for each in manifest(prefix=PREFIX)["features"]["slash_commands"]]
    assert len(names) == len({*names}) == 1 + len(SHORT)
    assert all(name == CHIPIN or pattern.match(name) for name in names)


def test_short_names_can_be_left_to_other_apps() -> None:
    assert [each["command"] for each in manifest(only_chipin=True)["features"]["slash_commands"]] == [CHIPIN]


def test_in_socket_mode_it_names_no_address() -> None:
    assert "http" not in json.dumps(manifest())
    assert manifest()["settings"]["socket_mode_enabled"]


def test_with_an_address_everything_is_called_there() -> None:
    made = manifest(address="https://chipin.example.org/")
    events = "https://chipin.example.org/slack/events"
    assert not made["settings"]["socket_mode_enabled"]
    assert {each["url"] for each in made["features"]["slash_commands"]} == {events}
    assert made["settings"]["event_subscriptions"]["request_url"] == events
    assert made["settings"]["interactivity"]["request_url"] == events
    assert made["oauth_config"]["redirect_urls"] == ["https://chipin.example.org/slack/oauth_redirect"]


async def test_it_is_printed_for_pasting() -> None:
    said: list[str] = []
    command, arguments = parse(["slack-manifest", "--prefix", "chipin-", "--http", "https://x.example"])
    assert await command.perform(Settings(_env_file=None), arguments, Console(said.append, said.append, said.append))  # type: ignore[call-arg]
    assert json.loads("".join(said)) == manifest(prefix="chipin-", address="https://x.example")


# --- Slack's schema ---


def faults(schema: Any, made: Any, root: Any, at: str = "$") -> Iterator[str]:
    """Where a value breaks a JSON Schema: those of its rules that Slack's has for what a manifest may hold."""
    while "$ref" in schema:
        schema = root["definitions"][schema["$ref"].rpartition("/")[2]]
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}
    kind = schema.get("type", "")
    if kind and not isinstance(made, kinds[kind]):
        yield f"{at} is no {kind}"
        return
    if "enum" in schema and made not in schema["enum"]:
        yield f"{at} is none of {schema['enum']}"
    if isinstance(made, str):
        yield from _text_faults(schema, made, at)
    if isinstance(made, list):
        if not schema.get("minItems", 0) <= len(made) <= schema.get("maxItems", len(made)):
            yield f"{at} has {len(made)} items"
        if schema.get("uniqueItems") and len({json.dumps(each) for each in made}) < len(made):
            yield f"{at} repeats an item"
        for number, each in enumerate(made):
            yield from faults(schema.get("items", {}), each, root, f"{at}[{number}]")
    if isinstance(made, dict):
        known = schema.get("properties", {})
        yield from (f"{at}.{name} is missing" for name in schema.get("required", ()) if name not in made)
        if schema.get("additionalProperties") is False:
            yield from (f"{at}.{name} is unknown" for name in made if name not in known)
        for name in made.keys() & known.keys():
            yield from faults(known[name], made[name], root, f"{at}.{name}")


def _text_faults(schema: Any, text: str, at: str) -> Iterator[str]:
    if not schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text)):
        yield f"{at} has {len(text)} characters"
    if "pattern" in schema and not re.search(schema["pattern"], text):
        yield f"{at} does not match {schema['pattern']}"


@pytest.fixture(scope="module")
def schema() -> Any:
    """The schema that Slack publishes (github.com/slackapi/manifest-schema)."""
    beside = next((each / SCHEMA for each in SOURCE.parents if (each / SCHEMA).exists()), None)
    if beside is None:
        pytest.skip(f"Slack's schema is not beside this folder, as {SCHEMA}")
    return json.loads(beside.read_text(encoding="utf-8"))


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_slacks_schema_accepts_it(schema: Any, form: Mapping[str, Any]) -> None:
    assert list(faults(schema, manifest(**form), schema)) == []


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (["features", "slash_commands", 0, "command"], "ask", "does not match"),
        (["features", "slash_commands", 0, "command"], "/" + "x" * 32, "has 33 characters"),
        (["features", "slash_commands", 0, "colour"], "red", "is unknown"),
        (["features", "slash_commands"], [], "has 0 items"),
        (["features", "agent_view", "suggested_prompts"], [{"title": "a", "message": "b"}] * 5, "has 5 items"),
        (["features", "shortcuts"], [{"name": "a", "callback_id": "b", "description": "c", "type": "odd"}], "is none"),
        (["features", "shortcuts"], [{"name": "a"}], "is missing"),
        (["settings", "event_subscriptions", "bot_events"], ["message.im", "message.im"], "repeats an item"),
        (["settings", "socket_mode_enabled"], "yes", "is no boolean"),
        (["display_information", "long_description"], "short", "has 5 characters"),
    ],
)
def test_a_planted_fault_is_found(schema: Any, path: list[Any], value: Any, fault: str) -> None:
    made = manifest()
    place: Any = made
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert any(fault in each for each in faults(schema, made, schema))


def test_the_page_on_slack_has_it_to_paste() -> None:
    page = (Path(__file__).parents[3] / "docs" / "slack.md").read_text()
    pasted = page.partition("```json\n")[2].partition("```")[0]
    assert json.loads(pasted) == json.loads((SOURCE / "manifest.json").read_text())
