"""Takes the power out of text that a model or a person wrote, before a chat shows it.

Slack's forms are in neutralise_slack.py and Discord's in neutralise_discord.py: what their Markdown means depends on
what stands around.
"""

from core.text.neutralise_discord import DiscordNeutraliser, for_discord, for_discord_plain
from core.text.neutralise_slack import SlackNeutraliser, for_slack, for_slack_mrkdwn, for_slack_text, for_slack_words

__all__ = [
    "DiscordNeutraliser",
    "SlackNeutraliser",
    "for_discord",
    "for_discord_plain",
    "for_slack",
    "for_slack_mrkdwn",
    "for_slack_text",
    "for_slack_words",
    "for_terminal",
]

_PICTURES_OF_CONTROLS = 0x2400
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# One character at a time and no memory: that is why an escape sequence that comes in two pieces does not get through.
_FOR_TERMINAL: dict[int, str] = {
    **{code: chr(_PICTURES_OF_CONTROLS + code) for code in range(0x20)},
    **dict.fromkeys((*range(0x80, 0xA0), *range(0xD800, 0xE000)), _REPLACEMENT),  # C1 controls, lone surrogates
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), ""),  # they show text in another order
    ord("\x7f"): "\N{SYMBOL FOR DELETE}",
    ord("\u2028"): "\n",
    ord("\u2029"): "\n",
    ord("\n"): "\n",
    ord("\t"): "\t",
    ord("\r"): "",  # alone it would write over what stands in the line
}


def for_terminal(text: str) -> str:
    """Text that can only be read: no character of it moves a cursor, rings, or cannot be written out.

    Every character stands for itself, so pieces may be cut anywhere: `f(a) + f(b) == f(a + b)`. Line ends and tabs
    stay, other control characters become their pictures.
    """
    return text.translate(_FOR_TERMINAL)
