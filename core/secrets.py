"""Secrets in a text: credentials and card numbers, found by what they look like.

Every search reads a text once: a pattern begins only where a word begins and never goes back over what it has read,
so that nobody can write a question that takes long to look through. What is found is a guess: people decide.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate

from core.call import Message, Part, TextPart


class SecretKind(StrEnum):
    """What a secret looks like, as it is named to people."""

    CARD = "card number"
    PROVIDER_KEY = "API key"
    SLACK = "Slack token"
    DISCORD = "Discord bot token"
    GITHUB = "GitHub token"
    AWS = "AWS access key"
    PRIVATE_KEY = "private key"
    SIGNED = "signed access token"
    PASSWORD = "password"  # noqa: S105 - what it is called


@dataclass(frozen=True, slots=True)
class Secret:
    """Where something that looks like a secret stands: `text[start:end]`.

    `tail` are its last characters, few enough to be shown; empty for what must not be shown at all.
    """

    kind: SecretKind
    start: int
    end: int
    tail: str = ""


_BEGINS = r"(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt])|(?<=-----))"
"""Of a word; also behind a line end that is written out, as in JSON, and behind a block in PEM."""
_CREDENTIALS = re.compile(
    _BEGINS + r"(?:"
    r"(?P<provider>sk-[A-Za-z0-9_-]{20,}+|AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])|gsk_[A-Za-z0-9]{40,}+|xai-[A-Za-z0-9]{60,}+"
    r"|hf_[A-Za-z0-9]{30,}+|(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}+)"
    r"|(?P<slack>xox[a-z]-[A-Za-z0-9-]{10,}+|xapp-[0-9]-[A-Za-z0-9-]{10,}+)"
    r"|(?P<github>gh[pousr]_[A-Za-z0-9]{36,}+|github_pat_[A-Za-z0-9_]{22,}+)"
    r"|(?P<aws>A[KS]IA[A-Z2-7]{16}(?![A-Za-z0-9]))"
    r"|(?P<signed>eyJ[A-Za-z0-9_-]{10,}+\.eyJ[A-Za-z0-9_-]{10,}+\.[A-Za-z0-9_-]{10,}+)"
    r"|(?P<discord>[MNO][A-Za-z0-9_-]{23,27}+\.[A-Za-z0-9_-]{6}+\.[A-Za-z0-9_-]{27,}+)"
    r")"
)
_KINDS = {
    "provider": SecretKind.PROVIDER_KEY,
    "slack": SecretKind.SLACK,
    "github": SecretKind.GITHUB,
    "aws": SecretKind.AWS,
    "signed": SecretKind.SIGNED,
    "discord": SecretKind.DISCORD,
}
_SHOWN_CHARS = 4
_SURE = ("sk-ant-", "sk-proj-", "sk-or-")
_OF_CHANCE = re.compile(r"(?=[A-Za-z0-9]*[0-9])[A-Za-z0-9]{16,}")
"""A part of a key that nobody made up as words: names of files and packages begin with "sk-" too."""

_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_ENDS = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_BODY = re.compile(r"[A-Za-z0-9+/=\s\\:,-]*+")
_KEY_LINE = re.compile(r"[A-Za-z0-9+/=]{24}")

_ADDRESS = re.compile(r"://[^\s/:@\"'<>]{0,100}+:(?P<password>[^\s/@\"'<>]{3,200}+)@")
_QUERY = re.compile(
    r"[?&;](?:password|passwd|pwd|api_?key|access_token|client_secret|secret|token)="
    r"(?P<password>[^\s&;#\"'<>]{6,300}+)",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"[$%{(\[*.]|(?:x+|\*+|pass(?:word|wd)?|secret|changeme|your.*)\Z", re.IGNORECASE)

_DIGITS = re.compile(
    r"(?<![A-Za-z0-9_])[0-9]++(?:[ \u00a0\u2010-\u2014-][0-9]++)*(?![A-Za-z0-9_]|[ \u00a0\u2010-\u2014-][0-9])"
)
"""Groups of digits, all of them: a possessive group says so in fewer letters, and matches nothing before Python 3.11.5
(python/cpython#106052)."""
_GROUP = re.compile(r"[0-9]+")
_BANK_ACCOUNT_BEFORE = re.compile(r"\b[A-Z]{2}[0-9]{2}[ -]?(?:[A-Z0-9]{4}[ -]?){0,2}\Z")
_PART_OF_NUMBER_BEFORE = re.compile(r"[0-9][.,]\Z|[$€£.]\Z")
_PART_OF_NUMBER_BEHIND = re.compile(r"[.,][0-9]")
_LOOKED_AT_BEFORE = 16
_PRINTED_AS = ((4, 4, 4, 4), (4, 6, 5), (4, 6, 4))
"""How the digits of cards stand in groups; longer numbers have one more group."""
_MIN_CARD_DIGITS, _MAX_CARD_DIGITS = 13, 19
_ISSUED = re.compile(r"4|5[0-8]|2(?:2[2-9]|[3-6]|7[01]|720)|3[04-8]|35|6")
"""What the numbers of payment cards begin with (ISO/IEC 7812 issuer numbers of the networks). Moments in milliseconds,
which have 13 digits too, begin with 1."""


def find_secrets(text: str) -> tuple[Secret, ...]:
    """What looks like a secret, in the order of the text; none lies within another. Takes time in line with its length.

    A number is a card's when its check digit is right (Luhn) and it is written as cards are, or begins as they do; one
    that is part of a longer number is none.
    """
    return _apart(each for search in _SEARCHES for each in search(text))


def _apart(found: Iterable[Secret]) -> tuple[Secret, ...]:
    """In order, those that overlap as one."""
    apart: list[Secret] = []
    for secret in sorted(found, key=lambda each: (each.start, -each.end)):
        if apart and secret.start < apart[-1].end:
            apart[-1] = replace(apart[-1], end=max(apart[-1].end, secret.end))
        else:
            apart.append(secret)
    return tuple(apart)


def secrets_in(parts: tuple[Part, ...]) -> tuple[Secret, ...]:
    """What looks like a secret in the words of a question, as places of all its words put together.

    Looked for in each part and in all of them together: neither whoever cuts a secret in two gets it past, nor whoever
    glues one to the word before it.
    """
    texts = [part.text for part in parts if isinstance(part, TextPart)]
    found = list(find_secrets("".join(texts)))
    if len(texts) > 1:
        starts = accumulate(map(len, texts), initial=0)
        found += [
            replace(secret, start=start + secret.start, end=start + secret.end)
            for start, text in zip(starts, texts, strict=False)
            for secret in find_secrets(text)
        ]
    return _apart(found)


def masked(text: str) -> str:
    """The text with every secret in it replaced by what it is, in fewer characters; all else stays."""
    return _without(text, find_secrets(text), 0)


def masked_parts(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts of a question with every secret in their words masked; one that goes over several, in the first."""
    found, kept, at = secrets_in(parts), list[Part](), 0
    for part in parts:
        kept.append(TextPart(_without(part.text, found, at)) if isinstance(part, TextPart) else part)
        at += len(part.text) if isinstance(part, TextPart) else 0
    return tuple(kept)


def _without(text: str, found: Iterable[Secret], offset: int) -> str:
    """A text that begins at `offset` of those in which the secrets were found."""
    pieces, at = [], 0
    for secret in found:
        start, end = max(secret.start - offset, 0), min(secret.end - offset, len(text))
        if start < end:
            pieces += [text[at:start], f"[{secret.kind}]" if secret.start >= offset else ""]
            at = end
    return "".join((*pieces, text[at:]))


def masked_message(message: Message) -> Message:
    """What was said, masked."""
    return replace(message, parts=masked_parts(message.parts))


def _credentials(text: str) -> Iterator[Secret]:
    for match in _CREDENTIALS.finditer(text):
        kind = _KINDS[str(match.lastgroup)]
        said = match.group()
        if not said.startswith("sk-") or said.startswith(_SURE) or _OF_CHANCE.search(said):
            yield Secret(kind, *match.span(), said[-_SHOWN_CHARS:])


def _private_keys(text: str) -> Iterator[Secret]:
    """From its first line to its last; without a last line all that may belong to it."""
    at = 0
    while (begin := _PRIVATE_KEY.search(text, at)) is not None:
        body = _KEY_BODY.match(text, begin.end())
        at = body.end() if body is not None else begin.end()
        last = _KEY_ENDS.search(text, begin.end(), at)  # which is of letters and dashes: the body has taken it in
        at = last.end() if last is not None else at
        if _KEY_LINE.search(text, begin.end(), at):  # else the words only are there, and no key
            yield Secret(SecretKind.PRIVATE_KEY, begin.start(), at)


def _passwords(text: str) -> Iterator[Secret]:
    for pattern in (_ADDRESS, _QUERY):
        for match in pattern.finditer(text):
            if not _PLACEHOLDER.match(match["password"]):
                yield Secret(SecretKind.PASSWORD, *match.span("password"))


def _cards(text: str) -> Iterator[Secret]:
    for run in _DIGITS.finditer(text):
        if run.end() - run.start() < _MIN_CARD_DIGITS or _is_of_another_number(text, run):
            continue
        groups = [group.span() for group in _GROUP.finditer(text, run.start(), run.end())]
        first = 0
        while first < len(groups):
            count = _card_at(text, groups, first)
            if count:
                start, end = groups[first][0], groups[first + count - 1][1]
                yield Secret(SecretKind.CARD, start, end, text[end - _SHOWN_CHARS : end])
            first += count or 1


def _is_of_another_number(text: str, run: "re.Match[str]") -> bool:
    """Whether letters or a fraction belong to it: the number of a bank account, an amount, a part of a long decimal."""
    before = text[max(0, run.start() - _LOOKED_AT_BEFORE) : run.start()]
    return bool(
        _BANK_ACCOUNT_BEFORE.search(before)
        or _PART_OF_NUMBER_BEFORE.search(before)
        or _PART_OF_NUMBER_BEHIND.match(text, run.end())
    )


def _card_at(text: str, groups: list[tuple[int, int]], first: int) -> int:
    """How many groups from this one on are a card's number; 0 for none."""
    lengths = tuple(end - start for start, end in groups[first : first + 5])
    whole = len(groups) if first == 0 else 0
    for layout in _PRINTED_AS:
        if lengths[: len(layout)] != layout:
            continue
        for count in (len(layout) + 1, len(layout)):
            if count <= len(lengths) and _is_card(_digits(text, groups[first : first + count])):
                return count
    if lengths[0] > _SHOWN_CHARS and _is_issued(_digits(text, groups[first : first + 1])):
        return 1
    return whole if 0 < whole <= _MAX_CARD_DIGITS and _is_issued(_digits(text, groups)) else 0


def _digits(text: str, groups: list[tuple[int, int]]) -> str:
    return "".join(text[start:end] for start, end in groups)


def _is_issued(digits: str) -> bool:
    return _is_card(digits) and _ISSUED.match(digits) is not None


def _is_card(digits: str) -> bool:
    return _MIN_CARD_DIGITS <= len(digits) <= _MAX_CARD_DIGITS and digits.strip("0") != "" and _luhn(digits)


def _luhn(digits: str) -> bool:
    """Whether the check digit is right (ISO/IEC 7812-1): every second digit from the right counts double."""
    total = sum(int(digit) for digit in digits[-1::-2])
    return (total + sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])) % 10 == 0


_SEARCHES: tuple[Callable[[str], Iterator[Secret]], ...] = (_credentials, _private_keys, _passwords, _cards)
