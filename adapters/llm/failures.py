"""What a provider's "no" becomes: a `ProviderFailed` with a sentence that a member may read.

The sentences are ours. What the provider wrote is never passed on: it may quote a key or the question.
"""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from adapters.llm.client import never_sent
from core.errors import (
    ModelGone,
    ProviderBroken,
    ProviderBusy,
    ProviderFailed,
    ProviderOutOfFunds,
    ProviderRefusedKey,
    ProviderRejectedCall,
    ProviderUnreachable,
    TooLongForModel,
)

MAX_RETRY_AFTER_SECONDS = 3600
"""Nobody waits longer than this on a provider's word: after an hour it is asked again."""

_SECONDS = re.compile(r"[0-9]{1,9}")
_MEANT_STATUS = {
    # OpenAI answers 429 for an empty account too: waiting does not help there.
    "insufficient_quota": 402,
    "billing_hard_limit_reached": 402,
    "invalid_api_key": 401,
    "authentication_error": 401,
    "context_length_exceeded": 413,
    "rate_limit_exceeded": 429,
    "rate_limit_error": 429,
    "overloaded_error": 529,
    "server_error": 500,
    # Anthropic: https://platform.claude.com/docs/en/api/errors
    "billing_error": 402,
    "permission_error": 403,
    "request_too_large": 413,
    "invalid_request_error": 400,
    "api_error": 500,
    "timeout_error": 504,
    # Google: https://ai.google.dev/gemini-api/docs/troubleshooting
    "API_KEY_INVALID": 401,
    "UNAUTHENTICATED": 401,
    "FAILED_PRECONDITION": 402,  # no free use from there: billing must be set up
    "PERMISSION_DENIED": 403,
    "RESOURCE_EXHAUSTED": 429,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}

NO_SUCH_MODEL = "model_not_found"
"""OpenAI's code for it; what others say comes down to it (`says_no_such_model`)."""

_NO_SUCH_MODEL = frozenset({NO_SUCH_MODEL, "model_not_exist", "model_decommissioned", "invalid_model"})
# Said in words only by Ollama (whose type is "api_error"), OpenRouter (whose code is the status) and DeepSeek. A 404
# of OpenRouter may also mean "none that suits your data policy": then the model is still there.
_SAYS_NO_SUCH_MODEL = re.compile(
    r"\bmodel\b.{0,120}?\b(not found|does not exist|not exist)|no endpoints found for|is not a valid model", re.I
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked for what: the names that the sentences need."""

    provider: str
    model: str


def failure_of_status(
    asked: Asked, status: int, *, code: str = "", retry_after_seconds: int | None = None, after_start: bool = False
) -> ProviderFailed:
    """The failure that an HTTP status means, or an error code of the provider where it says more than the status.

    `after_start`: it came inside an answer that had begun, so the provider may have counted it. A 404 without a code
    is no word on the model: a wrong base URL, or something in between, answers so for all of them.
    """
    meant = _MEANT_STATUS.get(code, status)
    billed = True if after_start else None
    if code in _NO_SUCH_MODEL or (code and meant in (404, 410)):
        return ModelGone(
            f"{asked.provider} has no {asked.model} (any more). Choose another model.", may_have_billed=billed
        )
    if meant in (401, 403):
        return ProviderRefusedKey(
            f"{asked.provider} did not accept this bot's key. Whoever runs the bot has to look at it.",
            may_have_billed=billed,
        )
    if meant == 402:
        return ProviderOutOfFunds(
            f"This bot's account at {asked.provider} has run out of funds. Whoever runs the bot has to fill it up.",
            may_have_billed=billed,
        )
    if meant in (408, 409, 425, 429, 503, 529):
        when = f"in {retry_after_seconds} s" if retry_after_seconds else "in a moment"
        return ProviderBusy(
            f"{asked.provider} is too busy at the moment. Try again {when}.",
            retry_after_seconds=retry_after_seconds,
            may_have_billed=billed,
        )
    if meant == 413:
        return TooLongForModel(
            f"This is too long for {asked.model}. Shorten the question or begin a new conversation.",
            may_have_billed=billed,
        )
    if 400 <= meant < 500:
        return ProviderRejectedCall(_why_rejected(asked, meant), may_have_billed=billed)
    if 300 <= meant < 400:
        return ProviderBroken(
            f"{asked.provider} points to another address, and redirects are not followed. "
            "Whoever runs the bot has to check the provider's base URL.",
            may_have_billed=False,
        )
    return ProviderBroken(f"{asked.provider} has a problem of its own (error {meant}). Try again in a moment.")


def says_no_such_model(message: object) -> bool:
    """Whether an error's own words say that there is no such model. They are read here, and never passed on."""
    return isinstance(message, str) and _SAYS_NO_SUCH_MODEL.search(message[:300]) is not None


def _why_rejected(asked: Asked, status: int) -> str:
    if status == 404:
        return f"{asked.provider} has nothing to ask at this address. Whoever runs the bot has to check its base URL."
    return f"{asked.provider} rejected this question as it was sent (error {status}). Choose another model."


def failure_of_transport(asked: Asked, error: Exception) -> ProviderFailed:
    """The failure that a broken connection means. Billed or not depends on whether the question had left us."""
    if isinstance(error, httpx.DecodingError):
        return broken(asked)
    if never_sent(error):
        return ProviderUnreachable(f"{asked.provider} cannot be reached. Try again in a moment.", may_have_billed=False)
    if isinstance(error, httpx.ReadTimeout):
        return ProviderUnreachable(f"{asked.provider} stopped answering. Try again in a moment.")
    return broken_off(asked)


def broken_off(asked: Asked) -> ProviderUnreachable:
    """The answer ended before its end."""
    return ProviderUnreachable(f"The connection to {asked.provider} broke off. Try again in a moment.")


def broken(asked: Asked) -> ProviderBroken:
    """What came is not what the wire format says."""
    return ProviderBroken(f"{asked.provider} sent something that is not an answer. Try again in a moment.")


def too_long(asked: Asked) -> ProviderBroken:
    """The provider sent more than any answer has."""
    return ProviderBroken(f"{asked.provider} sent far more than was asked for, and was cut off.")


def retry_after(header: str | None, now: datetime) -> int | None:
    """Seconds to wait as a Retry-After header says, as a number or an HTTP date; None for none and for nonsense.

    At most `MAX_RETRY_AFTER_SECONDS`; a date that has passed is 0.
    """
    text = (header or "").strip()
    if _SECONDS.fullmatch(text):
        return min(int(text), MAX_RETRY_AFTER_SECONDS)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(math.ceil((at - now).total_seconds()), 0), MAX_RETRY_AFTER_SECONDS)
