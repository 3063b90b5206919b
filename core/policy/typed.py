"""What people type to set a rule: the words for settings, and the values as they are stored."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from core.defaults import MAX_MEMBER_ASKS
from core.errors import AmountNotUnderstood, BadInput, UnknownModel
from core.models import Model, find_model
from core.money import parse_usd
from core.policy.settings import ALL, ALLOW, AMOUNTS, DENY, LISTS, NONE, OF_OWN, Setting, can_be_set
from core.policy.targets import EVERYONE, TargetKind, kind_of
from core.tags import MAX_TAG_CHARS, NO_TAG, tag_named

MAX_RULE_CHARS = 1_000
MAX_NAME_WORDS = 12
NOTHING_CHANGED = "Nothing was changed."

WORDS: Mapping[str, Setting] = {
    "day": Setting.DAY,
    "week": Setting.WEEK,
    "month": Setting.MONTH,
    "ask": Setting.ASK,
    "at-once": Setting.IN_FLIGHT,
    "thread": Setting.THREAD,
    "channel-day": Setting.CHANNEL_DAY,
    "channel-week": Setting.CHANNEL_WEEK,
    "channel-month": Setting.CHANNEL_MONTH,
    "carry": Setting.CARRY_OVER,
    "models": Setting.MODELS,
    "regions": Setting.REGIONS,
    "data-collection": Setting.DATA_COLLECTION,
    "zdr": Setting.UNPROVEN_RETENTION,
    "may-ask": Setting.MAY_ASK,
    "secrets": Setting.SECRETS,
    "tag": Setting.TAG,
}
"""What is typed for each, in the order in which they are shown. The names of the field where it has some."""
_ALSO = {
    "daily": Setting.DAY,
    "weekly": Setting.WEEK,
    "monthly": Setting.MONTH,
    "in-flight": Setting.IN_FLIGHT,
    "carry-over": Setting.CARRY_OVER,
    "model": Setting.MODELS,
    "region": Setting.REGIONS,
    "tags": Setting.TAG,
    "project": Setting.TAG,
}
CLEAR = ("clear", "default", "reset")
"""What takes a rule away, whatever it says."""
NO_LIMIT = ("none", "unlimited", "off")
_YES, _NO = ("allow", "allowed", "yes"), ("deny", "denied", "no")


@dataclass(frozen=True, slots=True)
class Known:
    """What may be named: the models and providers that are connected, and the regions where they work."""

    models: tuple[Model, ...]
    providers: tuple[str, ...]

    @property
    def regions(self) -> tuple[str, ...]:
        """The codes of the catalogue's regions."""
        codes = {code.strip().casefold() for model in self.models for code in model.region.split(",")}
        return tuple(sorted(codes - {""}))


def setting_of(word: str) -> Setting | None:
    """The setting that a word means."""
    word = word.casefold().replace("_", "-")
    return WORDS.get(word) or _ALSO.get(word)


def word_of(setting: Setting) -> str:
    """What to type for a setting."""
    return next(word for word, each in WORDS.items() if each is setting)


@dataclass(frozen=True, slots=True)
class Said:
    """A typed rule in its parts; without a `setting` it asks what applies to `whom` (the whole text)."""

    whom: str
    setting: Setting | None = None
    value: str = ""


def split_rule(typed: str, is_known: Callable[[str], bool]) -> Said:
    """Whom, what and how much: "Bo Li day 2" is ("Bo Li", DAY, "2"). `is_known` tells a name, which may have words.

    `BadInput` where nothing in it is a setting and the whole is no name.
    """
    text = " ".join(typed.split())
    if len(text) > MAX_RULE_CHARS:
        raise BadInput(f"That is longer than any rule. {NOTHING_CHANGED}")
    if is_known(text):
        return Said(text)
    words = text.split(" ")
    ends = range(1, min(len(words), MAX_NAME_WORDS + 1))
    known = [end for end in ends if is_known(" ".join(words[:end]))]
    settings = [end for end in ends if setting_of(words[end])]
    if both := [end for end in settings if end in known] or ([] if known else settings[:1]):
        end = both[-1]
        return Said(" ".join(words[:end]), setting_of(words[end]), " ".join(words[end + 1 :]))
    if known:
        raise BadInput(f"{_no_setting(words[known[-1]])} {NOTHING_CHANGED}")
    return Said(text)


def split_limit(typed: str, is_known: Callable[[str], bool]) -> Said:
    """The same of a limit, whose period need not be said: "Bo Li 5" is a month's."""
    text = " ".join(typed.split())
    if len(text) > MAX_RULE_CHARS:
        raise BadInput(f"That is longer than any limit. {NOTHING_CHANGED}")
    if is_known(text):
        return Said(text)
    whom, _, amount = text.rpartition(" ")
    whose, _, word = whom.rpartition(" ")
    setting = setting_of(word) if whose else None
    if setting in OF_OWN and (is_known(whose) or not is_known(whom)):
        return Said(whose, setting, amount)
    if not whom:
        raise BadInput(f"Type whose limit and how much a month, like {EVERYONE} 5. {NOTHING_CHANGED}")
    return Said(whom, Setting.MONTH, amount)


def _no_setting(word: str) -> str:
    near = get_close_matches(word.casefold()[:40], WORDS, n=1, cutoff=0.5)
    meant = f"Did you mean {near[0]}? " if near else ""
    return f'Nothing called "{word[:40]}" can be set. {meant}There is: {", ".join(WORDS)}.'


def value_of(target: str, setting: Setting, typed: str, known: Known) -> str:
    """The stored value; empty where it takes the rule away. `BadInput` for what cannot be set, and why."""
    text = typed.strip().casefold()
    if text in CLEAR or (text in NO_LIMIT and kind_of(target) is TargetKind.OWN):
        return ""
    try:
        value = _value(setting, text, known)
    except AmountNotUnderstood as error:
        raise BadInput(f"{error} Or {NONE}, or {CLEAR[0]}. {NOTHING_CHANGED}") from error
    if value and not can_be_set(target, setting, value):
        raise BadInput(f"{_why_not(target, setting, text)} {NOTHING_CHANGED}")
    return value


def _value(setting: Setting, text: str, known: Known) -> str:
    if not text:
        raise BadInput(f"{_what_to_type(setting, known)} {NOTHING_CHANGED}")
    if setting in AMOUNTS:
        if text in NO_LIMIT:
            return "0" if setting is Setting.CARRY_OVER else NONE
        return str(parse_usd(text))
    if setting is Setting.IN_FLIGHT:
        return (text.lstrip("0") or "0") if text.isascii() and text.isdigit() else text
    if setting in LISTS:
        return _names(setting, text, known)
    if setting is Setting.TAG:
        return NO_TAG if text in NO_LIMIT else tag_named(text) or text
    return _switch(setting, text, known)


def _switch(setting: Setting, text: str, known: Known) -> str:
    """What only ever forbids is taken away by allowing it: nothing more particular could allow it against others."""
    if setting is Setting.UNPROVEN_RETENTION:
        if text not in ("on", "off", *_YES, *_NO):
            raise BadInput(f"{_what_to_type(setting, known)} {NOTHING_CHANGED}")
        return DENY if text in ("on", "yes") else ""
    if text not in (*_YES, *_NO):
        raise BadInput(f"{_what_to_type(setting, known)} {NOTHING_CHANGED}")
    if text in _NO:
        return DENY
    return ALLOW if setting is Setting.MAY_ASK else ""


def _names(setting: Setting, text: str, known: Known) -> str:
    """Each name as the catalogue writes it, once. Commas or spaces stand between."""
    if setting is Setting.MODELS and text == ALL:
        return ALL
    if text in (ALL, *NO_LIMIT):
        raise BadInput(f"{_what_to_type(setting, known)} {NOTHING_CHANGED}")
    find = _model_named if setting is Setting.MODELS else _region_named
    found: list[str] = []
    for part in (part.strip() for part in text.split(",")):
        if not part:
            continue
        try:
            found.append(find(part, known))
        except BadInput:
            if " " not in part:
                raise
            found += [find(word, known) for word in part.split()]
    if not found:
        raise BadInput(f"{_what_to_type(setting, known)} {NOTHING_CHANGED}")
    return ",".join(dict.fromkeys(found))


def _model_named(name: str, known: Known) -> str:
    for provider in known.providers:
        if provider.casefold() == name:
            return provider
    try:
        return find_model(known.models, name, others=known.providers).id
    except UnknownModel as error:
        raise BadInput(f"{error} A provider's name allows all of its models. {NOTHING_CHANGED}") from error


def _region_named(name: str, known: Known) -> str:
    if name in known.regions:
        return name
    near = _there_are(known.regions)
    raise BadInput(f'No model works in a region called "{name[:40]}". {near}{NOTHING_CHANGED}')


def _there_are(names: Iterable[str]) -> str:
    there = ", ".join(names)
    return f"There is: {there}. " if there else "None is known of the models that are connected. "


def _what_to_type(setting: Setting, known: Known) -> str:
    word = word_of(setting)
    if setting in AMOUNTS:
        return f"Type how much: {word} 5, {word} {NONE} or {word} {CLEAR[0]}."
    if setting is Setting.IN_FLIGHT:
        return f"Type how many, like {word} 3."
    if setting is Setting.MODELS:
        return (
            f"Type which models or providers, like {word} {', '.join(known.providers[:2]) or 'mistral'}; {word} {ALL} "
            f"allows every one, may-ask {DENY} stops asking, {word} {CLEAR[0]} takes the rule away."
        )
    if setting is Setting.REGIONS:
        there = ", ".join(known.regions) or "eu"
        return f"Type where questions may go: {word} {there}. {word} {CLEAR[0]} takes the rule away."
    if setting is Setting.TAG:
        return f"Type which: {word} launch, {word} {NO_TAG} or {word} {CLEAR[0]}."
    if setting is Setting.UNPROVEN_RETENTION:
        return f"Type {word} on (only who keeps nothing is asked) or {word} off."
    return f"Type {word} {ALLOW} or {word} {DENY}."


def _why_not(target: str, setting: Setting, text: str) -> str:
    word = word_of(setting)
    if kind_of(target) is TargetKind.OWN and setting not in OF_OWN:
        own = ", ".join(word for word, each in WORDS.items() if each in OF_OWN)
        return f"For yourself you can set {own}, and nothing else."
    if setting is Setting.IN_FLIGHT:
        return f'"{text[:40]}" is not a number of asks from 1 to {MAX_MEMBER_ASKS}.'
    if setting in LISTS:
        return "That is a longer list than one can be."
    if setting is Setting.TAG and kind_of(target) in (TargetKind.CHANNEL, TargetKind.EVERYONE):
        return (
            f'"{text[:40]}" is no tag: a letter, then letters, digits, - and _, {MAX_TAG_CHARS} characters at most; no '
            "colour like fff, no word of code like include, nothing that looks like a key."
        )
    return f"{word} is set for a channel, or for {EVERYONE}."
