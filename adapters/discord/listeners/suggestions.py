"""What is suggested while somebody types: said at once, out of memory."""

import discord
from discord.app_commands import Choice

from adapters.discord.commands.choices import Choices
from adapters.discord.commands.given import typed_of
from adapters.discord.commands.options import Suggests
from adapters.discord.listeners.acknowledged import acknowledged


class Suggestions:
    """Listens to what people type."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices

    async def takes(self, interaction: discord.Interaction) -> bool:
        """Suggest something."""
        if interaction.type is not discord.InteractionType.autocomplete:
            return False
        typed = typed_of(interaction.data or {}, str(interaction.guild_id or ""))
        suggests = Suggests.NOTHING
        if typed is not None:
            options = typed.definition.options
            suggests = next((each.suggests for each in options if each.name == typed.focused), suggests)
        said = typed.given.get(typed.focused, "") if typed is not None else ""
        found = [Choice(name=label, value=value) for label, value in self._choices.for_(suggests, said)]
        await acknowledged(interaction.response.autocomplete(found))
        return True
