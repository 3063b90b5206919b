"""The address by which the bot is added to a server, and what it asks to be permitted there."""

from collections.abc import Mapping

import discord

SCOPES = ("bot", "applications.commands")
NAMES: Mapping[str, str] = {
    "read_messages": "View Channels",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "create_public_threads": "Create Public Threads",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}
"""What is used, by discord.py's names and as Discord shows them. A test derives it from what is called."""
USED = discord.Permissions(**dict.fromkeys(NAMES, True))


def invite_address(application_id: str) -> str:
    """Opened in a browser by whoever may manage a server, and owns the bot where it is private."""
    return discord.utils.oauth_url(application_id, permissions=USED, scopes=SCOPES)


def missing_in(granted: discord.Permissions) -> tuple[str, ...]:
    """What is not permitted of it, as Discord shows it."""
    if granted.administrator:
        return ()
    return tuple(shown for name, shown in NAMES.items() if not getattr(granted, name))
