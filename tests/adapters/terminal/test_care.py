"""A secret in a question, and a first question, as the terminal shows them."""

from tests.adapters.terminal.house import DEMO, open_house

CARD = "4111 1111 1111 1111"


async def test_remove_asks_without_it_and_the_conversation_goes_on_without_it(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.screen.ready()
        shown = await terminal.says(f"why is {CARD} declined?")
        assert "a card number that ends in 1111" in shown and CARD not in shown
        assert "/remove asks without it, /send sends it as it is." in shown
        assert house.provider.calls == []
        shown = await terminal.says("/remove")
        assert "Removed before it was sent: a card number that ends in 1111." in shown and "It depends." in shown
        await terminal.says("and now?")
        assert [message.text for message in house.provider.calls[-1].messages[1:]] == [
            "why is [card number] declined?",
            "It depends.",
            "and now?",
        ]


async def test_send_sends_it_once_and_only_that_question(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says(f"why is {CARD} declined?")
        assert "It depends." in await terminal.says("/send")
        assert house.provider.calls[-1].messages[-1].text == f"why is {CARD} declined?"
        await terminal.says("and now?")
        assert CARD not in "".join(message.text for message in house.provider.calls[-1].messages)
        assert "/remove asks without it" in await terminal.says(f"why is {CARD} declined?")


async def test_a_price_says_that_asking_will_wait(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.screen.ready()
        assert "before it is sent, you are asked" in await terminal.says(f"/price why is {CARD} declined?")
        assert "/remove asks without it" in await terminal.says("/yes")


async def test_without_a_secret_there_is_nothing_to_remove_or_send(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.screen.ready()
        for line in ("/remove", "/send"):
            terminal.screen.shown()
            assert await terminal.says(line) == "No question of yours waits with a secret in it.\n"


async def test_a_first_question_is_preceded_by_what_it_means_once(sqlite_url: str) -> None:
    async with open_house(sqlite_url, newcomers=True) as house, house.terminal(DEMO) as terminal:
        await terminal.screen.ready()
        terminal.screen.shown()
        first = await terminal.says("what is a deadlock?")
        assert first.startswith("Before your first question, once:\n") and "It depends." in first
        assert "Before your first question" not in await terminal.says("and now?")
        await terminal.says("/as Ben")
        assert "Before your first question" in await terminal.says("what is a deadlock?")
