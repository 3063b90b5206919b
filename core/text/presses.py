"""What whoever presses a button reads where it does nothing, the same in every chat that has buttons."""

from core.text.wording import NOT_CHARGED

NOT_YOURS = f"That is for somebody else to press. Nothing was done. {NOT_CHARGED}"
NOT_READABLE = f"This button is of another version of Chipin, so nothing was done. {NOT_CHARGED}"
NOTHING_DONE = "Nothing was done."
BUSY = f"Chipin has more to do than it can, so nothing was done. Try again in a minute. {NOT_CHARGED}"
NOTHING_TO_STOP = "There is nothing to stop: that answer has ended, or is not yours."
NOT_RATED = "Only whoever asked can say that of an answer."
