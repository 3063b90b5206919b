"""What is said to somebody who comes back after Chipin stopped in the middle of their question, in words."""

from core.events import Ending
from core.models import PRACTICE
from core.operations import RequestState
from core.reports import AskEnd
from core.text.receipts import price_line_of
from core.text.wording import NOT_CHARGED, ended

MAX_QUOTED_CHARS = 100


def heading(end: AskEnd, question: str) -> str:
    """What happened to the question, and what of the money. `question` is its text, empty when that is erased."""
    yours = f"Your question {_quoted(question)}" if question else "A question of yours"
    if end.interrupted:
        return f"{yours} was interrupted before it was answered. {NOT_CHARGED}"
    match end.state:
        case RequestState.SETTLED if end.answer:
            return f"You had not seen this answer yet. {_asked(question)}".strip()
        case RequestState.SETTLED:
            return (
                f"{yours} was answered, but nobody saw the answer within a day: it is erased, and {NOT_CHARGED.lower()}"
            )
        case RequestState.RELEASED:
            return f"{yours} got no answer. {_reason(end)}"
        case _:
            unasked = f"{yours} could not be asked, and you may not have read why. {NOT_CHARGED}"
            return unasked if question else f"{unasked} Ask it again."


def footer(end: AskEnd, model_title: str) -> str:
    """The receipt under a late answer: price and model, and what went wrong with it, if anything."""
    price = price_line_of(end.cost_nanos, model_title, estimated=end.estimated, practice=end.provider == PRACTICE)
    sentence = _reason(end)
    return f"{price}\n{sentence}" if sentence else price


def _reason(end: AskEnd) -> str:
    ending = Ending(end.ending)
    broke = "The provider broke off."
    return ended(ending, broke, charged_nanos=end.cost_nanos, estimated=end.estimated)


def _asked(question: str) -> str:
    return f"You had asked {_quoted(question)}:" if question else ""


def _quoted(question: str) -> str:
    words = " ".join(question.split())
    return f'"{words}"' if len(words) <= MAX_QUOTED_CHARS else f'"{words[:MAX_QUOTED_CHARS]}..."'
