"""What an ask tells its reader: under an answer, and what its asker alone is asked or told."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from adapters.discord.outgoing import IS_COMPONENTS_V2
from adapters.discord.views.carried import Action, AskPress, ask_button_id
from adapters.discord.views.shown import (
    PRIMARY,
    SECONDARY,
    Json,
    Shown,
    button,
    card,
    lines_shown,
    readable,
    rows,
    words,
)
from core.events import Finished, NeedsCare, NeedsConfirmation, Quoted, Refused
from core.money import format_price
from core.quote import Quote
from core.secrets import masked
from core.text.neutralise import for_discord_plain
from core.text.prices import better_label, quote_points, shown_quotes
from core.text.receipts import outcome_lines
from core.text.split import utf16_units

Shape = Callable[[bool], Json]
"""The fields of a message, told whether it stands elsewhere than where somebody asked."""

MOST_PRICES = 5
"""Models in a list of prices: one row of buttons."""
ANSWER = 7_001
"""The number of the text that is a model's words."""
SMALL = "-#"
"""How Discord marks small print."""
MOST_QUESTION_CHARS = 300
MOST_SMALL_CHARS = 1_500
MAX_CONTENT_CHARS = 2_000
"""Of one message (resources/message). Counted as UTF-16 does, which is never less than Discord counts."""
AWAY = "Chipin may not write where you asked this, so it is told here."
WHOLE_IN_FILE = "The whole answer is in the file."
DETAILS, AGAIN, _STOP, _GOOD, _BAD = "Details", "Try again", "Stop", "Good answer", "Bad answer"
_FILE = 13
_ASKED = f"{SMALL} Asked: "
_ESCAPED, _UNSEEN = re.compile(r"\\([^0-9A-Za-z\s])"), "\N{ZERO WIDTH SPACE}"


@dataclass(frozen=True, slots=True)
class Pressable:
    """Who may press what stands under an ask. `private`: nobody else reads it, nor the answer to a press."""

    asker: str
    guild_id: str = ""
    private: bool = False
    question: str = ""

    @property
    def press(self) -> AskPress:
        """A press to be filled in."""
        return AskPress(self.asker, self.guild_id, private=self.private)

    @property
    def quoted(self) -> list[Json]:
        """The question, where the answer to a press is everybody's: the press brings it back (`question_in`)."""
        said = question_quoted(self.question)
        return [words(said)] if said and not self.private else []


@dataclass(frozen=True, slots=True)
class Footer:
    """What stands under an answer: small print, and what can be pressed."""

    lines: tuple[str, ...]
    buttons: tuple[Json, ...]


def footer(finished: Finished, notes: Sequence[str], by: Pressable) -> Footer:
    """Price and model, what went wrong, and what can be pressed."""
    about = replace(by.press, about=finished.receipt.ask_id)
    buttons: list[Json] = []
    if finished.better is not None:
        better = finished.better
        press = replace(about, model=better.model_id, nanos=better.at_most_nanos)
        buttons.append(pressed(better_label(better), Action.BETTER, press))
    if finished.again:
        buttons.append(pressed(AGAIN, Action.AGAIN, replace(by.press, about=finished.again)))
    buttons.append(pressed(DETAILS, Action.DETAILS, AskPress(guild_id=by.guild_id, about=finished.receipt.ask_id)))
    buttons.append(pressed(_GOOD, Action.GOOD, about))
    buttons.append(pressed(_BAD, Action.BAD, about))
    return Footer((*notes, *outcome_lines(finished)), tuple(buttons))


def end_shapes(last: str, under: Footer, file_name: str = "") -> list[Shape]:
    """The last message of an answer: as a card, else with plain rows, else without what can be pressed.

    None of them loses a character of the answer, which is harmless Markdown already; small print that does not fit
    under it in one message is left out. With a file, what is in it is said instead.
    """

    def as_card(is_away: bool) -> Json:
        small = _small(under, is_away=is_away, room=MOST_SMALL_CHARS)
        inside = [*([words(small)] if small else []), *rows(under.buttons)]
        file = [words(WHOLE_IN_FILE), {"type": _FILE, "file": {"url": f"attachment://{file_name}"}}]
        shown = [*([{**words(last), "id": ANSWER}] if last else []), *(file if file_name else []), card(*inside)]
        return {"content": None, "flags": IS_COMPONENTS_V2, "components": shown}

    def as_rows(is_away: bool) -> Json:
        return {**as_text(is_away), "components": rows(under.buttons)}

    def as_text(is_away: bool) -> Json:
        said = WHOLE_IN_FILE if file_name else last
        small = _small(under, is_away=is_away, room=MAX_CONTENT_CHARS - utf16_units(said) - 1)
        return {"content": f"{said}\n{small}" if small else said, "components": []}

    return [as_card, as_rows, as_text]


def _small(under: Footer, *, is_away: bool, room: int) -> str:
    """As many of its lines as there is room for, the first ones first: they are price and model."""
    shown = ""
    for line in (*under.lines, *([AWAY] if is_away else [])):
        small = "\n".join(f"{SMALL} {readable(each)}" for each in line.split("\n") if each.strip())
        more = "\n".join(filter(None, (shown, small)))
        if utf16_units(more) > room:
            break
        shown = more
    return shown


def preview(content: str, stop: Json | None) -> Json:
    """An answer that is still written."""
    return {"content": content, "components": rows([stop]) if stop is not None else []}


def part(content: str) -> Json:
    """A part of an answer that others follow."""
    return {"content": content, "components": []}


def stop_button(ask_id: str, by: Pressable) -> Json:
    """For its asker, and for admins: core knows who they are."""
    return pressed(_STOP, Action.STOP, AskPress(guild_id=by.guild_id, about=ask_id))


def ended_without_answer(finished: Finished, notes: Sequence[str], by: Pressable) -> Shown:
    """What its asker reads when not a word of an answer came."""
    again = [pressed(AGAIN, Action.AGAIN, replace(by.press, about=finished.again))] if finished.again else []
    return told((*notes, *outcome_lines(finished)), again, by)


def quoted(event: Quoted, by: Pressable) -> Shown:
    """The prices of a question, each with its button: the best of every quality, as many as can be chosen from."""
    shown = shown_quotes(event, most=MOST_PRICES)
    press = replace(by.press, about=event.press)
    buttons = []
    for quote in shown:
        is_recommended = quote == event.recommended
        label = f"Ask {quote.title}" if is_recommended else quote.title
        style = PRIMARY if is_recommended and len(shown) > 1 else SECONDARY
        buttons.append(pressed(label, Action.QUOTED, _takes(press, quote), style=style))
    note = [event.note] if event.note else []
    return told([*quote_points(event, shown), *note], buttons, by)


def needs_care(event: NeedsCare, by: Pressable) -> Shown:
    """The choice before something like a secret leaves."""
    press = replace(by.press, about=event.press)
    buttons = [pressed("Remove it", Action.REMOVE_SECRETS, press, style=PRIMARY)]
    if event.may_send:
        buttons.append(pressed("Send anyway", Action.SEND_SECRETS, press))
    return told([event.sentence], buttons, by)


def needs_confirmation(event: NeedsConfirmation, by: Pressable) -> Shown:
    """The question before a dear ask."""
    press = replace(by.press, about=event.press)
    agree = replace(press, nanos=event.at_most_nanos)
    buttons = [pressed(f"Ask it, about {format_price(event.about_nanos)}", Action.CONFIRM, agree)]
    if event.cheaper is not None:
        buttons.append(_cheaper(press, event.cheaper))
    return told([event.sentence], buttons, by)


def refused(event: Refused, by: Pressable, more: Sequence[Json] = ()) -> Shown:
    """Why nothing was asked, and what can be done: first what would answer it now, then what others have to do.

    `more` asks the admins for what is missing.
    """
    press, buttons = replace(by.press, about=event.again), list[Json]()
    if event.cheaper is not None:
        buttons.append(_cheaper(press, event.cheaper))
    buttons += more
    if event.again:
        buttons.append(pressed(AGAIN, Action.AGAIN, press))
    return told([event.sentence], buttons, by)


def told(lines: Sequence[str], buttons: Sequence[Json] = (), by: Pressable | None = None) -> Shown:
    """A card with these lines, literally, and what can be pressed under them."""
    quote = by.quoted if by is not None and buttons else []
    inside = lines_shown(lines, *rows(buttons), room=_MOST_TOLD_CHARS).components
    return Shown((card(*quote, *inside),))


_MOST_TOLD_CHARS = 3_000


def question_quoted(question: str) -> str:
    """The beginning of a question as small print, in Markdown; what looks like a secret is masked."""
    said = " ".join(masked(question).split())
    cut = said if len(said) <= MOST_QUESTION_CHARS else f"{said[: MOST_QUESTION_CHARS - 3]}..."
    return f"{_ASKED}{for_discord_plain(cut)}" if cut else ""


def question_in(texts: Iterable[str]) -> str:
    """The question that a card or an answer says it is about, from its texts; empty where it says none."""
    firsts = (text.partition("\n")[0] for text in texts)
    quoted = next((first.removeprefix(_ASKED) for first in firsts if first.startswith(_ASKED)), "")
    return _ESCAPED.sub(r"\1", quoted).replace(_UNSEEN, "")


def pressed(label: str, action: Action, press: AskPress, *, style: int = SECONDARY) -> Json:
    """Something to press under an ask."""
    return button(label, ask_button_id(action, press), style=style)


def _cheaper(press: AskPress, quote: Quote) -> Json:
    label = f"Ask {quote.title}, about {format_price(quote.about_nanos)}"
    return pressed(label, Action.CHEAPER, _takes(press, quote))


def _takes(press: AskPress, quote: Quote) -> AskPress:
    return replace(press, model=quote.model_id, nanos=quote.at_most_nanos)
