"""Everything that can be pressed fits Slack's limits, calls nobody, and comes back as it was."""

from datetime import UTC, datetime

import pytest

from adapters.slack.listeners.pressed import pressed_of
from adapters.slack.origin import Origin
from adapters.slack.views.cards import OPEN_TOP_UP, closed_shown, decide_row, notice_shown
from adapters.slack.views.documents import MOST_PIECES, PIECE_CHARS, document_shown, pieces_of
from adapters.slack.views.lists import MOST_REQUESTS, help_shown, requests_shown
from adapters.slack.views.modals import ask_form, sent_form, top_up_form
from adapters.slack.views.offers import offer_shown
from adapters.slack.views.shown import Shown, actions, lines_shown
from adapters.slack.views.wallet import form_again, more_buttons, reply_shown
from core.announcement import TOPPED_UP, Notice
from core.commands.carried import Agreed, Typed, agreed_from, typed_value
from core.commands.speaking import ForgetWaits, LinkWaits, Reply, TopUpWaits
from core.defaults import WALLET_REQUESTS_NANOS
from core.events import Shortfall
from core.people import Identity
from core.prices import TYPICAL_QUESTION, cost
from core.routing.offered import Listed, ModelOverview
from core.routing.rules import Rules
from tests.fakes import a_model, a_price
from tests.slack.blocks import check_posted, check_view
from tests.slack.reading import text_of_blocks

LOUD = "<!channel> <!here> <@U123> @everyone @here ![x](https://example.com/x.png) <https://example.com|click>"
ORIGIN = Origin("T1", "U1", "C1", response_url="https://example.com/" + "r" * 200)
MISSING = Shortfall("", "", None, 5, "ask_1.2")
MONTH = Shortfall("mbr_1:month", "2026-11", datetime(2026, 12, 1, tzinfo=UTC), 5, "ask_1.2")


def faults(shown: Shown) -> list[str]:
    report = check_posted(shown.fields | {"unfurl_links": False, "unfurl_media": False})
    return [str(one) for one in report.found]


def read(shown: Shown) -> str:
    return text_of_blocks([dict(block) for block in shown.blocks])


@pytest.mark.parametrize(
    "shown",
    [
        lines_shown([]),
        lines_shown([LOUD]),
        lines_shown(["", LOUD * 100]),
        lines_shown(["word " * 20] * 500),
        help_shown(),
        help_shown("Admins"),
        requests_shown([LOUD] * 40, [f"more_{number}" for number in range(40)]),
        notice_shown(Notice("n", "T1", "request", LOUD, decide="more_1")),
        notice_shown(Notice("n", "T1", TOPPED_UP, LOUD, undo="topup_1", press="ask_1.2")),
        notice_shown(Notice("n", "T1", "link", LOUD, to=Identity("slack", "T1", "U1", LOUD), link="f" * 64)),
        reply_shown(Reply((LOUD,), waits=LinkWaits("f" * 64)), "U1"),
        closed_shown(LOUD, LOUD, decide_row("more_1")),
        reply_shown(Reply((LOUD,), waits=TopUpWaits("500", "r" * 200, "k" * 80)), "U1"),
        reply_shown(Reply((LOUD,), waits=ForgetWaits("mbr_1")), "U1"),
        reply_shown(Reply((LOUD,), top_up_id="topup_1"), "U1"),
        *(
            lines_shown(["x"], actions(*more_buttons(lacking, "U1", is_admin=is_admin)), form_again())
            for lacking in (MISSING, MONTH)
            for is_admin in (True, False)
        ),
        offer_shown(typed_value(Typed("q" * 1_900, "m", "k", "U1"))),
        document_shown(LOUD * 80),
    ],
    ids=range(21),
)
def test_every_message_fits_and_calls_nobody(shown: Shown) -> None:
    assert faults(shown) == []


def test_an_admin_adds_what_the_wallet_lacks_and_asks_others_for_more_of_a_limit() -> None:
    [button] = more_buttons(MISSING, "U1", is_admin=True)
    assert button["action_id"] == OPEN_TOP_UP
    for is_admin in (True, False):
        [button] = more_buttons(MONTH, "U1", is_admin=is_admin)
        assert button["text"]["text"] == "Ask the admins for $5.00 more"
    assert len(more_buttons(MISSING, "U1", is_admin=False)) == len(WALLET_REQUESTS_NANOS)


def test_what_does_not_fit_is_said() -> None:
    shown = read(lines_shown(["word " * 20] * 500))
    assert "more lines do not fit here.)" in shown
    assert f"{40 - MOST_REQUESTS} more wait" in read(requests_shown(["x"] * 40, ["more"] * 40))


def test_lines_name_commands_as_they_are_typed_here_and_points_as_points() -> None:
    shown = lines_shown(["/limit shows it, /topup adds:", "  $5.00 a month"])
    assert read(shown) == "/chipin limit shows it, /topup adds:\n• $5.00 a month"
    assert shown.text == read(shown)


def many_models(number: int) -> ModelOverview:
    listed = [
        Listed(
            a_model(id=f"model-{n}", title="A model with a very long title " * 3),
            a_price(),
            cost(TYPICAL_QUESTION, a_price()),
        )
        for n in range(number)
    ]
    return ModelOverview(tuple(listed), Rules(), paused=False)


@pytest.mark.parametrize("models", [0, 1, 200])
@pytest.mark.parametrize("where", ["", "--here", "--only-me"])
def test_forms_fit_and_come_back_with_where_they_were_opened(models: int, where: str) -> None:
    for form in (ask_form(ORIGIN, many_models(models), "model-0", where=where), top_up_form(ORIGIN)):
        assert [str(one) for one in check_view(dict(form)).found] == []
        state = {"values": {"question": {"question": {"type": "plain_text_input", "value": "why?"}}}}
        sent = sent_form({**form, "id": "V1", "state": state})
        assert (sent.channel_id, sent.response_url, sent.view_id) == ("C1", ORIGIN.response_url, "V1")
        assert sent.fields["question"] == "why?" and sent.fields["amount"] == ""


@pytest.mark.parametrize("metadata", ["", "{", "[]", "null", '"x"'])
def test_a_form_with_other_things_along_was_opened_nowhere(metadata: str) -> None:
    assert sent_form({"private_metadata": metadata}).channel_id == ""


async def test_a_long_document_comes_in_pieces_and_says_where_it_was_cut() -> None:
    async def document(chars: int):  # type: ignore[no-untyped-def]
        for _ in range(chars // 1_000):
            yield "x" * 1_000

    whole = [piece async for piece in pieces_of(document(25_000))]
    assert "".join(whole) == "x" * 25_000 and max(map(len, whole)) == PIECE_CHARS
    cut = [piece async for piece in pieces_of(document(PIECE_CHARS * (MOST_PIECES + 3)))]
    assert len(cut) == MOST_PIECES and "There is more" in cut[-1]


def test_a_press_is_read_off_its_payload() -> None:
    action = {"action_id": "undo", "value": "topup_1", "action_ts": "1.5"}
    under = {"team": {"id": "T1"}, "user": {"id": "U1"}, "actions": [action]}
    message = {"blocks": [{"type": "section", "text": {"type": "plain_text", "text": "a &lt; b"}}]}
    press = pressed_of({**under, "message": message})
    assert (press.value, press.words, press.is_private, press.key) == (
        "topup_1",
        "a < b",
        False,
        "slack press T1 U1 1.5",
    )
    assert pressed_of(under).is_private and not pressed_of(under).in_view
    assert pressed_of({**under, "view": {}}).in_view
    assert pressed_of({**under, "message": {"text": "only this"}}).words == "only this"


def test_whoever_gave_a_code_agrees_with_a_press_of_their_own() -> None:
    shown = notice_shown(Notice("n", "T1", "link", "Are both you?", to=Identity("slack", "T1", "U1", ""), link="code"))
    agree, not_now = shown.blocks[-1]["elements"]
    assert (agree["action_id"], agreed_from(agree["value"])) == ("agree", Agreed(LinkWaits("code"), "U1"))
    assert not_now["action_id"] == "not_now"
