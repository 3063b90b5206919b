"""Scenes on Slack: what the app sends when people ask, look at prices and add budget, to be drawn as pictures.

Each scene is what one person sees: lines that people wrote, and messages, forms and Homes exactly as they were sent.
`python -m tests.stories.write_pictures` writes them to docs/pictures/, where scripts/render_slack.py draws them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.provider_behaviours import Body, counted, good
from tests.slack.server import FakeSlack
from tests.slack.state import Ephemeral, Json, Message, ShownView
from tests.stories import digest_week
from tests.stories.slack_house import OnSlack, user_id
from tests.waiting import until

ADA, BEN = user_id("Ada"), user_id("Ben")
BACKEND = "C1BACKEND"
QUESTION = "why does my migration deadlock?"
TABLE = "compare the isolation levels of PostgreSQL, and show how to set one"
DEAR = "gpt-6.1-sol"
FIRST = "Before your first question"
VOLATILE = ("value", "block_id", "private_metadata", "response_url", "trigger_id")
"""Fields that are different each time and that nobody sees."""
_LOCK = """Two transactions wait for each other's locks. Your migration takes an `ACCESS EXCLUSIVE` lock on `orders`, \
while a long `SELECT` still holds its own.

1. Look for who holds what: `pg_locks` joined with `pg_stat_activity`.
2. Set `lock_timeout = '2s'` in the migration, and let it try again.
3. Add the column without a default first, and fill it in batches."""
_LEVELS = """PostgreSQL has three levels that differ; `READ UNCOMMITTED` behaves like `READ COMMITTED`.

| Level | What it prevents | What you may meet |
| --- | --- | --- |
| READ COMMITTED | dirty reads | a row that changes between two reads |
| REPEATABLE READ | changing rows too | `could not serialize access` |
| SERIALIZABLE | every anomaly | retries, more often |

Set it for one transaction:

```sql
BEGIN ISOLATION LEVEL SERIALIZABLE;
UPDATE accounts SET balance = balance - 100 WHERE id = 1;
COMMIT;
```"""


async def answers(request: web.Request, body: Body) -> web.StreamResponse:
    """A provider's answer to the questions of the scenes."""
    asked = str(body["messages"][-1]["content"])
    text = _LEVELS if "isolation" in asked else _LOCK
    return await good(re.findall(r"\S*\s*", text), usage=counted(1_204, 356))(request, body)


@dataclass(slots=True)
class Camera:
    """Takes what people of a Slack see."""

    on: OnSlack
    taken: dict[str, Json] = field(default_factory=dict)

    @property
    def slack(self) -> FakeSlack:
        """The Slack."""
        return self.on.slack

    def set_up(self) -> None:
        """Ben is in the workspace too."""
        self.slack.add_user(BEN, "ben", display_name="Ben")
        self.slack.add_channel(BACKEND, "backend", [ADA, BEN])

    async def types(self, line: str, user: str = BEN) -> list[Ephemeral]:
        """A command; what only they see then, from the words that acknowledge it on: those stay where they are."""
        before = len(self.slack.ephemerals(user))
        name, _, text = line.partition(" ")
        assert (await self.on.feed.command(name, text, user=user, channel=BACKEND)).ok
        await self.on.settle()
        return self.slack.ephemerals(user)[before:]

    async def mentions(self, text: str, user: str = BEN) -> tuple[Message, list[Message]]:
        """A question in the channel; it, and what stands in its thread then."""
        asked = (await self.on.feed.mention(text, user=user, channel=BACKEND)).message
        assert asked is not None
        await self.on.settle()
        return asked, [each for each in self.slack.messages(BACKEND, asked.ts) if each.bot_id]

    async def presses(self, action: str, on: Message | Ephemeral | ShownView, user: str = BEN) -> list[Ephemeral]:
        """A button; what only they see then."""
        before = len(self.slack.ephemerals(user))
        assert (await self.on.feed.press(action, user=user, on=on)).ok
        await self.on.settle()
        return self.slack.ephemerals(user)[before:]

    async def told(self, user: str) -> list[Message]:
        """What the bot wrote to somebody alone."""
        await self.on.tell()
        return [each for each in self.slack.direct_messages(user) if each.bot_id]

    async def home(self, user: str) -> ShownView:
        """Their Home."""
        assert (await self.on.feed.home_opened(user)).ok
        await until(lambda: user in self.slack.workspace.homes)
        return self.slack.workspace.homes[user]

    def take(self, name: str, caption: str, *seen: Message | Ephemeral | ShownView | str) -> None:
        """Keep what somebody sees under a name. Strings are what Ben typed."""
        self.taken[name] = {"caption": caption, "seen": [_seen(each) for each in seen]}


def _seen(each: Message | Ephemeral | ShownView | str) -> Json:
    if isinstance(each, str):
        return {"from": "Ben", "text": each}
    if isinstance(each, ShownView):
        return {"view": stable({name: each.view[name] for name in SHOWN_OF_VIEWS if name in each.view})}
    said = {name: getattr(each, name) for name in ("markdown", "blocks") if getattr(each, name)}
    shown: Json = {"from": "Chipin", **stable(said or {"text": each.text})}
    return shown | ({"only_you": True} if isinstance(each, Ephemeral) else {})


SHOWN_OF_VIEWS = ("type", "title", "submit", "close", "blocks")


def stable(sent: Any) -> Any:
    """What was sent, without what is different each time and what nobody sees."""
    if isinstance(sent, Mapping):
        if "slack_file" in sent:  # its id is another one each time: this is what was uploaded
            sent = {**sent, "slack_file": {"id": "chart.png"}}
        return {name: stable(value) for name, value in sent.items() if name not in VOLATILE}
    return [stable(each) for each in sent] if isinstance(sent, list) else sent


async def play(on: OnSlack) -> dict[str, Json]:
    """Every scene, one after the other in one team's first hour."""
    camera = Camera(on)
    camera.set_up()
    camera.take("first-minutes", "What an admin reads first", (await camera.told(ADA))[-1])
    await _an_empty_wallet(camera)
    await _budget(camera)
    await _a_first_question(camera)
    await _answers(camera)
    await _a_limit(camera)
    await _homes(camera)
    await _digest(camera)
    return camera.taken


async def _an_empty_wallet(camera: Camera) -> None:
    seen = [each for each in await camera.types(f"/ask --here {QUESTION}", ADA) if FIRST not in str(each.blocks)]
    camera.take("empty-wallet", "Nobody can overspend: an empty wallet asks for budget", *seen)


async def _budget(camera: Camera) -> None:
    await camera.types("/topup", ADA)
    form = camera.slack.modal(ADA)
    assert form is not None
    camera.take("topup-form", "/topup opens a form", form)
    await camera.on.feed.submit(form, {"amount": "25", "reason": "November budget"})
    await camera.on.settle()
    camera.take(
        "topup", "What is recorded is announced, and can be undone for ten minutes", (await camera.told(ADA))[-1]
    )


async def _a_first_question(camera: Camera) -> None:
    seen = await camera.types(f"/ask {QUESTION}")
    camera.take("where", "The first question in a channel: here, or only me?", *seen)
    before = len(camera.slack.ephemerals(BEN))
    await camera.presses("answers--here", seen[-1])
    notice = next(each for each in camera.slack.ephemerals(BEN)[before:] if FIRST in str(each.blocks))
    said = [each for each in camera.slack.messages(BACKEND) if each.bot_id]
    camera.take(
        "first-answer", "Once: where questions go and what they cost. Then the answer, with its price", notice, *said
    )


async def _answers(camera: Camera) -> None:
    _, [answer] = await camera.mentions(QUESTION)
    details = await camera.presses("ask_details", answer)
    camera.take("details", "Details, only for whoever presses", *details)
    _, [answer] = await camera.mentions(TABLE)
    camera.take("table", "Tables and code", f"@Chipin {TABLE}", answer)
    camera.take("balance", "/balance, only for whoever asks", *await camera.types("/balance"))
    camera.take(
        "prices", "/price: what it would cost, before anything is sent", *await camera.types(f"/price {QUESTION}")
    )


async def _a_limit(camera: Camera) -> None:
    await camera.types(f"/chipin limit <@{BEN}> 0.01", ADA)
    seen = await camera.types(f"/ask --here --model {DEAR} {QUESTION}")
    camera.take("limit", "A limit in the way: why, until when, and what to do", *seen)
    await camera.types("/request 2 the release notes")
    [*_, card] = await camera.told(ADA)
    camera.take("request", "What an admin reads, and presses", card)
    camera.take(
        "secret",
        "A question with a card number waits",
        *await camera.types("/ask --here why is my card 4111 1111 1111 1111 refused?"),
    )


async def _homes(camera: Camera) -> None:
    camera.take("home", "Chipin's Home, for a member", await camera.home(BEN))
    camera.take("home-admin", "and for an admin", await camera.home(ADA))
    [*_, card] = await camera.told(ADA)
    await camera.presses("decide_half", card, ADA)
    camera.take("decided", "The card afterwards, and what Ben reads", card, (await camera.told(BEN))[-1])


async def _digest(camera: Camera) -> None:
    await digest_week.post(camera.on.app, f"slack:{camera.slack.team_id}", BACKEND)
    await camera.on.tell()
    camera.take("digest", "The week, on Monday morning", camera.slack.messages(BACKEND)[-1])
