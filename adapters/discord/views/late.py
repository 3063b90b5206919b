"""What stands under an answer that is told later."""

from dataclasses import replace

from adapters.discord.views.answer import AGAIN, DETAILS, Footer, pressed
from adapters.discord.views.carried import Action, AskPress
from adapters.discord.views.shown import PRIMARY, Json
from core.announcement import Announcement


def late_footer(announcement: Announcement) -> Footer:
    """The receipt, and what can be pressed: by whoever asked it alone."""
    by = AskPress(
        asker=announcement.to.user if announcement.to is not None else "",
        guild_id=announcement.place.workspace,
        private=not announcement.place.thread,
    )
    buttons: list[Json] = []
    if announcement.press:
        buttons.append(pressed(AGAIN, Action.AGAIN, replace(by, about=announcement.press), style=PRIMARY))
    if announcement.answer:
        buttons.append(pressed(DETAILS, Action.DETAILS, replace(by, asker="", about=announcement.ask_id)))
    return Footer((announcement.footer,) if announcement.footer else (), tuple(buttons))
