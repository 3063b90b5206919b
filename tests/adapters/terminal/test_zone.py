"""/admin zone at the terminal."""

from tests.adapters.terminal.house import open_house


async def test_an_admin_sets_the_zone_and_everybody_sees_it(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.screen.ready()
        assert "time zone is Asia/Kolkata now" in await terminal.says("/admin zone Asia/Kolkata")
        await terminal.says("/as Ben")
        assert "time zone is Asia/Kolkata." in await terminal.says("/admin zone")
        assert "Only admins" in await terminal.says("/admin zone UTC")
