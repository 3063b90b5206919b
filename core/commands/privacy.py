"""What is known of somebody: /mydata and /forget."""

from core.commands.speaking import Document, ForgetWaits, Reply, Speaker
from core.forgetting import Warned
from core.text import forgetting as words
from core.use_cases import UseCases


class Privacy:
    """Shows people what is known of them, and forgets them or somebody else."""

    def __init__(self, use_cases: UseCases) -> None:
        self._forgetting = use_cases.forgetting
        self._own_data = use_cases.own_data

    async def my_data(self, speaker: Speaker, _: str) -> Reply:
        """Everything about the speaker, as JSON."""
        pieces = self._own_data.of(speaker.member)
        return Reply(documents=(Document("mydata.json", "application/json", pieces, shown_here=True),))

    async def forget(self, speaker: Speaker, typed: str) -> Reply:
        """Say what would go and what would stay."""
        whom = await self._forgetting.whom(speaker.member, typed)
        name, last_admin = whom.member.display_name, Warned.LAST_ADMIN in whom.warned
        lines = words.before_lines(name, own=whom.own, last_admin=last_admin)
        waits = f"Nothing is erased yet: {speaker.agrees} forgets {'you' if whom.own else name}."
        return Reply((*lines, waits), waits=ForgetWaits(whom.member.id))

    async def forget_agreed(self, speaker: Speaker, agreed: ForgetWaits) -> Reply:
        """Do it."""
        done = await self._forgetting.forget_one(speaker.member, agreed.member_id)
        name = done.member.display_name
        return Reply((words.after_line(name, own=done.own, on_disk=done.on_disk),), forgotten=name)
