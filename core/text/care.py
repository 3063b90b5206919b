"""What is said about what looks like a secret in a question. It never repeats more of it than its last characters."""

from collections.abc import Sequence

from core.secrets import Secret
from core.text.wording import NOT_CHARGED, listing

MOST_NAMED = 3
_AN = ("A", "E", "I", "O", "U")


def needs_care(found: Sequence[Secret], *, may_send: bool) -> str:
    """The question before it is sent."""
    choice = (
        "Your question can be sent without that, or as it is."
        if may_send
        else "Your question can be sent without that; your team's rules do not let it be sent as it is."
    )
    return f"There seems to be {_named(found)} in your question, so nothing was sent. {choice} {NOT_CHARGED}"


def will_ask(found: Sequence[Secret]) -> str:
    """Said beside a price."""
    return f"There seems to be {_named(found)} in it: before it is sent, you are asked whether to remove that."


def removed(found: Sequence[Secret]) -> str:
    """Said where the choice was to remove it."""
    return f"Removed before it was sent: {_named(found)}."


def _named(found: Sequence[Secret]) -> str:
    said = [_one(secret) for secret in found[:MOST_NAMED]]
    more = len(found) - len(said)
    return " and ".join([", ".join(said), f"{more} more"]) if more else listing(said)


def _one(secret: Secret) -> str:
    article = "an" if secret.kind.value.startswith(_AN) else "a"
    return f"{article} {secret.kind}" + (f" that ends in {secret.tail}" if secret.tail else "")
