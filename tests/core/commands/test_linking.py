"""One person on two platforms: /link and /unlink, as typed and as pressed."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from core.announcement import Announcement, Notice
from core.commands.answers import Answers
from core.commands.carried import agreed_from, agreed_value
from core.commands.speaking import LinkWaits, Reply, Speaker
from core.errors import BadInput, NotAllowed
from core.operations import Enrol
from core.people import Asker, Identity, Place
from tests.adapters.terminal.house import DEFAULTS, House, open_house
from tests.bookkeeping import claim, delivered, hold, line, settle, top_up
from tests.core.commands.test_answers import NoNames

SLACK, DISCORD = Place("slack", "T1", "C1"), Place("discord", "G1", "9")
NAMES = {SLACK: ("U1", "Anna"), DISCORD: ("77", "anna_42")}


@dataclass
class Phone:
    """`core.ports.Announcer` of somebody on Slack."""

    told: list[Notice] = field(default_factory=list)
    platform: str = "slack"
    workspaces: tuple[str, ...] = ("T1",)
    admin_workspaces: tuple[str, ...] = ()

    async def tell_admins(self, notice: Notice) -> bool:
        """Nobody here is one."""
        return False

    async def tell_member(self, notice: Notice) -> bool:
        """Hear it."""
        self.told.append(notice)
        return True

    async def announce(self, announcement: Announcement) -> bool:
        """Nothing ends here."""
        return False


@pytest_asyncio.fixture
async def house(sqlite_url: str) -> AsyncIterator[House]:
    """A team with a Slack workspace and a Discord server."""
    async with open_house(sqlite_url) as house:
        await speaks(house, SLACK)
        team = (await house.people.teams())[0]
        user, name = NAMES[DISCORD]
        join: dict[str, Any] = {"admin": False, "demo": False, "zone": "UTC", "member_month_limit_nanos": 0}
        await house.store.books.apply(
            Enrol(
                id="join",
                wallet_id=team.wallet_id,
                team_id=team.id,
                member_id="mbr_discord",
                workspace="discord:G1",
                identity=f"discord:G1/{user}",
                display_name=name,
                team_name=team.name,
                **join,
            )
        )
        yield house


async def speaks(house: House, place: Place, *, admin: bool = False) -> Speaker:
    """Whoever speaks there, as they are known now."""
    user, name = NAMES[place]
    asker = Asker(admin=admin)
    member, _ = await house.use_cases.membership.member(
        Identity(place.platform, place.workspace, user, name), DEFAULTS, admin=admin, asker=asker
    )
    return Speaker(member, place, NoNames(), key="key", agrees="/yes")


async def types(house: House, place: Place, command: str, typed: str = "", **fields: Any) -> Reply:
    return await Answers(house.use_cases).by_name[command](await speaks(house, place, **fields), typed)


async def presses(house: House, place: Place, reply: Reply) -> Reply:
    assert isinstance(reply.waits, LinkWaits)
    agreed = agreed_from(agreed_value(reply.waits, "U1"))
    assert agreed is not None
    return await Answers(house.use_cases).agree(await speaks(house, place), agreed.waits)


async def code_of(house: House, place: Place = SLACK) -> str:
    (shown,) = set(re.findall(r"[0-9A-Z]{5}-[0-9A-Z]{5}", "\n".join((await types(house, place, "/link")).lines)))
    return str(shown)


async def become_one(house: House) -> str:
    await presses(house, DISCORD, await types(house, DISCORD, "/link", await code_of(house)))
    return "\n".join((await types(house, SLACK, "/link", "yes")).lines)


async def test_both_sides_see_both_names_and_agree(house: House) -> None:
    code = await code_of(house)
    asked = await types(house, DISCORD, "/link", code.lower().replace("-", " "))
    assert asked.lines[0] == ("Here on Discord you are anna_42. The other account is Anna on Slack. Are both you?")
    assert "/yes says that both are you" in asked.lines[-1]
    first = await presses(house, DISCORD, asked)
    assert first.lines == (
        "Now Anna on Slack is asked too: by a message there, or with /link yes. It waits for 10 minutes; nothing is "
        "joined before that.",
    )
    assert (await speaks(house, DISCORD)).member.id == "mbr_discord"
    phone = Phone()
    await house.use_cases.notices.run(phone)
    (told,) = phone.told
    assert told.to is not None
    assert (told.to.user, told.link != "") == ("U1", True)
    assert told.words.startswith(
        "Your code was typed on Discord by anna_42, who says that you are one person with Anna on Slack. Are both you?"
    )
    done = await presses(house, SLACK, Reply(waits=LinkWaits(told.link)))
    assert done.lines[0].startswith("Done: Anna and anna_42 on Discord are one person now")
    anna = (await speaks(house, SLACK)).member
    also = (await speaks(house, DISCORD)).member
    assert (also.id, also.display_name, also.seen_as, also.ids) == (anna.id, "Anna", "anna_42", anna.ids)


async def test_who_has_no_message_types_it(house: House) -> None:
    with pytest.raises(BadInput, match="Nothing waits for your word"):
        await types(house, SLACK, "/link", "yes")
    await presses(house, DISCORD, await types(house, DISCORD, "/link", await code_of(house)))
    again = await types(house, SLACK, "/link")
    assert again.lines[0] == "Here on Slack you are Anna. The other account is anna_42 on Discord. Are both you?"
    assert (await presses(house, SLACK, again)).lines[0].startswith("Done: ")


@pytest.mark.parametrize(
    ("by", "typed", "said"),
    [
        (DISCORD, "ABCDE-FGHJK", "There is no such code, or its time is up. 4 more can be wrong"),
        (DISCORD, "x" * 5000, "There is no such code"),
        (SLACK, "{code}", "That is your own code"),
    ],
)
async def test_a_code_that_is_not_taken_is_answered_in_a_sentence(
    house: House, by: Place, typed: str, said: str
) -> None:
    code = await code_of(house)
    with pytest.raises(BadInput, match=f"{said}.*Nothing was joined"):
        await types(house, by, "/link", typed.format(code=code))


async def test_two_accounts_of_one_workspace_stay_two(house: House) -> None:
    await become_one(house)
    there = Place("slack", "T1", "C9")
    NAMES[there] = ("U2", "Ben")
    code = await code_of(house, there)
    with pytest.raises(BadInput, match="Two accounts of one workspace are two people"):
        await types(house, DISCORD, "/link", code)


async def test_what_is_spent_on_one_is_gone_on_the_other_at_once(house: House) -> None:
    slack, discord = (await speaks(house, SLACK)).member, (await speaks(house, DISCORD)).member
    where: dict[str, Any] = {"wallet_id": slack.team.wallet_id}
    books, team = house.store.books, {"team_id": slack.team.id}
    await books.apply(top_up("budget", 10**9, **where, **team, actor=slack.id))
    for member, ask, nanos in ((slack, "a", 3 * 10**8), (discord, "b", 2 * 10**8)):
        await books.apply(claim(ask, member=member.id, **where, **team))
        await books.apply(hold(ask, nanos, **where))
        await books.apply(settle(ask, line(nanos), **where))
        await books.apply(delivered(ask, member_id=member.id, **where))
    await become_one(house)
    for place in (SLACK, DISCORD):
        speaker = await speaks(house, place)
        assert (await house.use_cases.balances.of(speaker.member, place)).month_used_nanos == 5 * 10**8
        assert [ask.booked.ask_id for ask in await house.use_cases.receipts.recent(speaker.member)] == ["b", "a"]
        assert (await house.use_cases.usages.of(speaker.member))[0].total.asks == 2
        told = json.loads("".join([piece async for piece in house.use_cases.own_data.of(speaker.member)]))
        assert {ask["request_key"] for ask in told["asks"]} == {"a", "b"}
        assert {row["id"] for row in told["identities"]} == {"slack:T1/U1", "discord:G1/77"}
    assert "share one quota until" in (await types(house, DISCORD, "/unlink")).lines[0]
    (back,) = [(await speaks(house, DISCORD)).member]
    assert (back.id, [ask.booked.ask_id for ask in await house.use_cases.receipts.recent(back)]) == (
        "mbr_discord",
        ["b"],
    )
    assert (await house.use_cases.balances.of(back, DISCORD)).month_used_nanos == 5 * 10**8
    assert (await types(house, DISCORD, "/unlink")).lines == ("You have one account here. Nothing was changed.",)


async def test_deactivated_on_slack_is_suspended_on_discord(house: House) -> None:
    await become_one(house)
    assert await house.use_cases.departures.left(Identity("slack", "T1", "U1", "Anna"))
    discord = (await speaks(house, DISCORD)).member
    assert (discord.suspended, discord.admin) == (True, False)
    with pytest.raises(BadInput, match="Who left a platform"):
        await types(house, DISCORD, "/unlink")
    assert await house.use_cases.departures.back(Identity("slack", "T1", "U1", "Anna"))
    assert not (await speaks(house, DISCORD)).member.suspended


async def test_an_admin_parts_somebody_elses_accounts_and_nobody_else_does(house: House) -> None:
    await become_one(house)
    other = Place("slack", "T1", "C9")
    NAMES[other] = ("U2", "Ben")
    with pytest.raises(NotAllowed, match="Only admins can part"):
        await types(house, other, "/unlink", "Anna")
    assert (await types(house, other, "/unlink", "Anna", admin=True)).lines[0].startswith("The accounts of Anna")
    log = await house.use_cases.act_logs.newest((await speaks(house, other, admin=True)).member)
    assert [act.kind for act in log.acts[:2]] == ["unlink", "link"]


async def test_all_of_a_person_is_forgotten(house: House) -> None:
    await become_one(house)
    asked = await types(house, DISCORD, "/forget")
    assert asked.waits is not None
    await Answers(house.use_cases).agree(await speaks(house, DISCORD), asked.waits)
    assert await house.use_cases.membership.known(Identity("slack", "T1", "U1", "")) is None
    assert await house.use_cases.membership.known(Identity("discord", "G1", "77", "")) is None


async def test_a_name_is_kept_for_each_platform(house: House) -> None:
    await become_one(house)
    before = NAMES[DISCORD]
    try:
        NAMES[DISCORD] = ("77", "anna_the_great")
        assert (await speaks(house, DISCORD)).member.display_name == "Anna"
        assert (await speaks(house, DISCORD)).member.seen_as == "anna_the_great"
        assert (await speaks(house, SLACK)).member.display_name == "Anna"
    finally:
        NAMES[DISCORD] = before
