"""Takes the power out of text that a model or a person wrote, before Slack shows it.

What Slack makes of Markdown (`markdown` blocks, `markdown_text` of messages and streams), as others measured it in a
live workspace (PostHog/posthog#95054): `<!here>`, `<@U..>` and `<url|label>` are live in it; `&lt;!here>` is not, and
is shown as `<!here>`; entities are decoded once. Of code nothing is known for sure. There a mention is broken by an
invisible space, so that nothing rests on what Slack takes for code, and all other code can be copied as it is.
"""

import re
from typing import NamedTuple

from core.text.markdown_lines import NOTHING_OPEN, after_line, closes, opens_fence

_UNSEEN = "\N{ZERO WIDTH SPACE}"

_CHARACTERS: dict[int, str] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), ""),  # control characters
    **dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}"),  # lone surrogates cannot be sent
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), ""),  # they show text in another order
    ord("\n"): "\n",
    ord("\t"): "\t",
    ord("\u2028"): "\n",
    ord("\u2029"): "\n",
}

_LOUD = "channel|here|everyone|group"
_LOUD_WORD = re.compile(f"@(?={_LOUD})", re.IGNORECASE)
_TOKEN = re.compile(rf"<(?=[@#]\w|!(?:{_LOUD}|subteam|date)|(?:https?|ftp|mailto|tel|slack):|www\.)", re.IGNORECASE)
_AHEAD = 12
"""Enough to see whether any of these begins here."""

_ENTITY = re.compile(r"&#?[A-Za-z0-9]{1,32};")
_ENTITY_BEGINS = re.compile(r"&#?[A-Za-z0-9]{0,32}")

# A picture, or a link; shorter than most that could be, so that little is kept back.
_LINK = re.compile(
    r"!?\[(?P<label>[^\[\]\n]{0,300})\]"
    r"\([ \t]{0,3}<?(?P<address>[^\s<>()]{1,2000})>?(?:[ \t]{1,3}[\"'][^\n\"')]{0,300}[\"'])?[ \t]{0,3}\)"
)
_PICTURE = re.compile(r"!\[[^\[\]\n]{0,300}\]\(")
_LINK_BEGINS = re.compile(r"!|!?\[[^\[\]\n]{0,300}(?:\](?:\([^\n)]{0,2400})?)?")
_LONGEST_ENTITY, _LONGEST_LINK = 34, 2_705
_HOST = re.compile(r"(?:[a-z]+://)?(?P<host>[\w.-]+)", re.IGNORECASE)
_LEADS_OUT = re.compile(r"[a-z][a-z0-9+.-]*:|//|www\.", re.IGNORECASE)
_LOOKS_LIKE_ADDRESS = re.compile(
    r"[a-z]+://\w|www\.\w|[\w.-]+\.(?:com|org|net|io|dev|app|ai|gov|edu|example)\b", re.IGNORECASE
)

_FENCE_BEGINS = re.compile(r"[ \t>]*(?:[-+*]|\d{1,9}[.)]?)?[ \t]*(?:`{0,2}$|~{0,2}$|`{3}|~{3})")
_LONGEST_FENCE_LINE = 200

_PLAIN = re.compile(r"[^<&@!\[`\n]+")
_ADDRESS = re.compile(r"(?:https?|ftp)://|www\.(?=[a-z0-9])", re.IGNORECASE)
_ADDRESS_MAY_BEGIN = re.compile(
    r"(?:h|ht|htt|https?|https?:|https?:/|f|ft|ftp|ftp:|ftp:/|w|ww|www|www\.)$", re.IGNORECASE
)
_MORE_OF_ADDRESS = re.compile(r"[^\s<>\[\]{}\"`|\\^@!]+")
_ENDS_A_SENTENCE = ".,;:?)'*_~"
"""What stands after an address more often than in its end."""
_TICKS = re.compile(r"`+")


class _Done(NamedTuple):
    """So many characters were read, and this is what they became."""

    read: int
    written: str


def for_slack(text: str) -> str:
    """Markdown that calls nobody and from which nothing is fetched: for `markdown` blocks and `markdown_text`."""
    neutraliser = SlackNeutraliser()
    return neutraliser.feed(text) + neutraliser.close()


class SlackNeutraliser:
    """`for_slack` piece by piece: however the text is cut, the same comes out, and nothing live on the way.

    What may still turn out to be live is kept back until more comes, or until `close`: a dozen characters, or the
    line of a fence, at most a link.
    """

    def __init__(self) -> None:
        self._rest = ""
        self._at_line_start = True
        self._line_is_blank = True
        self._open = NOTHING_OPEN
        self._ticks = 0  # so many backticks end the code that is open inside a paragraph
        self._in_address = False

    def feed(self, piece: str) -> str:
        """As much of what came as is known to be harmless."""
        return self._read(piece, ended=False)

    def close(self) -> str:
        """The rest. Nothing comes after it."""
        return self._read("", ended=True)

    @property
    def _in_code(self) -> bool:
        return self._open.fence is not None or self._ticks > 0

    def _read(self, piece: str, *, ended: bool) -> str:
        text = self._rest + piece.translate(_CHARACTERS)
        at, written = 0, []
        while at < len(text):
            if not (self._in_code or self._in_address) and (shown := _link_as_text(text, at)):
                text, at = shown + text[at + len(_matched(text, at)) :], 0
            if (done := self._next(text, at, ended=ended)) is None:
                break
            at += done.read
            written.append(done.written)
        self._rest = text[at:]
        return "".join(written)

    def _next(self, text: str, at: int, *, ended: bool) -> _Done | None:
        """The next few characters; None when more must come before they can be judged."""
        if self._in_address:
            return self._go_on_in_address(text, at, ended=ended)
        if self._at_line_start:
            line = _fence_line(text, at, ended=ended)
            if line is None:
                return None
            if self._take_fence(line):
                return _Done(len(line), _broken(line))
            self._at_line_start = False
        if plain := _PLAIN.match(text, at):
            return self._take_plain(plain[0], is_all=plain.end() == len(text) and not ended)
        if text[at] == "\n":
            return self._end_line()
        self._line_is_blank = False
        return self._take_ticks(text, at, ended=ended) if text[at] == "`" else self._judge(text, at, ended=ended)

    def _take_plain(self, plain: str, *, is_all: bool) -> _Done | None:
        """Words, up to an address. `is_all`: nothing is known of what comes after them."""
        address = None if self._in_code else _ADDRESS.search(plain)
        if address is not None and address.start() == 0:
            self._line_is_blank, self._in_address = False, True
            return _Done(address.end(), f"`{address[0]}")
        if address is not None:
            plain = plain[: address.start()]
        elif is_all and not self._in_code and (begins := _ADDRESS_MAY_BEGIN.search(plain)):
            plain = plain[: begins.start()]
        self._line_is_blank = self._line_is_blank and not plain.strip()
        return _Done(len(plain), plain) if plain else None

    def _go_on_in_address(self, text: str, at: int, *, ended: bool) -> _Done | None:
        """More of an address that stands as code; the dot of a sentence that ends with it is no part of it."""
        more = _MORE_OF_ADDRESS.match(text, at)
        run = more[0] if more else ""
        body = run.rstrip(_ENDS_A_SENTENCE)
        if at + len(run) == len(text) and not ended:
            return _Done(len(body), body) if body else None
        self._in_address = False
        return _Done(len(body), f"{body}`")

    def _take_fence(self, line: str) -> bool:
        """Whether this line opens or closes a block of code."""
        is_fence = closes(self._open, line) if self._open.fence else opens_fence(NOTHING_OPEN, line)
        if is_fence:
            self._open = after_line(self._open, line)
            self._ticks = 0
        return is_fence

    def _end_line(self) -> _Done:
        if self._line_is_blank:
            self._ticks = 0  # code inside a paragraph ends with it
        self._at_line_start = self._line_is_blank = True
        return _Done(1, "\n")

    def _take_ticks(self, text: str, at: int, *, ended: bool) -> _Done | None:
        run = len(_matched(text, at, _TICKS))
        if at + run == len(text) and not ended:
            return None
        if self._open.fence is None:
            self._ticks = run if not self._ticks else 0 if run == self._ticks else self._ticks
        return _Done(run, "`" * run)

    def _judge(self, text: str, at: int, *, ended: bool) -> _Done | None:
        """One character that could begin something live."""
        char, in_code = text[at], self._in_code
        if char == "<" and not in_code:
            return _Done(1, "&lt;")
        if char in "<@":
            if len(text) - at < _AHEAD and not ended:
                return None
            return _Done(1, char + _UNSEEN if (_TOKEN if char == "<" else _LOUD_WORD).match(text, at) else char)
        if in_code and char != "!":
            return _Done(1, char)
        begins, longest = (_ENTITY_BEGINS, _LONGEST_ENTITY) if char == "&" else (_LINK_BEGINS, _LONGEST_LINK)
        if not ended and len(text) - at <= longest and begins.fullmatch(text, at):
            return None
        if char == "&":
            return _Done(1, "&amp;" if _ENTITY.match(text, at) else char)
        is_picture = _PICTURE.match(text, at) if in_code else text.startswith("![", at)
        return _Done(1, char + _UNSEEN if is_picture else char)


def _fence_line(text: str, at: int, *, ended: bool) -> str | None:
    """The line that begins here where it may be a fence, else nothing; None while that is not known."""
    line, end, _ = text[at : at + _LONGEST_FENCE_LINE].partition("\n")
    if end or (ended and len(line) < _LONGEST_FENCE_LINE):
        return line + end
    return None if len(line) < _LONGEST_FENCE_LINE and _FENCE_BEGINS.match(line) else ""


def _matched(text: str, at: int, pattern: re.Pattern[str] = _LINK) -> str:
    match = pattern.match(text, at)
    return match[0] if match else ""


def _link_as_text(text: str, at: int) -> str:
    """A picture, or a link out of this text, as its label and its address; else nothing.

    Every address stands as code, where Slack makes no link of it: it fetches what links lead to, to preview them, and
    takes no flag against that where a message is streamed (slackapi/node-slack-sdk#2389). Who can make a model write an
    address could carry off in it what the model knows.
    """
    match = _LINK.match(text, at)
    if match is None:
        return ""
    label, address = match["label"].strip(), match["address"]
    if not match[0].startswith("!") and not (_LEADS_OUT.match(address) or _is_disguised(label, address)):
        return ""
    return f"{label} (`{address}`)" if label and label != address else f"`{address}`"


def _is_disguised(label: str, address: str) -> bool:
    """Whether the label looks like an address, and of another place than the one it leads to."""
    if not _LOOKS_LIKE_ADDRESS.match(label):
        return False
    said, leads_to = _HOST.match(label), _HOST.match(address)
    return said is None or leads_to is None or said["host"].casefold() != leads_to["host"].casefold()


def _broken(text: str) -> str:
    """With an invisible space in everything that would be live."""
    quiet = _LOUD_WORD.sub("@" + _UNSEEN, _TOKEN.sub("<" + _UNSEEN, text))
    return _PICTURE.sub(lambda match: "!" + _UNSEEN + match[0][1:], quiet)


_ESCAPED: dict[int, str] = {**_CHARACTERS, ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
_ALIKE: dict[int, str] = {
    **_ESCAPED,
    ord("*"): "\N{ASTERISK OPERATOR}",
    ord("_"): "\N{MODIFIER LETTER LOW MACRON}",
    ord("~"): "\N{TILDE OPERATOR}",
    ord("`"): "\N{MODIFIER LETTER GRAVE ACCENT}",
}


def for_slack_mrkdwn(text: str) -> str:
    """A name or a sentence inside `mrkdwn`: shown as it is, formats nothing and calls nobody.

    There is no escape for the characters that format, so others that look alike stand for them.
    """
    return _LOUD_WORD.sub("@" + _UNSEEN, text.translate(_ALIKE))


def for_slack_plain(text: str) -> str:
    """Words for a `plain_text` object, where Slack formats nothing; what calls somebody elsewhere is broken too."""
    return _broken(text.translate(_CHARACTERS))


_FORMATS = re.compile(r"[\\`*_~\[\]()#!|>+-]")


def for_slack_words(text: str) -> str:
    """A name or a sentence inside Markdown: shown as it is, formats nothing and calls nobody."""
    words = " ".join(text.translate(_CHARACTERS).split()).replace("&", "&amp;").replace("<", "&lt;")
    return _LOUD_WORD.sub("@" + _UNSEEN, _FORMATS.sub(r"\\\g<0>", words))


def for_slack_text(text: str) -> str:
    """Words for the `text` of a message without blocks: all of them, calling nobody. To be sent with `mrkdwn` off."""
    return _LOUD_WORD.sub("@" + _UNSEEN, text.translate(_ESCAPED))
