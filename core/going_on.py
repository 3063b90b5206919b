"""Threads that Chipin answered in: whether they go on without a mention, and what runs in them."""

from core.people import Place
from core.ports import PreferenceBooks, ThreadBooks
from core.preferred import ON, goes_on_in


class GoingOn:
    """Reads how threads stand. Nothing is asked of a platform for it."""

    def __init__(self, threads: ThreadBooks, preferences: PreferenceBooks) -> None:
        self._threads = threads
        self._preferences = preferences

    async def goes_on(self, place: Place) -> bool:
        """Whether what is said in this thread is said to Chipin: it answered there, and the channel goes on by itself.

        Raises a `BooksFailed`.
        """
        team_id = await self._threads.answered_for(place)
        return bool(team_id) and await self.chosen(team_id, place)

    async def chosen(self, team_id: str, place: Place) -> bool:
        """Whether threads of this channel go on by themselves, as the team's admins chose. Raises a `BooksFailed`."""
        return (await self._preferences.of(team_id, team_id)).get(goes_on_in(place)) == ON

    async def running_in(self, place: Place) -> tuple[str, ...]:
        """The asks of a thread that are not over, whichever process runs them. Raises a `BooksFailed`."""
        return await self._threads.running(place)
