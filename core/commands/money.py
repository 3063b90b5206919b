"""/balance, /usage, /topup and /undo."""

from contextlib import suppress

from core.commands.speaking import Reply, Speaker, TopUpWaits, said
from core.errors import BadInput, BooksFailed
from core.models import PRACTICE, titles_of
from core.preferred import ON, WEEKLY
from core.refill_rule import Refilled
from core.text import usage, wallet
from core.text.forecast import forecast_line
from core.text.neutralise import for_terminal
from core.text.typed import split_amount
from core.text.usage import usage_lines
from core.topup import Recorded, Unusual
from core.usage_asked import asked_from
from core.use_cases import UseCases

SWITCH = {"on": ON, "off": ""}


class Money:
    """Answers about wallet and month."""

    def __init__(self, use_cases: UseCases) -> None:
        self._use_cases = use_cases

    async def balance(self, speaker: Speaker, _: str) -> Reply:
        """The speaker's month and the team wallet; for admins what the month will come to, once that can be told."""
        lines = wallet.balance_lines(await self._use_cases.balances.of(speaker.member, speaker.place))
        if not speaker.member.admin:
            return said(lines)
        month = await self._use_cases.forecasts.of(speaker.member.team)
        return said(lines if month.forecast_nanos is None else (*lines, forecast_line(month)))

    async def usage(self, speaker: Speaker, typed: str) -> Reply:
        """What was asked and spent: by whom, by what, when; or whether one's own numbers come by direct message."""
        first, _, rest = typed.strip().casefold().partition(" ")
        if first == WEEKLY:
            return said([await self._weekly(speaker, rest.strip())])
        used = await self._use_cases.usages.of(speaker.member, asked_from(typed))
        titles = titles_of(self._use_cases.catalogue.models)
        return said(usage_lines(used, titles, speaker.names.channel))

    async def _weekly(self, speaker: Speaker, switch: str) -> str:
        if switch not in ("", *SWITCH):
            raise BadInput(usage.WEEKLY_HOW)
        preferences, sent = self._use_cases.preferences, SWITCH.get(switch, "")
        if not switch:
            sent = (await preferences.of(speaker.member)).get(WEEKLY, "")
            told = usage.WEEKLY_IS_ON if sent else usage.WEEKLY_IS_OFF
        elif not await preferences.set(speaker.member, WEEKLY, sent):
            told = usage.WEEKLY_SAME
        else:
            told = usage.WEEKLY_ON if sent else usage.WEEKLY_OFF
        standing = await self._use_cases.digests.standing(speaker.member.team)
        return f"{told} {usage.NO_DIGEST}" if sent and standing.settings.schedule is None else told

    async def top_up(self, speaker: Speaker, typed: str) -> Reply:
        """Record budget: an amount and a reason."""
        amount, reason = split_amount(typed)
        # PostgreSQL keeps no NUL in a text, and nobody else wants the others either
        return await self.record(speaker, TopUpWaits(amount, for_terminal(reason), speaker.key), confirmed=False)

    async def record(self, speaker: Speaker, top_up: TopUpWaits, *, confirmed: bool) -> Reply:
        """Record it; what is unusual waits for agreement first."""
        done = await self._use_cases.top_ups.record(
            speaker.member,
            top_up.amount,
            top_up.reason,
            confirmed=confirmed,
            announced=speaker.announces,
            request_key=top_up.key,
        )
        if isinstance(done, Unusual):
            waits = f"{done.sentence} Nothing is recorded yet: {speaker.agrees} records it."
            return Reply((waits,), waits=top_up)
        return await recorded(self._use_cases, done)

    async def undo(self, speaker: Speaker, _: str = "", *, top_up_id: str = "") -> Reply:
        """Take the last top-up back, or the one whose button was pressed."""
        done = await self._use_cases.top_ups.undo(speaker.member, top_up_id)
        return said(
            [
                wallet.taken_back(
                    amount_nanos=done.amount_nanos, top_up_nanos=done.top_up_nanos, after_nanos=done.balance_nanos
                )
            ]
        )


async def recorded(use_cases: UseCases, done: Recorded | Refilled) -> Reply:
    """What is said of budget that came in; requests that waited for it are closed."""
    with suppress(BooksFailed):  # it is recorded all the same; the next round closes what waited for it
        await use_cases.budget_requests.run()
    sentence = wallet.recorded(
        amount_nanos=done.amount_nanos,
        before_nanos=done.balance_before_nanos,
        after_nanos=done.balance_nanos,
        practice=PRACTICE in use_cases.catalogue.providers,  # it is never there beside a real one
    )
    return Reply((sentence,), top_up_id=done.top_up_id)
