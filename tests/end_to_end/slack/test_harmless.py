"""Nothing that anybody writes rings, loads or unfurls in Slack: not an answer, a question, a name, a reason, an error.

Every payload is looked at by the Slack of the tests (tests/slack/mentions.py); what breaks a rule fails the test there.
"""

import pytest

from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, SlackHouse, chipin_in
from tests.end_to_end.slack.test_typed import types
from tests.provider_behaviours import Behaviour, error_inside, good, refusal, status
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack

EVIL = (
    "<!channel> <!here|here> <!everyone> <!subteam^S1> <@U1ANNA> @everyone @here "
    "![x](https://evil.example/x.png) [x](https://evil.example) <https://evil.example|y> `<!channel>`"
)
NAME = "Mallory <!channel> @everyone"


@pytest.mark.parametrize("size", [1, 7, len(EVIL)])
async def test_an_answer_and_its_question(sqlite_url: str, server: ProviderServer, slack: FakeSlack, size: int) -> None:
    """In pieces of any size; in the thread, in a direct message, and as an answer to a command that quotes it."""
    whole = f"Before {EVIL}\n```\n{EVIL}\n```\nAfter"
    server.answer_with(good([whole[start : start + size] for start in range(0, len(whole), size)]))
    async with chipin_in(slack, sqlite_url, server) as house:
        await house.feed.mention(EVIL, user=BEN, channel=GENERAL)
        await house.feed.dm(EVIL, user=BEN)
        await house.feed.command("/ask", f"--here {EVIL}", user=BEN, channel=GENERAL)
        await house.quiet()
        assert len(server.calls) == 3
        shown = [slack.text_of(each) for each in (*house.answers(), *house.answers(f"D{BEN[1:]}"))]
        assert sum("After" in each for each in shown) == 3


@pytest.mark.parametrize(
    "behaviour",
    [refusal(EVIL), error_inside({"message": EVIL}, ["Half."]), status(400, error={"message": EVIL, "type": EVIL})],
)
async def test_what_a_provider_says_of_its_troubles(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, behaviour: Behaviour
) -> None:
    server.answer_with(behaviour)
    async with chipin_in(slack, sqlite_url, server) as house:
        await house.feed.mention("why?", user=BEN, channel=GENERAL)
        await house.quiet()
        assert server.calls


async def test_names_and_reasons(sqlite_url: str, server: ProviderServer, slack: FakeSlack) -> None:
    for user in (ANNA, BEN):
        slack.workspace.users[user].display_name = NAME
    async with chipin_in(slack, sqlite_url, server) as house:
        said = [
            await types(house, line, BEN) for line in (f"/request 3 {EVIL}", "/usage", "/balance", f"/chipin {EVIL}")
        ]
        for line in (f"/topup 25 {EVIL}", "/chipin requests", "/usage", "/chipin admin list", f"/chipin {EVIL}"):
            said.append(await types(house, line, ANNA))
        shown = "\n".join((*said, *everything_shown(house)))
        assert "Mallory" in shown and "evil.example" in shown


def everything_shown(house: SlackHouse) -> list[str]:
    """All that stands anywhere."""
    home = house.slack.workspace
    messages = [each for channel in home.channels for each in home.messages(channel) if each.bot_id]
    return [house.slack.text_of(each) for each in messages] + [house.slack.text_of(each) for each in home.ephemerals]
