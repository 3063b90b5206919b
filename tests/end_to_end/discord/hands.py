"""Short words for what people type and press, and for what they read then."""

from typing import Any

from core.money import NANOS_PER_USD
from tests.discord.interactions import Interaction
from tests.discord.people import User
from tests.discord.reading import found, text_of
from tests.discord.state import Message
from tests.end_to_end.discord.house import DiscordHouse
from tests.waiting import until


async def knows_commands(house: DiscordHouse) -> None:
    """Until Discord has been told the commands."""
    await until(lambda: bool(house.feed.offers(house.town.anna, house.town.general)))


async def types(house: DiscordHouse, user: User, command: str, **given: Any) -> Interaction:
    """Somebody types a command in #general; it is over when this returns. Anything can be sent, whatever is offered."""
    await knows_commands(house)
    typed = await house.feed.command(command, given, user=user, channel=house.town.general, forged=True)
    await house.quiet()
    return typed


async def presses(house: DiscordHouse, user: User, on: Message, what: str, *, forged: bool = False) -> Interaction:
    """Somebody presses a button, by its label or what it carries; it is over when this returns."""
    pressed = await house.feed.press(on, what, user=user, forged=forged)
    await house.quiet()
    return pressed


def told(interaction: Interaction) -> str:
    """Everything that is read because of it."""
    return "\n".join(text_of(each) for each in interaction.said)


def carried(message: Message, label: str) -> str:
    """What a button carries, to press it after it has gone."""
    return str(found(message.components, label)["custom_id"])


async def balance(house: DiscordHouse) -> int:
    """What the team's wallet comes to, in dollars; a begun one counts, as asks take fractions of a cent."""
    anna = await house.member(house.town.anna)
    assert anna is not None
    report = await house.app.use_cases.balances._reports.wallet(anna.team.wallet_id)
    return -(-report.balance_nanos // NANOS_PER_USD)
