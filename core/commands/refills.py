"""/admin refill, and the button under its notice."""

from core.commands.money import recorded
from core.commands.speaking import Reply, Speaker, said
from core.refill_rule import Refilled
from core.text import refills as words
from core.use_cases import UseCases

OFF, YES = "off", "yes"


class Refills:
    """Answers about the refill rule."""

    def __init__(self, use_cases: UseCases) -> None:
        self._use_cases = use_cases

    async def rule(self, speaker: Speaker, typed: str) -> Reply:
        """Show the rule, set it, take it away, or with "yes" add what it offers now."""
        refills, admin = self._use_cases.refills, speaker.member
        match typed.strip().casefold():
            case "":
                return said(words.state_lines(await refills.state(admin)))
            case word if word == OFF:
                return said([words.TAKEN_AWAY if await refills.take_away(admin) else words.NO_RULE_TO_TAKE])
            case word if word == YES:
                return await self._told(await refills.agree(admin, announced=speaker.announces))
            case _:
                return said(words.set_lines(await refills.set(admin, typed)))

    async def press(self, speaker: Speaker, carried: str) -> Reply:
        """Add what a notice's button offers."""
        return await self._told(
            await self._use_cases.refills.press(speaker.member, carried, announced=speaker.announces)
        )

    async def _told(self, done: Refilled) -> Reply:
        if done.again:
            already = words.added_already(done.amount_nanos, done.balance_before_nanos, done.balance_nanos)
            return Reply((already,), top_up_id=done.top_up_id if done.undoable else "")
        return await recorded(self._use_cases, done)
