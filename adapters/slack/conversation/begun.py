"""Threads that begin with a question to a command, quoted by Chipin: the books do not know them by their name."""

from adapters.slack.conversation.threads import Threads, is_ours, part_of
from adapters.slack.origin import Origin
from adapters.slack.workspaces import PLATFORM, Workspaces
from core.going_on import GoingOn
from core.membership import Membership
from core.people import Identity

MOST_KNOWN = 1_000


class BegunByCommands:
    """Says whether such a thread goes on without a mention. Nobody is enrolled by a reply."""

    def __init__(self, membership: Membership, going_on: GoingOn, workspaces: Workspaces, threads: Threads) -> None:
        self._membership = membership
        self._going_on = going_on
        self._workspaces = workspaces
        self._threads = threads
        self._known: dict[tuple[str, str, str], None] = {}

    async def goes_on(self, origin: Origin) -> bool:
        """Whether the thread of a reply begins with a quoted question, where somebody known replies and the channel
        goes on by itself. Raises a `BooksFailed` or a `SlackFailed`.
        """
        member = await self._membership.known(Identity(PLATFORM, origin.team_id, origin.user_id, ""))
        if member is None or not await self._going_on.chosen(member.team.id, origin.place):
            return False
        thread = (origin.team_id, origin.channel_id, origin.thread_ts)
        if thread not in self._known and not await self._begins_with_a_question(origin):
            return False
        self._known[thread] = None
        while len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]
        return True

    async def _begins_with_a_question(self, origin: Origin) -> bool:
        workspace = await self._workspaces.of(origin.team_id)
        if workspace is None:
            return False
        root = await self._threads.message(workspace, origin.channel_id, origin.thread_ts, origin.thread_ts)
        return root is not None and is_ours(root, workspace) and part_of(root) == 0
