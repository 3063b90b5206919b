"""The team's time zone at the terminal: /admin zone."""

from adapters.terminal.people import People
from adapters.terminal.screen import Screen
from core.text.zones import zone_lines, zone_set_lines
from core.zones import Zones


class ZoneDesk:
    """Answers whoever asks for the zone, or sets it."""

    def __init__(self, zones: Zones, screen: Screen, people: People) -> None:
        self._zones = zones
        self._screen = screen
        self._people = people

    async def zone(self, typed: str) -> None:
        """Show it, or with a name set it."""
        member = await self._people.member()
        lines = zone_set_lines(await self._zones.set(member, typed)) if typed else zone_lines(self._zones.of(member))
        for line in lines:
            self._screen.write(f"{line}\n")
