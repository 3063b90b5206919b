"""Token counts without a network: exact for OpenAI's two encodings, bounded from above for every other family.

The figures in this file, and what they were measured on, are in docs/decisions/0003-offline-token-counts.md.
"""

import asyncio
import hashlib
import itertools
import lzma
import re
import threading
import types
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import tiktoken
from tiktoken_ext import openai_public  # type: ignore[import-untyped] # it ships no py.typed

from core.ports import TokenCount

RANKS_FOLDER = Path(__file__).with_name("ranks")
PIECE_CHARS = 100_000
"""tiktoken panics on a million spaces and is still well at 300,000 (0.14.0): this leaves room."""

_INLINE_CHARS = 2_000  # at most a millisecond of work; handing it to a thread would cost a good part of that
REMEMBERED_TEXTS = 64
"""Routing counts one question for every family of tokenizers: the slow part is done once for all of them."""

_T = TypeVar("_T")
_COUNT_BYTES = 4  # a rank file opens with the number of its tokens


@dataclass(frozen=True, slots=True)
class _Family:
    """How a tokenizer we cannot run compares with o200k, in percent."""

    expected: int
    at_most: int
    script: int = 50  # of the UTF-8 bytes of the scripts in _SCRIPT
    times: int = 100  # of what all parts make together


_EXACT = {"o200k": "o200k_base", "cl100k": "cl100k_base"}
_FAMILIES = {
    # No tokenizer after Claude 2 is public: expected is half way, and script is what Claude 2's own needs.
    "claude": _Family(expected=130, at_most=160, script=75),
    # From Opus 4.7 (April 2026) on, Anthropic counts up to 1.35 times as many for the same text: its migration guide.
    "claude_2026": _Family(expected=155, at_most=160, script=75, times=135),
    "qwen": _Family(expected=110, at_most=160),
    "deepseek": _Family(expected=110, at_most=150),
    "mistral": _Family(expected=110, at_most=150),
    "gemini": _Family(expected=115, at_most=135),
}
_BYTES = "bytes"
_FOUR_BYTES = "four_bytes"
"""A token for every four bytes begun, as practice counts its own: the one tokenizer that needs no ranks."""

# Latin letters and everyday punctuation and currency signs are what o200k and a factor bound well.
_LATIN = "\\0-\u024f\u2010-\u2027\u2030-\u203a\u20a0-\u20cf"
# Greek, Cyrillic, Hebrew letters, Arabic, Devanagari, Thai, Vietnamese, kana, Han, Hangul, full-width forms.
_KNOWN = (
    "\u0370-\u052f\u05d0-\u06ff\u0900-\u097f\u0e00-\u0e7f\u1e00-\u1eff"
    "\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef"
)
_ONE_EACH = re.compile("[0-9\r]+")  # Qwen, Mistral and Gemini take each digit by itself, o200k three at a time
_FOREIGN = re.compile(f"(?:[^{_LATIN}{_KNOWN}] ?)+")  # emoji, box drawing, Khmer: some tokenizers spell out the bytes
_SCRIPT = re.compile(f"(?:[{_KNOWN}] ?)+")
_REPEATS = re.compile(r"(\S{1,4}?|\n)\1{7,}|\s{17,}")  # o200k takes dozens of tildes as one token, Mistral two


@dataclass(frozen=True, slots=True)
class _Makeup:
    """What a text is made of, for every family alike: bytes that are counted as bytes, and o200k tokens of the rest."""

    total_bytes: int
    whole_bytes: int
    script_bytes: int
    repeated_bytes: int
    rest_tokens: int

    def at_most(self, family: _Family) -> int:
        """Bound what o200k says little about by its bytes, and the rest by the family's factor."""
        spelt_bytes = self.whole_bytes + self.script_bytes + self.repeated_bytes
        hundredths = 100 * self.whole_bytes + family.script * self.script_bytes + 50 * self.repeated_bytes
        hundredths += family.at_most * self.rest_tokens
        floor = _percent(self.total_bytes, 50) if 2 * spelt_bytes > self.total_bytes else 0
        return min(self.total_bytes, _percent(max(floor, _percent(hundredths, 1)), family.times))


class _Recent(Generic[_T]):
    """What was found for the last few texts, by a digest of each: a question itself is not kept."""

    def __init__(self) -> None:
        self._found: OrderedDict[bytes, _T] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, name: str, text: str, count: Callable[[], _T]) -> _T:
        """What `count` gave for this text under this name a short while ago, or gives now."""
        key = hashlib.blake2b(text.encode(), digest_size=16, salt=name.encode()).digest()
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        counted = count()  # outside the lock: a short question must not wait for a long one
        with self._lock:
            self._found[key] = counted
            while len(self._found) > REMEMBERED_TEXTS:
                self._found.popitem(last=False)
        return counted


def library_arguments(name: str, load: Callable[..., dict[bytes, int]]) -> dict[str, Any]:
    """Return what tiktoken's own constructor of encoding `name` gives, with `load` in place of its download.

    `load` receives the address and `expected_hash`, the sha256 that tiktoken pins. KeyError: no such encoding.
    """
    constructor = openai_public.ENCODING_CONSTRUCTORS[name]
    # The same code with one global replaced: pattern and special tokens stay the library's, and nothing is patched.
    return dict(types.FunctionType(constructor.__code__, {**constructor.__globals__, "load_tiktoken_bpe": load})())


def read_ranks(name: str) -> dict[bytes, int]:
    """Return each token of encoding `name` with its rank, from the file that scripts/build_token_ranks.py wrote.

    OSError: no such file. lzma.LZMAError: the file is damaged (it carries its own checksum).
    """
    data = lzma.decompress((RANKS_FOLDER / f"{name}.xz").read_bytes())
    first = _COUNT_BYTES + int.from_bytes(data[:_COUNT_BYTES], "big")
    edges = itertools.accumulate(data[_COUNT_BYTES:first], initial=first)
    return {data[start:end]: rank for rank, (start, end) in enumerate(itertools.pairwise(edges))}


class OfflineTokenCounter:
    """Counts tokens from rank files of our own; it never touches the network.

    Safe for many callers at once: the ranks of an encoding are loaded once, in a thread, by whoever needs them first.
    """

    def __init__(self, *, piece_chars: int = PIECE_CHARS) -> None:
        """Count longer texts in pieces of about `piece_chars` characters."""
        self._piece_chars = piece_chars
        self._encodings: dict[str, tiktoken.Encoding] = {}
        self._tokens_of: _Recent[int] = _Recent()
        self._makeup_of: _Recent[_Makeup] = _Recent()
        self._loading = threading.Lock()  # not asyncio's: a cancelled first caller must not spoil the load for others

    async def warm(self, tokenizers: Iterable[str] = ("o200k",)) -> None:
        """Load the ranks that `tokenizers` need, so that no ask waits for them. ValueError: an unknown name."""
        names = {_encoding_name(tokenizer) for tokenizer in tokenizers if tokenizer != _FOUR_BYTES}
        await asyncio.gather(*(asyncio.to_thread(self._encoding, name) for name in names))

    async def count(self, text: str, tokenizer: str) -> TokenCount:
        """Return the tokens of `text` alone, without a provider's framing of messages.

        "o200k" and "cl100k" are exact (`expected == at_most`). For the other families, "bytes" and "four_bytes",
        `at_most` never passes the UTF-8 bytes of the text. ValueError: a tokenizer we do not know.
        """
        if tokenizer == _FOUR_BYTES:
            spelt = _bytes(_without_surrogates(text))
            return TokenCount(expected=-(-spelt // 4), at_most=spelt)
        name = _encoding_name(tokenizer)
        if len(text) <= _INLINE_CHARS and name in self._encodings:
            return self._count(text, tokenizer)
        return await asyncio.to_thread(self._count, text, tokenizer)

    def _count(self, text: str, tokenizer: str) -> TokenCount:
        text = _without_surrogates(text)
        name = _encoding_name(tokenizer)
        tokens = self._tokens_of.find(name, text, lambda: self._tokens(text, name))
        if tokenizer in _EXACT:
            return TokenCount(expected=tokens, at_most=tokens)
        if tokenizer == _BYTES:
            return TokenCount(expected=tokens, at_most=_bytes(text))
        family = _FAMILIES[tokenizer]
        makeup = self._makeup_of.find("", text, lambda: self._makeup(text))
        at_most = max(tokens, makeup.at_most(family))
        return TokenCount(expected=min(_percent(tokens, family.expected), at_most), at_most=at_most)

    def _makeup(self, text: str) -> _Makeup:
        rest, taken = text, []
        for pattern in (_ONE_EACH, _FOREIGN, _SCRIPT, _REPEATS):
            before = _bytes(rest)
            rest, cuts = pattern.subn(" ", rest)
            taken.append(before - _bytes(rest) + cuts)  # each match left a space of one byte
        one_each, foreign, script, repeated = taken
        return _Makeup(_bytes(text), one_each + foreign, script, repeated, self._tokens(rest, _EXACT["o200k"]))

    def _tokens(self, text: str, name: str) -> int:
        encoding = self._encoding(name)
        return sum(self._piece_tokens(encoding, piece) for piece in _pieces(text, self._piece_chars))

    def _piece_tokens(self, encoding: tiktoken.Encoding, piece: str) -> int:
        if len(piece) > self._piece_chars:
            return _bytes(piece)  # one unbroken run: a token has a byte at least, and the tokenizer may not survive it
        return _encoded_length(encoding, piece)

    def _encoding(self, name: str) -> tiktoken.Encoding:
        if name not in self._encodings:  # asked before the lock: a short count must not wait for another's load
            with self._loading:
                if name not in self._encodings:
                    ranks = read_ranks(name)
                    self._encodings[name] = tiktoken.Encoding(**library_arguments(name, lambda *_, **__: ranks))
                    ranks.clear()  # the tokenizer has a copy of its own; ours would be kept beside it, 23 MB of it
        return self._encodings[name]


def _encoding_name(tokenizer: str) -> str:
    if tokenizer in _FAMILIES or tokenizer == _BYTES:
        return _EXACT["o200k"]
    if tokenizer not in _EXACT:
        known = ", ".join([*_EXACT, *_FAMILIES, _BYTES, _FOUR_BYTES])
        raise ValueError(f"unknown tokenizer {tokenizer!r}: known are {known}")
    return _EXACT[tokenizer]


def _encoded_length(encoding: tiktoken.Encoding, piece: str) -> int:
    try:
        return len(encoding.encode_ordinary(piece))
    except BaseException as error:
        # A panic of the Rust code is no Exception, and its class cannot be imported. Whatever else comes, passes.
        if type(error).__name__ != "PanicException":
            raise
        return _bytes(piece)


def _pieces(text: str, size: int) -> Iterator[str]:
    """Cut `text` only where its tokens part anyway, so that the pieces' counts add up to the count of the whole.

    A piece is longer than `size` only where nothing in it may be cut.
    """
    start = 0
    while start < len(text):
        end = _piece_end(text, start, size)
        yield text[start:end]
        start = end


def _piece_end(text: str, start: int, size: int) -> int:
    limit = start + size
    if limit >= len(text):
        return len(text)
    for at in itertools.chain(range(limit, start, -1), range(limit + 1, len(text))):
        if _parts(text[at - 1], text[at]):
            return at
    return len(text)


def _parts(before: str, after: str) -> bool:
    """Tell whether both encodings' patterns always end a match between these two characters.

    Neither pattern looks behind, so the text after such a place is split as it is in the whole; and none of these
    places changes what a look-ahead before it sees.
    """
    if after in " \t":
        return not before.isspace()  # a blank may open a match, and follows nothing but white space
    if before in "\r\n":
        return after.isalnum()  # line ends close a match, and no letter or digit takes one along
    if not before.isalnum():
        return False
    if after.isalnum():
        return before.isalpha() != after.isalpha()  # letters and numbers never share a match
    return after != "'" and unicodedata.category(after)[0] in "PS"  # an apostrophe may belong to the word: don't


def _without_surrogates(text: str) -> str:
    """Join surrogate pairs and replace lone surrogates, which have no UTF-8, as tiktoken does itself."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _bytes(text: str) -> int:
    return len(text.encode())


def _percent(amount: int, percent: int) -> int:
    """Round up, in whole numbers."""
    return -(-amount * percent // 100)
