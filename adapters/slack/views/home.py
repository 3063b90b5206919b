"""App Home: what somebody sees of their month and their asks, and admins of the wallet and of what waits for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from adapters.slack.views.cards import OPEN_TOP_UP, decide_row
from adapters.slack.views.modals import model_choices
from adapters.slack.views.shown import Json, Shown, actions, aside, button, lines_shown, plain, words
from core.receipt import RecentAsk
from core.reports import Balance
from core.routing.offered import ModelOverview
from core.text.presses import more_wait
from core.text.receipts import recent_line
from core.text.usage import compact_lines
from core.text.wallet import low_balance, month_bar, month_lines, wallet_line
from core.usage_asked import Used

ASK, BALANCE, MORE, HELP, RULES = "home_ask", "home_balance", "home_more", "home_help", "home_rules"
MODEL, ANNOUNCE_IN, ANNOUNCE_TO_ADMINS, GOES_ON_IN = "home_model", "home_announce", "home_tell_admins", "home_goes_on"
DECIDE = "home_decide"
"""What the elements of Home are called in Slack's payloads. Old views keep them, so they never change."""
MOST_BLOCKS = 100
MOST_REQUESTS = 10
MOST_CHANNELS = 30
"""In which threads go on: Slack shows what is chosen, and each is a row of the team's preferences."""
NOTHING_ASKED = "You have not asked anything yet. Mention me in a channel, write to me in Messages, or press Ask."
NOBODY_WAITS = "Nobody waits for a decision."


@dataclass(frozen=True, slots=True)
class AdminsShown:
    """What admins see beside their own. `requests` are the ids of what waits, each with its line.

    `announced_in` is the channel in which top-ups are announced, empty where admins are told; `goes_on_in` are those
    whose threads go on without a mention.
    """

    requests: tuple[tuple[str, str], ...]
    announced_in: str
    goes_on_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HomeShown:
    """One person's Home."""

    balance: Balance
    recent: tuple[RecentAsk, ...]
    overview: ModelOverview
    model: str
    zone: ZoneInfo
    used: Used
    admins: AdminsShown | None = None


def home_view(shown: HomeShown) -> Json:
    """Everything, within Slack's limits whatever there is of it."""
    blocks = [*_mine(shown), *_asks(shown), *_model(shown)]
    if shown.admins is not None:
        blocks += [*_wallet(shown.balance), *_requests(shown.admins), *_channels(shown.admins)]
    return _home(blocks)


def sentence_view(sentence: str) -> Json:
    """Nothing but why there is nothing else."""
    return _home([words(sentence)])


def window(shown: Shown) -> Json:
    """What there is to say to whoever pressed something in Home, in a window of its own."""
    blocks = [dict(block) for block in shown.blocks[:MOST_BLOCKS]]
    return {"type": "modal", "title": plain("Chipin"), "close": plain("Close"), "blocks": blocks}


def _home(blocks: Iterable[Json]) -> Json:
    return {"type": "home", "blocks": list(blocks)}


def _header(text: str) -> Json:
    return {"type": "header", "text": plain(text)}


def _lines(lines: Iterable[str]) -> list[Json]:
    return list(lines_shown(lines).blocks)


def _beside(text: str, element: Json) -> Json:
    return {**words(text), "accessory": element}


def _mine(shown: HomeShown) -> list[Json]:
    bar = month_bar(shown.balance)
    more = button("Request more", MORE)
    ask = {
        "title": plain("Request more?"),
        "text": plain("Your admins read that you ask for more of your month, and decide."),
        "confirm": plain("Ask them"),
        "deny": plain("Not now"),
    }
    return [
        _header("Your month"),
        *_lines([*([bar] if bar else []), *month_lines(shown.balance), *compact_lines(shown.used, _titles(shown))]),
        actions(
            button("Ask", ASK, style="primary"),
            button("Balance", BALANCE),
            {**more, "confirm": ask},
            button("Help", HELP),
        ),
    ]


def _titles(shown: HomeShown) -> dict[str, str]:
    return {each.model.id: each.model.title for each in shown.overview.models}


def _asks(shown: HomeShown) -> list[Json]:
    recent = [recent_line(each, shown.zone) for each in shown.recent]
    return [_header("Your recent asks"), *_lines(recent or [NOTHING_ASKED])]


def _model(shown: HomeShown) -> list[Json]:
    choices = model_choices(shown.overview)
    chosen = next((each for each in choices if each["value"] == shown.model), choices[0])
    menu = {"type": "static_select", "action_id": MODEL, "options": choices, "initial_option": chosen}
    return [
        _header("Your usual model"),
        _beside("It answers where your question names no other. The price is that of a typical question.", menu),
    ]


def _wallet(balance: Balance) -> list[Json]:
    low = low_balance(balance)
    return [
        {"type": "divider"},
        _header("Team wallet"),
        *_lines([wallet_line(balance).removeprefix("Team wallet: "), *([low] if low else [])]),
        actions(button("Add budget", OPEN_TOP_UP, style="primary"), button("What applies to whom", RULES)),
    ]


def _requests(admins: AdminsShown) -> list[Json]:
    blocks = [_header("Waiting for a decision")]
    for request_id, line in admins.requests[:MOST_REQUESTS]:
        blocks += [*_lines([line]), decide_row(request_id, DECIDE)]
    if not admins.requests:
        blocks.append(words(NOBODY_WAITS))
    if more := len(admins.requests[MOST_REQUESTS:]):
        blocks.append(aside(more_wait(more)))
    return blocks


def _channels(admins: AdminsShown) -> list[Json]:
    one = {
        "type": "conversations_select",
        "action_id": ANNOUNCE_IN,
        "placeholder": plain("Choose a channel"),
        "filter": {"include": ["public", "private"], "exclude_external_shared_channels": True},
    }
    several = {
        "type": "multi_conversations_select",
        "action_id": GOES_ON_IN,
        "placeholder": plain("Choose channels"),
        "max_selected_items": MOST_CHANNELS,
        "filter": {"include": ["public", "private"]},
    }
    if admins.announced_in:
        one["initial_conversation"] = admins.announced_in
    if admins.goes_on_in:
        several["initial_conversations"] = list(admins.goes_on_in[:MOST_CHANNELS])
    now = "in the channel beside" if admins.announced_in else "to admins alone, until you choose a channel"
    to_admins = [actions(button("Tell admins alone", ANNOUNCE_TO_ADMINS))] if admins.announced_in else []
    return [
        _header("Channels"),
        _beside(f"New budget is announced {now}. I have to be a member of it.", one),
        *to_admins,
        _beside("In these channels, threads that I answered in go on without mentioning me again.", several),
    ]
