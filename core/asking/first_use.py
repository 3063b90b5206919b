"""What somebody is told before their first ask, once: where questions go, what they cost, and who sees what."""

from core.asking.spending import Till
from core.events import FirstUse
from core.ids import new_id
from core.models import Model
from core.operations import Refused, Welcome
from core.people import Member
from core.policy import Ruling
from core.routing.candidates import ruled_out
from core.routing.rules import Rules
from core.text.first_use import first_use_lines


async def first_use(
    member: Member, ruling: Ruling, offered: tuple[Model, ...], rules: Rules, till: Till
) -> FirstUse | None:
    """The notice, if this is their first ask and they may ask at all; of several first asks at once one has it."""
    if member.welcomed or not ruling.may_ask:
        return None
    welcome = Welcome(
        id=new_id("welcome", till.clock.now()),
        wallet_id=member.team.wallet_id,
        team_id=member.team.id,
        member_id=member.id,
    )
    if isinstance(await till.books.apply(welcome), Refused):
        return None
    answering = tuple(model for model in offered if ruled_out(model, rules) is None)
    return FirstUse(first_use_lines(answering, ruling, confirm_above_nanos=till.settings.confirm_above_nanos))
