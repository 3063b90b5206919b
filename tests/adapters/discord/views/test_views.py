"""Everything that can be pressed fits Discord's limits, calls nobody, and says what it does."""

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.discord.outgoing import IS_COMPONENTS_V2
from adapters.discord.views.cards import (
    LINK,
    NOT_NOW,
    OPEN_TOP_UP,
    RUN_NOW,
    UNDO,
    closed_shown,
    decide_row,
    notice_shown,
)
from adapters.discord.views.custom_ids import MAX_CUSTOM_ID_CHARS
from adapters.discord.views.lists import MOST_REQUESTS, help_shown, requests_shown
from adapters.discord.views.modals import AMOUNT, REASON, filled_in, top_up_form
from adapters.discord.views.shown import (
    BUTTONS_IN_ROW,
    MAX_BUTTON_CHARS,
    MAX_COMPONENTS,
    MAX_TEXT_UNITS,
    Json,
    Shown,
    actions,
    aside,
    button,
    count_of,
    lines_shown,
    rows,
    units_of,
)
from adapters.discord.views.wallet import more_buttons, reply_shown
from core.announcement import TOPPED_UP, Notice
from core.commands.listed import ADMINS
from core.commands.speaking import ForgetWaits, Reply, TopUpWaits
from core.defaults import WALLET_REQUESTS_NANOS
from core.events import Shortfall
from core.operations import Decision
from core.text.first_minutes import FIRST_MINUTES, first_minutes
from core.text.linking import BOTH_ARE_ME

LOUD = "@everyone @here <@123> <@&123> <#123> **bold** [words](https://example.com) ||hidden|| # not a title"
PRESS, GUILD = "f" * 40, "1" * 19
MISSING = Shortfall("", "", None, 5, "ask_1.2")
MONTH = Shortfall("mbr_1:month", "2026-11", datetime(2026, 12, 1, tzinfo=UTC), 5, "ask_1.2")


def inside(components: Any) -> list[Json]:
    """Components with all that is in them."""
    return [each for one in components for each in (one, *inside(one.get("components", ())))]


def read(shown: Shown) -> str:
    return "\n".join(str(each["content"]) for each in inside(shown.components) if "content" in each)


def pressable(shown: Shown) -> dict[str, str]:
    """The labels of the buttons, and what they carry."""
    return {each["label"]: each["custom_id"] for each in inside(shown.components) if "label" in each}


@pytest.mark.parametrize(
    "shown",
    [
        lines_shown([]),
        lines_shown([LOUD]),
        lines_shown(["", LOUD * 100]),
        lines_shown(["\N{PILE OF POO}*_" * 900] * 9),
        lines_shown(["word " * 20] * 500, actions(button("x", "y")), aside("z " * 400)),
        help_shown(for_admins=True),
        help_shown(for_admins=True, only=ADMINS),
        requests_shown([LOUD * 20] * 40, [f"more_{number}" for number in range(40)], GUILD),
        notice_shown(Notice("n", GUILD, "request", LOUD, decide="more_1")),
        notice_shown(Notice("n", GUILD, TOPPED_UP, LOUD * 99, undo="topup_" + "f" * 32, press="ask_0199c0ffee42a.2")),
        notice_shown(Notice("n", GUILD, FIRST_MINUTES, first_minutes(only_admins_ask=True))),
        closed_shown(["x" * 3_990], LOUD, decide_row("more_1", GUILD)),
        reply_shown(Reply((LOUD,), waits=TopUpWaits("500", "r" * 200, "k" * 80)), GUILD, PRESS),
        reply_shown(Reply((LOUD,), waits=ForgetWaits("mbr_1")), GUILD, PRESS),
        reply_shown(Reply((LOUD,), top_up_id="topup_1"), GUILD),
        *(
            lines_shown(["x"], *rows(more_buttons(lacking, GUILD, PRESS, is_admin=is_admin)))
            for lacking in (MISSING, MONTH)
            for is_admin in (True, False)
        ),
    ],
    ids=range(19),
)
def test_every_message_fits_and_calls_nobody(shown: Shown) -> None:
    everything = inside(shown.components)
    assert shown.fields["flags"] == IS_COMPONENTS_V2
    assert 0 < sum(map(units_of, shown.components)) <= MAX_TEXT_UNITS
    assert len(everything) == count_of(shown.components) <= MAX_COMPONENTS
    for each in everything:
        assert len(each.get("label", "")) <= MAX_BUTTON_CHARS and len(each.get("custom_id", "")) <= MAX_CUSTOM_ID_CHARS
        assert each["type"] != 1 or 0 < len(each["components"]) <= BUTTONS_IN_ROW
        assert each["type"] != 10 or each["content"].strip()
    custom_ids = [each["custom_id"] for each in everything if "custom_id" in each]
    assert len(custom_ids) == len(set(custom_ids))
    told = read(shown)
    assert not any(live in told for live in ("@everyone", "@here", "<@123>", "<@&123>", "<#123>", " **bold**"))


def test_what_does_not_fit_is_said() -> None:
    assert "more lines do not fit here.)" in read(lines_shown(["word " * 20] * 500))
    assert f"{40 - MOST_REQUESTS} more wait" in read(
        requests_shown(["x"] * 40, [f"more_{n}" for n in range(40)], GUILD)
    )
    assert read(lines_shown(["x" * 5_000])).endswith("...")


def test_lines_name_commands_as_they_are_typed_here_and_points_as_points() -> None:
    shown = lines_shown(["/limit shows it, /topup adds, /deny 1 denies:", "  $5.00 a month", "  1. first"])
    said = "/chipin limit shows it, /topup adds, /admin request deny 1 denies:\n• $5.00 a month\n1\\. first"
    assert read(shown) == said


def test_members_are_not_shown_what_is_for_admins_alone() -> None:
    member, admin = read(help_shown(for_admins=False)), read(help_shown(for_admins=True))
    assert "/ask PROMPT" in member.replace("\\", "") and "/chipin admins" in member
    assert "/topup" in admin and "/admin audit" in admin and "Server Settings, Integrations" in admin
    assert "/topup" not in member and "/admin" not in member.replace("/chipin admins", "")


def test_an_admin_adds_what_the_wallet_lacks_and_asks_others_for_more_of_a_limit() -> None:
    [own] = more_buttons(MISSING, GUILD, PRESS, is_admin=True)
    assert own["custom_id"] == f"{OPEN_TOP_UP} {GUILD}"
    for is_admin in (True, False):
        [more] = more_buttons(MONTH, GUILD, PRESS, is_admin=is_admin)
        assert (more["label"], more["custom_id"]) == (
            "Ask the admins for $5.00 more",
            f"ask_for {PRESS} 5000000000 {GUILD}",
        )
    assert len(more_buttons(MISSING, GUILD, PRESS, is_admin=False)) == len(WALLET_REQUESTS_NANOS)


def test_a_card_carries_what_it_is_about() -> None:
    decided = notice_shown(Notice("n", GUILD, "request", "x", decide="more_1"))
    assert pressable(decided) == {
        each: f"decide_{decision} more_1 {GUILD}"
        for each, decision in zip(("Approve", "Half", "Deny"), Decision, strict=True)
    }
    linked = notice_shown(Notice("n", GUILD, "link", "x", link="0" * 40))
    assert pressable(linked) == {BOTH_ARE_ME: f"{LINK} {'0' * 40} {GUILD}", "Not now": f"{NOT_NOW} {GUILD}"}
    later = notice_shown(Notice("n", GUILD, TOPPED_UP, "x", undo="topup_1", press="ask_1.2"))
    assert pressable(later) == {"Undo, 10 min": f"{UNDO} topup_1 {GUILD}", "Run it now": f"{RUN_NOW} ask_1.2 {GUILD}"}


def test_a_closed_card_says_what_it_said_as_it_was_written() -> None:
    card = notice_shown(Notice("n", GUILD, "request", "Anna *asks* for $5.00.", decide="more_1"))
    said = [each["content"] for each in inside(card.components) if "content" in each]
    closed = closed_shown(said, "Granted. Decided by *Ben*.")
    assert read(closed) == "Anna \\*asks\\* for $5.00.\n-# Granted. Decided by \\*Ben\\*."
    assert pressable(closed) == {}


def test_a_form_comes_back_filled_in() -> None:
    form = top_up_form(GUILD)
    assert len(form["title"]) <= 45 and all(len(each.get("label", "")) <= 45 for each in form["components"])
    sent: list[Json] = [
        {"type": 10, "id": 1},
        {"type": 18, "id": 2, "component": {"type": 4, "id": 3, "custom_id": AMOUNT, "value": "25"}},
        {"type": 18, "id": 4, "component": {"type": 4, "id": 5, "custom_id": REASON, "value": ""}},
    ]
    assert filled_in(sent) == {AMOUNT: "25", REASON: ""}
