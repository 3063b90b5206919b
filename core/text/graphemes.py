"""Where a text may be cut so that no character that people see as one is torn."""

import re
import unicodedata

_JOINER = "\N{ZERO WIDTH JOINER}"
_VIRAMA = 9
"""The combining class of signs that join a consonant to the next one, as in Hindi."""

# One sign to whoever reads or parses it: an escaped character, a run that opens or closes code.
_ATOM = re.compile(r"&(?:#?[A-Za-z0-9]{1,8});|`+|~{2,}|\r\n")
_LONGEST_ATOM = 12


def may_cut(text: str, at: int) -> bool:
    """Whether `text[:at]` and `text[at:]` both begin and end with whole characters as people see them.

    Close to the extended grapheme clusters of Unicode Standard Annex 29, from what the standard library knows, and
    stricter: escapes such as `&lt;` and runs of backticks are not torn either.
    """
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    return not (_joined(before, after) or _torn_flag(text, at) or _torn_atom(text, at))


def last_cut(text: str, floor: int, ceiling: int) -> int:
    """The last place above `floor` and up to `ceiling` where `text` may be cut; `floor` where there is none."""
    return next((at for at in range(ceiling, floor, -1) if may_cut(text, at)), floor)


def whole_code_points(text: str, at: int) -> int:
    """This place, or the one before it where it would tear the two halves of one code point; never 0."""
    return at - 1 if at > 1 and _is_pair(text[at - 1 : at + 1]) else at


def _joined(before: str, after: str) -> bool:
    return (
        _extends(after)
        or before == _JOINER
        or _is_pair(before + after)
        or (unicodedata.combining(before) == _VIRAMA and after.isalpha())
        or (_is_jamo(before) and _is_jamo(after))
    )


def _extends(char: str) -> bool:
    """Combining marks, variation selectors, skin tones, the tags of some flags, joiners."""
    return (
        unicodedata.category(char) in ("Mn", "Me", "Mc")
        or char in (_JOINER, "\N{ZERO WIDTH NON-JOINER}", "\uff9e", "\uff9f")
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
    )


def _is_pair(chars: str) -> bool:
    return len(chars) == 2 and "\ud800" <= chars[0] <= "\udbff" and "\udc00" <= chars[1] <= "\udfff"


def _is_jamo(char: str) -> bool:
    """Parts of a Korean syllable, and whole syllables, which a part may follow."""
    return "\u1100" <= char <= "\u11ff" or "\ua960" <= char <= "\ua97c" or "\ud7b0" <= char <= "\ud7fb"


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _torn_flag(text: str, at: int) -> bool:
    """Two letters make a flag: whether an odd number of them stands before this place and one more after it."""
    start = at
    while start and _is_flag_letter(text[start - 1]):
        start -= 1
    return (at - start) % 2 == 1 and _is_flag_letter(text[at])


def _torn_atom(text: str, at: int) -> bool:
    start = max(0, at - _LONGEST_ATOM)
    return any(match.start() + start < at < match.end() + start for match in _ATOM.finditer(text[start : at + 12]))
