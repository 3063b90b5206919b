"""What /forget takes away and what it leaves, in words, before and after."""

_STAYS = (
    "What stays: amounts, models, limits and tags of the team's rules, under a number. Until this week and this month "
    "are over a code stays too, by which {they} would be known again: nobody gets a fresh limit this way, and who is "
    "paused stays paused.",
    "What was said in a chat is the chat's own. Backups that were made before keep all of it until they are deleted.",
)
NO_OTHER_ADMIN = "There is no other admin: name one first, with /admin add NAME, or nobody here is one."


def before_lines(name: str, *, own: bool, last_admin: bool) -> tuple[str, ...]:
    """What is said before somebody agrees. `name` is the one who would be forgotten."""
    erased = (
        "This erases your name, who you are on every platform, what is kept of your questions, the tags that you "
        "typed, where you asked them, what you were told, and the reasons you gave for more budget."
        if own
        else f"This erases the name of {name}, who they are on every platform, what is kept of their questions, the "
        "tags that they typed, where they asked them, what they were told, and the reasons they gave for more budget."
    )
    stays = (line.format(they="you" if own else "they") for line in _STAYS)
    warned = [NO_OTHER_ADMIN] if last_admin else []
    return (erased, *stays, *warned, "It cannot be undone.")


def after_line(name: str, *, own: bool, on_disk: bool) -> str:
    """What is said when it is done."""
    whom = "You are" if own else f"{name} is"
    files = (
        "Nothing of it stands in the books any more."
        if on_disk
        else "Within minutes nothing of it stands in the files of the books either; somebody is reading them now."
    )
    again = " If you go on here, you are known again, with what you have used." if own else ""
    return f"{whom} forgotten. {files}{again}"
