"""What can be pressed under an ask, and what such a button carries; checked when it comes back."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from adapters.discord.views.custom_ids import MAX_CUSTOM_ID_CHARS, NotOurs, carried_by, custom_id


class Action(StrEnum):
    """What the buttons of asks are called in Discord's payloads. Old messages keep them, so they never change."""

    STOP = "ask_stop"
    BETTER = "ask_better"
    DETAILS = "ask_details"
    GOOD = "ask_good"
    BAD = "ask_bad"
    AGAIN = "ask_again"
    CONFIRM = "ask_confirm"
    CHEAPER = "ask_cheaper"
    QUOTED = "ask_quoted"
    REMOVE_SECRETS = "ask_remove"
    SEND_SECRETS = "ask_send"


@dataclass(frozen=True, slots=True)
class AskPress:
    """What a button carries.

    `asker` is the user who may press it; empty where anybody may who sees it. `guild_id` is the server it is about: a
    direct message says nothing of that. `about` is the ask, or what a new question `resumes`; `model` and `nanos` are
    that question's `model` and `pressed_nanos`. `private`: its asker alone reads the answer to it.
    """

    asker: str = ""
    guild_id: str = ""
    about: str = ""
    model: str = ""
    nanos: int = 0
    private: bool = False

    def may_be_pressed_by(self, user_id: str) -> bool:
        """Whether it is this user's to press, as far as the button says; core looks at the books."""
        return self.asker in ("", user_id)


_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_FIELDS = 6
_MOST_NUMBER_CHARS = 14
_HASHED, _HASH_CHARS = "#", 16
_CAN_STAND = re.compile(r"(?!#)[\x21-\x7e]*")
_ASK = "ask_"
_IS_ABOUT = re.compile(r"[A-Za-z0-9_.-]{0,48}")


def ask_button_id(action: Action, press: AskPress) -> str:
    """As it stands in the button. A model whose id leaves no room is named by its fingerprint."""
    asker, guild = (_written(int(each)) if each else "" for each in (press.asker, press.guild_id))
    nanos = _written(press.nanos) if press.nanos else ""
    fields = (asker, guild, "p" if press.private else "", press.about.removeprefix(_ASK), nanos)
    room = MAX_CUSTOM_ID_CHARS - len(custom_id(action, *fields, ""))
    fits = len(press.model) <= room and _CAN_STAND.fullmatch(press.model)
    return custom_id(action, *fields, press.model if fits else fingerprint(press.model))


def ask_press_of(written: str) -> tuple[Action, AskPress]:
    """What was pressed, and what it carried. Raises `NotOurs`: whoever can call Discord's API can send anything."""
    carried = carried_by(written, dict.fromkeys(Action, _FIELDS))
    asker, guild, private, about, nanos, model = carried.fields
    if private not in ("", "p") or not _IS_ABOUT.fullmatch(about):
        raise NotOurs
    user, server = (str(_read(each)) if each else "" for each in (asker, guild))
    press = AskPress(user, server, f"{_ASK}{about}" if about else "", model, _read(nanos), private == "p")
    return Action(carried.action), press


def fingerprint(model_id: str) -> str:
    """The name of a model where its id does not fit."""
    return _HASHED + hashlib.sha256(model_id.encode()).hexdigest()[:_HASH_CHARS]


def model_named(carried: str, model_ids: Iterable[str]) -> str:
    """The id of the model that a button names. Raises `NotOurs` for one that is not offered (any more)."""
    if not carried.startswith(_HASHED):
        return carried
    for model_id in model_ids:
        if fingerprint(model_id) == carried:
            return model_id
    raise NotOurs


def _written(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits or _DIGITS[0]


def _read(written: str) -> int:
    if len(written) > _MOST_NUMBER_CHARS or not set(written) <= set(_DIGITS):
        raise NotOurs
    return int(written or "0", len(_DIGITS))
