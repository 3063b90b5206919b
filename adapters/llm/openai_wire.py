"""The chat-completions wire format as values: what is sent, and what its JSON means. Pure."""

from base64 import b64encode
from decimal import Decimal, localcontext
from typing import Any

from adapters.llm.failures import NO_SUCH_MODEL, says_no_such_model
from adapters.llm.providers_file import Quirks
from adapters.llm.turns import with_added
from adapters.llm.wire import (
    AnsweredWithError,
    ErrorObject,
    Json,
    NotTheFormat,
    WholeCharacters,
    count_of,
    detail_of,
    object_of,
    read_json,
    text_of,
    without_surrogates,
)
from core.call import Call, ImagePart, Message, Part, Stop, StopReason, UsageReport
from core.money import MAX_AMOUNT_NANOS, NANOS_PER_USD, round_up
from core.prices import Usage

AS_OPENAI_HAS_IT = Quirks()

_REASONS = {
    "length": StopReason.CAP,
    "max_tokens": StopReason.CAP,
    "model_length": StopReason.CAP,  # Mistral: its context window is full
    "content_filter": StopReason.DECLINED,
}
_FAILURES = {"error": ErrorObject(), "insufficient_system_resource": ErrorObject(status=503)}
"""Reasons to finish that are none: the answer broke off. The second is DeepSeek's."""
_DECLINING_CODES = frozenset({"content_filter", "content_policy_violation"})
_DONE = "[DONE]"
_TICK_DIGITS = 10
_MAX_COST_USD = MAX_AMOUNT_NANOS // NANOS_PER_USD
_EXACT_DIGITS = 60


def bearer(key: str | None) -> dict[str, str]:
    """The headers that carry a key: the only place where one is written down."""
    return {"Authorization": f"Bearer {key}"} if key else {}


def request_body(call: Call, quirks: Quirks) -> dict[str, Any]:
    """The JSON of one call. The output cap goes under the model's own field name: the hold rests on it."""
    body: dict[str, Any] = {
        "model": call.model.wire_name,
        "messages": [{"role": message.role.value, "content": _content_of(message)} for message in call.messages],
        call.model.cap_field: call.output_cap_tokens,
        "stream": quirks.stream,
    }
    if quirks.stream and quirks.include_usage:
        body["stream_options"] = {"include_usage": True}
    return with_added(body, quirks.reasoning_body) if call.model.reasoning else body


def read_error(payload: Json) -> ErrorObject | None:
    """The error that a payload carries, or None."""
    error = payload.get("error")
    if not error:
        return None
    if not isinstance(error, dict):
        return ErrorObject(code=NO_SUCH_MODEL if says_no_such_model(error) else "")
    if says_no_such_model(error.get("message")):
        return ErrorObject(code=NO_SUCH_MODEL)
    code = error.get("code")
    if isinstance(code, int) or (isinstance(code, str) and code.isascii() and code.isdigit()):
        # OpenRouter gives the HTTP status as a number, and says that it is about content beside it.
        metadata = error.get("metadata")
        flagged = isinstance(metadata, dict) and bool(metadata.get("reasons"))
        return ErrorObject(status=int(str(code)[:9]), declined=flagged)
    name = next((said for said in (code, error.get("type")) if isinstance(said, str)), "")
    return ErrorObject(code=name, declined=name in _DECLINING_CODES)


def read_usage(raw: object, quirks: Quirks = AS_OPENAI_HAS_IT) -> Usage | None:
    """A provider's usage object in five parts that do not overlap; None when it is none or contradicts itself.

    As OpenAI has it, cached tokens (read and written) are inside `prompt_tokens` and reasoning inside
    `completion_tokens`; `quirks` say where a provider departs from it. Large numbers pass: whether they can be true is
    for the caller, who knows the context and the cap.
    """
    if not isinstance(raw, dict):
        return None
    sent, made = count_of(raw, "prompt_tokens"), count_of(raw, "completion_tokens")
    of_sent, of_made = raw.get("prompt_tokens_details"), raw.get("completion_tokens_details")
    read = detail_of(of_sent, "cached_tokens")
    if read == 0 and quirks.cached_field:
        read = detail_of(raw, quirks.cached_field)
    written = detail_of(of_sent, "cache_write_tokens", "cache_creation_tokens")
    reasoned = detail_of(of_made, "reasoning_tokens")
    if sent is None or made is None or read is None or written is None or reasoned is None:
        return None
    fresh = sent if quirks.cached_beside_input else sent - read - written
    shown = made if _thoughts_beside(raw.get("total_tokens"), sent, made, reasoned, quirks) else made - reasoned
    if fresh < 0 or shown < 0:
        return None
    return Usage(fresh, read, written, shown, reasoned)


def read_cost(raw: object) -> int | None:
    """What a usage object says that the call costs, in nano-dollars; None where it says nothing that can be true.

    OpenRouter says it unasked, in US dollars: https://openrouter.ai/docs/use-cases/usage-accounting. Where the key of
    a model's own maker was used (`is_byok`), it is OpenRouter's part only. xAI says it in ticks, 10^10 to the dollar.
    """
    said = raw.get("cost") if isinstance(raw, dict) and raw.get("is_byok") is not True else None
    if said is None and isinstance(raw, dict) and (ticks := count_of(raw, "cost_in_usd_ticks")) is not None:
        said = Decimal(ticks).scaleb(-_TICK_DIGITS)
    if not isinstance(said, (int, Decimal)) or isinstance(said, bool):
        return None
    usd = Decimal(said)
    if not usd.is_finite() or not 0 <= usd <= _MAX_COST_USD:
        return None
    with localcontext(prec=_EXACT_DIGITS):
        return round_up(usd * NANOS_PER_USD)


def _thoughts_beside(total: object, sent: int, made: int, reasoned: int, quirks: Quirks) -> bool:
    """Whether the reasoning is not part of what was made. The provider's own sum decides where it adds up.

    A gateway passes on what a model's maker counts in his way, and some change it: xAI counts beside, OpenAI inside.
    """
    if reasoned and total == sent + made + reasoned:
        return True
    return quirks.reasoning_beside_output and total != sent + made


class CompletionAnswer:
    """One answer as its payloads come in. Reasoning text is no answer text and is left out.

    `adapters.llm.wire.Answer`.
    """

    def __init__(self, quirks: Quirks) -> None:
        self._quirks = quirks
        self._finish = ""
        self._refusal = ""
        self._usage: object = None
        self._characters = WholeCharacters()
        self._closed = False

    @property
    def finished(self) -> bool:
        """Whether the model itself said that it is done: only then is an end of the stream its end."""
        return bool(self._finish)

    @property
    def closed(self) -> bool:
        """Whether [DONE] has come."""
        return self._closed

    def take_event(self, data: str) -> str:
        """The text that an event's data adds, maybe none. Raises `NotTheFormat` and `AnsweredWithError`."""
        if data == _DONE:
            self._take_done()
            return ""
        return self.take(read_json(data))

    def take_whole(self, payload: Json) -> str:
        """The text of an answer that came in one piece. Raises as `take_event` does."""
        text = self.take(payload, part="message")
        self._take_done()
        return text

    def take(self, payload: Json, part: str = "delta") -> str:
        """The text that a payload adds, maybe none. `part` is "message" in an answer that came whole.

        Raises `NotTheFormat`, and `AnsweredWithError` for an error object.
        """
        if said := read_error(payload):
            raise AnsweredWithError(said)
        if (usage := self._usage_of(payload)) is not None:
            self._usage = usage  # some servers count up in every payload: the last one is the whole
        choice = _first_choice(payload)
        spoken = object_of(choice.get(part) or {})
        text, finish = _content(spoken), text_of(choice, "finish_reason")
        if finish in _FAILURES:
            raise AnsweredWithError(_FAILURES[finish])
        self._refusal += text_of(spoken, "refusal")
        self._finish = finish or self._finish
        return self._characters.take(text)

    def _take_done(self) -> None:
        # The provider's own mark of the end: as good as a reason to finish, for those who give none.
        self._closed = True
        self._finish = self._finish or "stop"

    def ending(self) -> tuple[UsageReport, Stop]:
        """What the provider counted, and why it stopped.

        A refusal is not yielded as text: it is in the `Stop`, so that nobody pays for being refused.
        """
        usage = read_usage(self._usage, self._quirks)
        reason = StopReason.DECLINED if self._refusal else _REASONS.get(self._finish, StopReason.END)
        return UsageReport(usage, read_cost(self._usage)), Stop(reason, without_surrogates(self._refusal))

    def _usage_of(self, payload: Json) -> object:
        within = payload.get(self._quirks.usage_within)
        usage = payload.get("usage")
        return within.get("usage") if usage is None and isinstance(within, dict) else usage


def _content_of(message: Message) -> str | list[dict[str, Any]]:
    """Plain text as long as there are no pictures: not every server knows the parts."""
    return [_part(part) for part in message.parts] if message.images else message.text


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, ImagePart):
        url = f"data:{part.media_type};base64,{b64encode(part.data).decode('ascii')}"
        # GPT-6 counts up to five times as many tokens when it may choose the detail itself (docs/prices.md).
        return {"type": "image_url", "image_url": {"url": url, "detail": "high"}}
    return {"type": "text", "text": part.text}


def _content(spoken: Json) -> str:
    """The text of a message. Mistral's thinking models send a list of pieces: the thoughts among them are no answer."""
    content = spoken.get("content")
    if not isinstance(content, list):
        return text_of(spoken, "content")
    return "".join(text_of(piece, "text") for piece in map(object_of, content) if piece.get("type") == "text")


def _first_choice(payload: Json) -> Json:
    choices = payload.get("choices")
    if choices is None or choices == []:
        return {}
    if not isinstance(choices, list):
        raise NotTheFormat("choices are no list")
    choice = object_of(choices[0])
    return choice if choice.get("index") in (0, None) else {}  # we ask for one answer only
