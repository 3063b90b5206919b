"""What is said of buttons, the same in every chat that has them: above all where one does nothing."""

from core.text.wording import NOT_CHARGED

NOT_YOURS = f"That is for somebody else to press. Nothing was done. {NOT_CHARGED}"
NOT_READABLE = f"This button is of another version of Chipin, so nothing was done. {NOT_CHARGED}"
NOTHING_DONE = "Nothing was done."
BUSY = f"Chipin has more to do than it can, so nothing was done. Try again in a minute. {NOT_CHARGED}"
AGREES = "the button below"
"""What agreeing is called."""
NOTHING_TO_STOP = "There is nothing to stop: that answer has ended, or is not yours."
NOT_RATED = "Only whoever asked can say that of an answer."


def decided_by(outcome: str, name: str) -> str:
    """What became of a request, for everybody who sees its card."""
    return f"{outcome} Decided by {name}."


def undone_by(outcome: str, name: str) -> str:
    """The same of a top-up that was taken back."""
    return f"{outcome} Undone by {name}."


def more_wait(number: int) -> str:
    """Under the requests that there is room for."""
    return f"{number} more wait behind these."
