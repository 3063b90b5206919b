"""How each provider of providers.toml answers, in its own manner: what the contract test plays over a real socket.

The shapes are those of the providers' own references and of what is reported of them, read in November 2026.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.prices import Usage
from tests import anthropic_behaviours as anthropic
from tests import gemini_behaviours as gemini
from tests.provider_behaviours import Body, choice, counted, delta, sends

PIECES = ("Two transactions ", "wait for ", "each other. ✓")
CAP = 321
MODEL = "the/model-1"


@dataclass(frozen=True, slots=True)
class Wire:
    """Where the parts of a call stand in a wire format. `system` finds the system prompt in a body."""

    path: str
    query: Mapping[str, str]
    key_header: str
    key_prefix: str
    cap_field: str
    cap: Callable[[Body], object]
    system: Callable[[Body], object]
    question: Callable[[Body], object]
    model: Callable[[Body, str], object]


CHAT = Wire(
    path="/v1/chat/completions",
    query={},
    key_header="Authorization",
    key_prefix="Bearer ",
    cap_field="max_tokens",
    cap=lambda body: body["max_tokens"],
    system=lambda body: [each["content"] for each in body["messages"] if each["role"] == "system"],
    question=lambda body: body["messages"][-1],
    model=lambda body, _: body["model"],
)
MESSAGES = Wire(
    path="/v1/messages",
    query={},
    key_header="x-api-key",
    key_prefix="",
    cap_field="max_tokens",
    cap=lambda body: body["max_tokens"],
    system=lambda body: [body["system"]],
    question=lambda body: body["messages"][-1],
    model=lambda body, _: body["model"],
)
CONTENT = Wire(
    path=f"/v1/models/{MODEL}:streamGenerateContent",
    query={"alt": "sse"},
    key_header="x-goog-api-key",
    key_prefix="",
    cap_field="maxOutputTokens",
    cap=lambda body: body["generationConfig"]["maxOutputTokens"],
    system=lambda body: [part["text"] for part in body["systemInstruction"]["parts"]],
    question=lambda body: body["contents"][-1],
    model=lambda _, path: path.removeprefix("/v1/models/").partition(":")[0],
)


@dataclass(frozen=True, slots=True)
class Player:
    """One provider: its wire, the frames of its answer, what they count, and what its calls must carry besides."""

    frames: tuple[bytes, ...]
    usage: Usage
    wire: Wire = CHAT
    reported_nanos: int | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    """Fields that this provider refuses."""
    has_key: bool = True
    models: tuple[str, ...] = ()
    """What it lists, for one that is asked for its models."""

    def answer(self) -> Any:
        """The behaviour of its server."""
        return sends(*self.frames)


def _frame(payload: Any) -> bytes:
    return f"data: {json.dumps(payload, ensure_ascii=False)}\n\n".encode()


def chat(*ending: Body, before: tuple[bytes, ...] = (), thoughts: str = "") -> tuple[bytes, ...]:
    """The frames of a chat completion: thoughts under that name, the text, the end."""
    thought = [_frame(choice({"content": None, thoughts: "hm"}, None))] if thoughts else []
    return (*before, *thought, *(_frame(delta(text)) for text in PIECES), *map(_frame, ending), b"data: [DONE]\n\n")


def _details(usage: Body, **more: Any) -> Body:
    return usage | {"total_tokens": usage["prompt_tokens"] + usage["completion_tokens"]} | more


USAGE_LAST: Body = {"choices": []}
STOP = choice({}, "stop")
PLAIN = chat(STOP, USAGE_LAST | {"usage": _details(counted(90, 40))})
CACHED = _details(counted(90, 40, cached_tokens=64, reasoning_tokens=15))

PLAYERS: dict[str, Player] = {
    "openai": Player(chat(STOP, USAGE_LAST | {"usage": CACHED}), Usage(26, 64, 0, 25, 15)),
    "openrouter": Player(
        chat(
            STOP,
            USAGE_LAST | {"usage": CACHED | {"cost": 0.00012345}},
            before=(b": OPENROUTER PROCESSING\n\n",) * 2,
            thoughts="reasoning",
        ),
        Usage(26, 64, 0, 25, 15),
        reported_nanos=123_450,
        body={"provider": {"data_collection": "deny"}, "reasoning": {"effort": "low"}},
    ),
    "anthropic": Player(
        tuple(
            map(
                anthropic.event,
                anthropic.answer_events(
                    PIECES, usage=anthropic.counted(26, 40, cache_read_input_tokens=60, cache_creation_input_tokens=4)
                ),
            )
        ),
        Usage(26, 60, 4, 40, 0),
        wire=MESSAGES,
        headers={"anthropic-version": "2023-06-01"},
    ),
    "gemini": Player(
        tuple(
            map(
                gemini.event,
                gemini.answer_chunks(
                    PIECES, usage=gemini.counted(90, 25, cachedContentTokenCount=64, thoughtsTokenCount=15)
                ),
            )
        ),
        Usage(26, 64, 0, 25, 15),
        wire=CONTENT,
    ),
    "mistral": Player(
        (
            _frame(choice({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]}, None)),
            _frame(choice({"content": [{"type": "text", "text": PIECES[0]}]}, None)),
            *(_frame(delta(text)) for text in PIECES[1:]),
            _frame(choice({"content": ""}, "stop") | {"usage": _details(counted(90, 40))}),
            b"data: [DONE]\n\n",
        ),
        Usage(90, 0, 0, 40, 0),
        lacks=("stream_options",),
    ),
    "deepseek": Player(
        chat(
            choice({"content": ""}, "stop")
            | {"usage": _details(counted(90, 40), prompt_cache_hit_tokens=64, prompt_cache_miss_tokens=26)},
            before=(b": keep-alive\n\n",),
            thoughts="reasoning_content",
        ),
        Usage(26, 64, 0, 40, 0),
        body={"reasoning_effort": "low"},
    ),
    "qwen": Player(
        chat(STOP, USAGE_LAST | {"usage": CACHED}, thoughts="reasoning_content"),
        Usage(26, 64, 0, 25, 15),
        body={"enable_thinking": True},
    ),
    "groq": Player(
        chat(STOP | {"x_groq": {"id": "req_1", "usage": _details(counted(90, 40), queue_time=0.1)}}),
        Usage(90, 0, 0, 40, 0),
    ),
    "xai": Player(
        chat(
            STOP,
            USAGE_LAST
            | {
                "usage": counted(90, 25, cached_tokens=64, reasoning_tokens=15)
                | {"total_tokens": 130, "cost_in_usd_ticks": 1_234_501}
            },
            thoughts="reasoning_content",
        ),
        Usage(26, 64, 0, 25, 15),
        reported_nanos=123_451,
    ),
    "tokenmix": Player(PLAIN, Usage(90, 0, 0, 40, 0)),
    "poe": Player(PLAIN, Usage(90, 0, 0, 40, 0)),
    "portkey": Player(PLAIN, Usage(90, 0, 0, 40, 0), headers={"x-portkey-debug": "false"}),
    "litellm": Player(PLAIN, Usage(90, 0, 0, 40, 0)),
    "ollama": Player(PLAIN, Usage(90, 0, 0, 40, 0), has_key=False, models=(MODEL,)),
}
