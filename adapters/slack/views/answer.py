"""What an ask tells its reader, as blocks: the footer of an answer, and what its asker alone is asked or told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from adapters.slack.views.carried import BAD, GOOD, QUOTED_CHARS, Action, Carried
from adapters.slack.views.shown import Footer, Json, Shown, actions, aside, button, lines_shown, plain
from adapters.slack.views.wallet import more_buttons
from core.events import Finished, NeedsCare, NeedsConfirmation, Quoted, Refused
from core.money import format_price
from core.quote import Quote
from core.secrets import masked
from core.text.neutralise import for_slack, for_slack_words
from core.text.prices import better_label, quote_points, shown_quotes
from core.text.receipts import outcome_lines

MOST_QUOTED_CHARS = 2_000
MOST_PRICES = 6
"""Models in a list of prices: more buttons than that nobody reads."""
BUTTONS_IN_ROW = 5
_DETAILS, _AGAIN, _STOP = "Details", "Try again", "Stop"


@dataclass(frozen=True, slots=True)
class Pressable:
    """Who may press what stands under an ask, and where the answers to that go."""

    asker: str
    channel: str
    thread: str
    private: bool
    question: str = ""
    is_admin: bool = False

    @property
    def press(self) -> Carried:
        """A press to be filled in. What looks like a secret in the question is not carried along."""
        return Carried(
            asker=self.asker,
            channel=self.channel,
            thread=self.thread,
            private=self.private,
            question=masked(self.question)[:QUOTED_CHARS],
        )


def footer(finished: Finished, notes: Sequence[str], by: Pressable) -> Footer:
    """What stands under an answer: price and model, what went wrong, and what can be pressed."""
    lines = (*notes, *outcome_lines(finished))
    ask_id = finished.receipt.ask_id
    about = replace(by.press, ask_id=ask_id, question="")
    buttons: list[Json] = []
    if finished.better is not None:
        better = finished.better
        press = replace(about, model=better.model_id, nanos=better.at_most_nanos)
        buttons.append(button(better_label(better), Action.BETTER, press.value))
    if finished.again:
        buttons.append(button(_AGAIN, Action.AGAIN, replace(about, press=finished.again).value))
    buttons.append(button(_DETAILS, Action.DETAILS, Carried(ask_id=ask_id).value))
    shown = [aside("\n".join(lines))] if lines else []
    return Footer((*shown, *_rows(buttons), _thumbs(about)), "\n".join(map(for_slack, lines)))


def ended_without_answer(finished: Finished, notes: Sequence[str], by: Pressable) -> Shown:
    """What its asker reads when not a word of an answer came."""
    lines = (*notes, *outcome_lines(finished))
    again = [button(_AGAIN, Action.AGAIN, replace(by.press, press=finished.again).value)] if finished.again else []
    return lines_shown(lines, *_rows(again))


def can_be_stopped(ask_id: str, by: Pressable) -> Shown:
    """What its asker reads while an answer comes, where Slack itself has no button for it."""
    stop = button(_STOP, Action.STOP, Carried(asker=by.asker, ask_id=ask_id).value)
    return lines_shown(
        ["Your question is being answered. If you stop it, only what came by then is charged."], actions(stop)
    )


def quoted(event: Quoted, by: Pressable) -> Shown:
    """The prices of a question, each with its button: the best of every quality, as many as can be chosen from."""
    shown = shown_quotes(event, most=MOST_PRICES)
    press = replace(by.press, press=event.press)
    buttons = [
        button(
            f"Ask {quote.title}" if quote == event.recommended else quote.title,
            Action.QUOTED.numbered(number),
            _takes(press, quote),
            style="primary" if quote == event.recommended and len(shown) > 1 else "",
        )
        for number, quote in enumerate(shown, start=1)
    ]
    note = [event.note] if event.note else []
    return lines_shown([*quote_points(event, shown), *note], *_rows(buttons))


def needs_care(event: NeedsCare, by: Pressable) -> Shown:
    """The choice before something like a secret leaves."""
    press = replace(by.press, press=event.press)
    buttons = [button("Remove it", Action.REMOVE_SECRETS, press.value, style="primary")]
    if event.may_send:
        buttons.append(button("Send anyway", Action.SEND_SECRETS, press.value))
    return lines_shown([event.sentence], *_rows(buttons))


def needs_confirmation(event: NeedsConfirmation, by: Pressable) -> Shown:
    """The question before a dear ask."""
    press = replace(by.press, press=event.press)
    agree = replace(press, nanos=event.at_most_nanos).value
    buttons = [button(f"Ask it, about {format_price(event.about_nanos)}", Action.CONFIRM, agree)]
    if event.cheaper is not None:
        buttons.append(_cheaper(press, event.cheaper))
    return lines_shown([event.sentence], *_rows(buttons))


def refused(event: Refused, by: Pressable) -> Shown:
    """Why nothing was asked, and what can be done: first what would answer it now, then what others have to do."""
    press, buttons = replace(by.press, press=event.again), list[Json]()
    if event.cheaper is not None:
        buttons.append(_cheaper(press, event.cheaper))
    if event.shortfall is not None:
        buttons += more_buttons(event.shortfall, by.asker, is_admin=by.is_admin)
    if event.again:
        buttons.append(button(_AGAIN, Action.AGAIN, press.value))
    return lines_shown([event.sentence], *_rows(buttons))


def question_quoted(name: str, question: str) -> str:
    """The message that a public answer to a command is a reply to, as Markdown."""
    words = for_slack(masked(question).strip()[:MOST_QUOTED_CHARS]) or "..."
    who = for_slack_words(name) or "Somebody"
    return f"**{who}** asked:\n" + "\n".join(f"> {line}" for line in words.split("\n"))


def _rows(buttons: Sequence[Json]) -> list[Json]:
    """All of them, as many beside each other as can be read."""
    return [actions(*buttons[at : at + BUTTONS_IN_ROW]) for at in range(0, len(buttons), BUTTONS_IN_ROW)]


def _cheaper(press: Carried, quote: Quote) -> Json:
    label = f"Ask {quote.title}, about {format_price(quote.about_nanos)}"
    return button(label, Action.CHEAPER, _takes(press, quote))


def _takes(press: Carried, quote: Quote) -> str:
    return replace(press, model=quote.model_id, nanos=quote.at_most_nanos).value


def _thumbs(about: Carried) -> Json:
    thumbs = {
        side: {"text": plain(label), "value": replace(about, thumb=thumb).value, "accessibility_label": label}
        for side, label, thumb in (("positive_button", "Good answer", GOOD), ("negative_button", "Bad answer", BAD))
    }
    element = {"type": "feedback_buttons", "action_id": str(Action.FEEDBACK), **thumbs}
    return {"type": "context_actions", "elements": [element]}
