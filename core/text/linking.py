"""What /link and /unlink say: how two accounts become one person, what that means, and why they do not."""

from collections.abc import Mapping

from core.defaults import LINK_CODE_MS, MAX_ACCOUNTS, MAX_WRONG_CODES
from core.operations import Reason
from core.text.names import person

MINUTES = LINK_CODE_MS // 60_000
_PART = 5
NOTHING_JOINED = "Nothing was joined."
BOTH_ARE_ME = "I agree"
"""What a button says that agrees."""

MEANS = (
    "From then on you are one person: one quota, one balance and one history on both, whichever you ask by. What both "
    "have used by now counts together, and of limits that are set by name the lower one counts.",
    "Whoever is an admin here by either account is one by both, whoever is paused or gone by either asks by neither.",
)


def shown_code(code: str) -> str:
    """A code as people read it off: "ABCDE-FGHJK"."""
    return "-".join(code[start : start + _PART] for start in range(0, len(code), _PART))


def platform_of(place: str) -> str:
    """The name of a platform, of a place like "slack:T1"."""
    return place.partition(":")[0].title()


def code_lines(code: str) -> tuple[str, ...]:
    """What somebody reads who was given a code."""
    shown = shown_code(code)
    return (
        f"Your code is {shown}. Type /link {shown} on the other platform, where you go by your other account.",
        f"It is good for {MINUTES} minutes and works once. Show it to nobody. Both of your accounts are asked before "
        "anything is joined.",
    )


def asked_lines(here: str, place: str, other: str, other_place: str, agrees: str) -> tuple[str, ...]:
    """What somebody reads before they agree that both are them."""
    return (
        f"Here on {platform_of(place)} you are {here}. The other account is {other} on {platform_of(other_place)}. "
        "Are both you?",
        *MEANS,
        f"Nothing is joined yet: {agrees} says that both are you. If the other one is somebody else, do nothing.",
    )


def notice_words(typed_by: str, place: str, given_by: str, other_place: str) -> str:
    """What whoever gave the code is asked, with members by their ids."""
    return "\n".join(
        (
            f"Your code was typed on {platform_of(place)} by {person(typed_by)}, who says that you are one person with "
            f"{person(given_by)} on {platform_of(other_place)}. Are both you?",
            *MEANS,
            f"If both are you, agree within {MINUTES} minutes: /link yes. If not, do nothing.",
        )
    )


def waits_line(other: str, other_place: str) -> str:
    """What is said to whoever agreed first."""
    return (
        f"Now {other} on {platform_of(other_place)} is asked too: by a message there, or with /link yes. "
        f"It waits for {MINUTES} minutes; nothing is joined before that."
    )


def joined_line(here: str, other: str, other_place: str) -> str:
    """What is said when it is done."""
    return (
        f"Done: {here} and {other} on {platform_of(other_place)} are one person now, with one quota, one balance and "
        "one history. /unlink makes them two again."
    )


def parted_line(name: str, *, own: bool) -> str:
    """What is said when accounts part."""
    whose, who = ("Your accounts", "you") if own else (f"The accounts of {name}", name)
    return (
        f"{whose} are {who} each by itself again. They share one quota until this week and this month are over; what "
        "was asked while they were one stays with the account that gave the code."
    )


def wrong_code(left: int) -> str:
    """Of a code that is none."""
    more = f"{left} more can be wrong in this hour." if left else "That was the last one in this hour."
    return f"There is no such code, or its time is up. {more} /link on the other platform gives a new one."


_SENTENCES: Mapping[Reason, str] = {
    Reason.GUESSED: f"{MAX_WRONG_CODES} codes were wrong. Wait an hour before you type another one.",
    Reason.OVER: f"That code's {MINUTES} minutes are over. /link on the other platform gives a new one.",
    Reason.DECIDED: "That code was used, or somebody else typed it. /link on the other platform gives a new one.",
    Reason.OWN_CODE: "That is your own code: type it on the other platform, where you go by your other account.",
    Reason.UNCHANGED: "Both are one person here already.",
    Reason.SAME_WORKSPACE: "Two accounts of one workspace are two people there, each with a quota of their own.",
    Reason.OTHER_TEAM: (
        "That account is of another team, with a wallet of its own: people are one within a team. Admins can let a "
        "workspace join another one's team first, with /admin link."
    ),
    Reason.OTHER_KIND: "That code is for something else: /link is for people, /admin link for teams.",
    Reason.SUSPENDED: "Who left a platform joins no accounts and parts none. An admin can help: /admin restore.",
    Reason.NOT_DUE: "The other account has not agreed yet: type the code there and agree first.",
    Reason.TOO_MUCH: f"One person has at most {MAX_ACCOUNTS} accounts here.",
    Reason.NOT_ADMIN: "Only admins of the team can do that.",
}


def refused(reason: Reason) -> str:
    """Why not, in a sentence or two."""
    why = _SENTENCES.get(reason, "That code is not here any more. /link on the other platform gives a new one.")
    return f"{why} {NOTHING_JOINED}"


NOTHING_WAITS = (
    "Nothing waits for your word. Type /link for a code, type it on the other platform and agree there first. "
    f"{NOTHING_JOINED}"
)


def nothing_to_part(name: str, *, own: bool) -> str:
    """Of somebody who has one account."""
    return f"{'You have' if own else f'{name} has'} one account here. Nothing was changed."


NOT_PARTED = "Only admins can part somebody else's accounts. Nothing was changed."
