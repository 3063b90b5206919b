"""What /admin link says: how a team joins another one and its wallet, what that means, and why it does not."""

from collections.abc import Mapping

from core.operations import Reason
from core.text.linking import MINUTES, platform_of, shown_code
from core.text.linking import refused as not_linked
from core.text.linking import wrong_code as wrong

NOTHING_CHANGED = "Nothing was changed."


def code_lines(code: str, team: str) -> tuple[str, ...]:
    """What an admin reads who was given a code."""
    shown = shown_code(code)
    return (
        f"The code is {shown}. Type /admin link {shown} in the workspace that is to share the wallet of {team}, as an "
        "admin there.",
        f"It is good for {MINUTES} minutes and works once. That workspace becomes one of {team}, once an admin on "
        "each side has agreed.",
    )


def _means(stays: str, joins: str) -> tuple[str, ...]:
    return (
        f"{joins} becomes a part of {stays}: one team, one wallet, one monthly ceiling for budget. Its members are "
        f"members of {stays} then, and its admins, those who look after that workspace among them, are admins here.",
        f"What is set there for roles, channels and single members goes along. What is set there for everybody ends: "
        f"the limits, time zone and rules of {stays} count.",
        "Somebody with an account on both sides counts as two, each with limits of their own, until /link makes them "
        "one.",
    )


def asked_lines(stays: str, joins: str, place: str, agrees: str) -> tuple[str, ...]:
    """What an admin reads before they agree."""
    return (
        f"Shall {joins} on {platform_of(place)} share the wallet of {stays}?",
        *_means(stays, joins),
        f"It cannot be undone. Nothing is changed yet: {agrees} agrees.",
    )


def notice_words(stays: str, joins: str, place: str) -> str:
    """What whoever gave the code is asked."""
    return "\n".join(
        (
            f"Your code was typed on {platform_of(place)}: an admin of {joins} wants to share the wallet of {stays}.",
            *_means(stays, joins),
            f"It cannot be undone. If you agree, say so within {MINUTES} minutes: /admin link yes. If not, do nothing.",
        )
    )


def waits_line(stays: str) -> str:
    """What is said to whoever agreed first."""
    return (
        f"Now an admin of {stays} is asked too: by a message there, or with /admin link yes. It waits for {MINUTES} "
        "minutes; nothing is changed before that."
    )


def joined_line(stays: str, joins: str) -> str:
    """What is said when it is done."""
    return f"Done: {joins} is a part of {stays} now, and its questions are paid from the wallet of {stays}."


def wrong_code(left: int) -> str:
    """Of a code that is none."""
    return f"{wrong(left).replace('/link', '/admin link')} {NOTHING_CHANGED}"


_SENTENCES: Mapping[Reason, str] = {
    Reason.NOT_ADMIN: "Only admins of a team can let it share a wallet.",
    Reason.OWN_CODE: "That code is of this team itself: type it in the workspace that is to join.",
    Reason.OTHER_KIND: (
        "That code is for something else, or one of the teams is a demo team or has joined another one: those share no "
        "wallet."
    ),
    Reason.FROZEN: "Asking is paused in one of the teams. Let it go on first.",
    Reason.NOTHING_LEFT: (
        "This team has budget, or has asked something: only a team that has neither joins another one. Take its "
        "top-ups back first, with /undo, if nothing was asked yet."
    ),
    Reason.NOT_DUE: "The other side has not agreed yet: type the code there and agree first.",
}


def refused(reason: Reason) -> str:
    """Why not, in a sentence or two."""
    why = _SENTENCES.get(reason)
    return f"{why} {NOTHING_CHANGED}" if why else not_linked(reason).replace("/link", "/admin link")


NOTHING_WAITS = f"Nothing waits for your word. /admin link gives a code. {NOTHING_CHANGED}"
