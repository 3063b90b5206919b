"""What was pressed, read off discord.py's interaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import discord

from adapters.discord.origin import Origin, of_interaction
from adapters.discord.views.custom_ids import Carried


@dataclass(frozen=True, slots=True)
class Press:
    """A button, what it carries, and the texts of the message it stands under, as they were written.

    `key` is of this very press, however often Discord tells of it. `is_private`: one person alone sees the message.
    `stands`: the button stands in it, as Discord tells of the message with the press; else it has gone, or never did.
    """

    origin: Origin
    carried: Carried
    said: tuple[str, ...]
    is_private: bool
    stands: bool
    key: str

    @property
    def about(self) -> str:
        """The id that it is about; empty where there is none."""
        return self.carried.fields[0] if self.carried.fields else ""


def pressed_of(interaction: discord.Interaction, carried: Carried, now_seconds: float) -> Press:
    """The press."""
    message, data = interaction.message, cast("Mapping[str, Any]", interaction.data or {})
    return Press(
        origin=of_interaction(interaction, now_seconds),
        carried=carried,
        said=texts_of(message),
        is_private=message is None or message.flags.ephemeral or interaction.guild_id is None,
        stands=message is not None and data.get("custom_id") in list(_pressable(message.components)),
        key=key_of(interaction),
    )


def key_of(interaction: discord.Interaction) -> str:
    """The same for the same interaction, however often it comes."""
    return f"discord interaction {interaction.id}"


def texts_of(message: discord.Message | None) -> tuple[str, ...]:
    """The texts of a message, as they were written."""
    if message is None:
        return ()
    return (*([message.content] if message.content else []), *_texts(message.components))


def _texts(components: Iterable[object]) -> Iterable[str]:
    for each in components:
        if isinstance(each, discord.TextDisplay):
            yield each.content
        elif isinstance(each, discord.Container):
            yield from _texts(each.children)


def _pressable(components: Iterable[object]) -> Iterable[str | None]:
    """What the buttons among these carry."""
    for each in components:
        if isinstance(each, discord.Button):
            yield each.custom_id
        elif isinstance(each, discord.Container | discord.ActionRow):
            yield from _pressable(each.children)
