"""/mydata and /forget at the terminal."""

import json

from tests.adapters.terminal.house import open_house


async def test_forget_says_what_goes_and_waits_for_yes(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("/as Ben")
        await terminal.says("what is a deadlock?")
        said = await terminal.says("/forget")
        assert said.startswith("This erases your name, ") and "What stays: amounts" in said and "Backups" in said
        assert "Nothing is erased yet: /yes forgets you." in said and "no other admin" not in said
        done = await terminal.says("/yes")
        assert done == (
            "You are forgotten. Nothing of it stands in the books any more. "
            "If you go on here, you are known again, with what you have used.\n"
        )
        assert "0.018 cents of your $5.00 used" in await terminal.says("/balance")
        await terminal.says("and now?")
        assert len(house.provider.calls[-1].messages) == 2  # nothing of the conversation before


async def test_an_admin_forgets_somebody_else_and_a_member_may_not(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("/as Ben")
        assert "Only admins" in await terminal.says("/forget you")
        await terminal.says("/as you")
        assert 'There is no member "zoe"' in await terminal.says("/forget zoe")
        assert "This erases the name of Ben" in await terminal.says("/forget ben")
        assert (await terminal.says("/yes")).startswith("Ben is forgotten.")
        assert "Ben" not in await terminal.says("/limit")


async def test_who_is_no_admin_any_more_when_they_agree_forgets_nobody(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        for line in ("/as Ben", "/balance", "/as Cleo", "/balance", "/as you", "/admin add Cleo", "/as Cleo"):
            await terminal.says(line)
        assert "/yes forgets Ben" in await terminal.says("/forget Ben")
        for line in ("/as you", "/admin remove Cleo", "/as Cleo"):
            await terminal.says(line)
        assert "Only admins can have somebody else" in await terminal.says("/yes")
        await terminal.says("/as you")
        assert "Ben" in await terminal.says("/limit")


async def test_the_only_admin_is_warned(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.screen.ready()
        assert "There is no other admin: name one first" in await terminal.says("/forget")


async def test_my_data_is_one_json_object(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("what is a deadlock?")
        told = json.loads(await terminal.says("/mydata"))
        assert [row["display_name"] for row in told["member"]] == ["you"]
        assert [(row["state"], row["model"]) for row in told["asks"]] == [("settled", "test-model")]
        assert "deadlock" not in json.dumps(told)
