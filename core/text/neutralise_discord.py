"""Takes the power out of text that a model or a person wrote, before Discord shows it.

Every message says besides that it may mention nobody and that its links are not previewed (adapters/discord/api.py):
this is the second line of defence. A mention is broken by an invisible space wherever it stands, so that nothing rests
on what Discord takes for code; it is not seen, and nobody copies a mention out of code. A link whose words hide where
it leads is taken apart by a space that is seen, but for blocks of code that are surely code on Discord too.
"""

import re

from core.text.markdown_lines import NOTHING_OPEN, opens_fence

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

# Everyone, here; users, roles, channels, moments, emoji, commands, places of a server
# (docs.discord.com/developers/reference#message-formatting); and where the words of a link end and its address begins.
_LOUD = r"@(?=everyone|here)|<(?=@[!&]?\d|#\d|t:-?\d|id:[a-z]|a?:\w{1,32}:\d|/[^<>:\n]{1,110}:\d)"
_LINK = r"\](?=\((?:[\s<]|//|[a-z0-9+.\\-]{1,40}:|www\.))"
_LIVE = re.compile(f"{_LOUD}|{_LINK}", re.IGNORECASE)
_MENTION = re.compile(_LOUD, re.IGNORECASE)
# The end of a text that may turn out to be one of them.
_MAY_BE_LIVE = re.compile(
    r"(?:@(?:e(?:v(?:e(?:r(?:y(?:on?)?)?)?)?)?|h(?:er?)?)?"
    r"|<(?:@[!&]?|#|t(?::-?)?|i(?:d:?)?|a?(?::\w{0,32}:?)?|/[^<>:\n]{0,110}:?)?"
    r"|\](?:\((?:/|[a-z0-9+.\\-]{0,40})?)?)\Z",
    re.IGNORECASE,
)

_FENCE = "```"
_SURE_FENCE = re.compile(r"```[^`]*")
_TICKS = re.compile(r"`+")


def for_discord(markdown: str) -> str:
    """Markdown that calls nobody, and in which every link shows where it leads: for `content` and text displays."""
    neutraliser = DiscordNeutraliser()
    return neutraliser.feed(markdown) + neutraliser.close()


class DiscordNeutraliser:
    """`for_discord` piece by piece: however the text is cut, the same comes out, and nothing live on the way.

    What may still turn out to be live is kept back until more comes, or until `close`: a few dozen characters at most.
    """

    def __init__(self) -> None:
        self._rest = ""
        self._code = _SureCode()

    def feed(self, piece: str) -> str:
        """As much of what came as is known to be harmless."""
        text = self._rest + piece.translate(_CHARACTERS)
        unsure = _MAY_BE_LIVE.search(text)
        known = unsure.start() if unsure else len(text)
        self._rest = text[known:]
        return self._broken(text, known)

    def close(self) -> str:
        """The rest. Nothing comes after it, so it is no beginning of anything."""
        rest, self._rest = self._rest, ""
        return self._broken(rest, len(rest))

    def _broken(self, text: str, known: int) -> str:
        """So many characters of it; what comes after them is looked at only to judge these."""
        written, begin = [], 0
        for live in _LIVE.finditer(text):
            if live.end() > known:
                break
            written.append(self._read(text[begin : live.end()]))
            begin = live.end()
            if live[0] != "]":
                written.append(_UNSEEN)
            elif not self._code.is_sure:
                written.append(" ")
        return "".join((*written, self._read(text[begin:known])))

    def _read(self, text: str) -> str:
        self._code.read(text)
        return text


class _SureCode:
    """Whether a text is inside a block of code by every reading of it: ours, and what Discord is known to do.

    Discord has fences of three backticks alone, which begin and end anywhere in a line, and code inside a paragraph
    that goes on over lines. Once a text has anything that could be read in two ways, nothing after it is sure.
    """

    def __init__(self) -> None:
        self._line = ""
        self._is_open = False
        self._has_content = False
        self._doubtful = False

    @property
    def is_sure(self) -> bool:
        """Whether what comes next stands in a block of code."""
        return self._is_open and not self._doubtful and _FENCE not in self._line

    def read(self, text: str) -> None:
        """The next piece."""
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            self._end(line)

    def _end(self, line: str) -> None:
        if self._is_open and _FENCE in line:
            self._is_open = False
            self._doubtful |= line.strip() != _FENCE or not self._has_content
        elif self._is_open:
            self._has_content |= bool(line.strip())
        elif _SURE_FENCE.fullmatch(line):
            self._is_open, self._has_content = True, False
        else:
            self._doubtful |= not _is_settled(line)


def _is_settled(line: str) -> bool:
    """Whether all code in this line also ends in it."""
    runs = _TICKS.findall(line)
    is_paired = runs[::2] == runs[1::2] and _FENCE not in line and "\\`" not in line
    return is_paired and not opens_fence(NOTHING_OPEN, line)


_FORMATS = re.compile(r"[\\*_~`|\[\]<>]")
_ADDRESS = re.compile(r"https?://[^\s<>\[\]()*`|\\]+")
_FORMATS_A_LINE = re.compile(r"(?m)^(?P<before>[ \t]*)(?:(?P<sign>-#|#{1,3}|[-+])(?=[ \t])|(?P<number>\d+)(?=\.[ \t]))")


def for_discord_plain(text: str) -> str:
    """A name or sentences literally: formats nothing and calls nobody. Line ends stay, and addresses as they are."""
    clean = text.translate(_CHARACTERS)
    written, begin = [], 0
    for address in _ADDRESS.finditer(clean):
        written += [_FORMATS.sub(r"\\\g<0>", clean[begin : address.start()]), address[0]]
        begin = address.end()
    written.append(_FORMATS.sub(r"\\\g<0>", clean[begin:]))
    return _MENTION.sub(rf"\g<0>{_UNSEEN}", _FORMATS_A_LINE.sub(_literal, "".join(written)))


def _literal(begins: re.Match[str]) -> str:
    return f"{begins['before']}\\{begins['sign']}" if begins["sign"] else f"{begins[0]}\\"
