"""The month's files in Slack, where handing over goes wrong: each file once and whole, or words that say what is so."""

from typing import Any

import pytest

from adapters.slack.manifest import scopes
from core import statements
from tests.end_to_end.slack.house import ANNA, BEN, SlackHouse, chipin_in
from tests.end_to_end.slack.test_typed import types
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack
from tests.slack.state import SlackFile

STATEMENT, EXPORT = "/chipin admin statement", "/chipin export"
STEPS = ("conversations.open", "files.getUploadURLExternal", "files.upload", "files.completeUploadExternal")


def whole(house: SlackHouse) -> list[SlackFile]:
    """The files that somebody can open."""
    return [each for each in house.slack.workspaces[house.slack.team_id].files.values() if each.whole]


@pytest.mark.parametrize("step", STEPS)
async def test_a_reply_that_is_lost_costs_no_file_and_makes_none_twice(
    step: str, sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        fault = slack.fail(step, drop="after", times=1)
        told = await types(house, EXPORT, ANNA)
        assert not fault.times, "the reply was lost"
        assert "in a direct message" in told
        (file,) = whole(house)
        assert file.name.startswith("charges-") and file.content.startswith(b'\xef\xbb\xbf"BillingAccountId"')


@pytest.mark.parametrize(
    ("step", "how"),
    [("conversations.open", {"error": "user_disabled"}), ("files.upload", {"status": 413})],
    ids=["nobody to send it to", "too large"],
)
async def test_where_it_never_arrives_nobody_reads_that_it_does(
    step: str, how: dict[str, Any], sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        slack.fail(step, **how)
        told = await types(house, STATEMENT, ANNA)
        assert "the chat did not take it" in told and "in a direct message" not in told
        assert whole(house) == []


@pytest.mark.parametrize("line", [STATEMENT, EXPORT])
async def test_a_workspace_that_was_installed_before_files_reads_what_to_do(
    line: str, sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    slack.scopes = frozenset(scopes()) - {"files:write"}
    async with chipin_in(slack, sqlite_url, server) as house:
        told = await types(house, line, ANNA)
        assert "files:write is new. Paste the manifest anew, install the app again" in told
        assert "python -m bot statement" in told and "in a direct message" not in told
        assert whole(house) == []


async def test_a_month_of_too_many_rows_says_how_to_get_all_of_them(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "MOST_ROWS", 0)
    async with chipin_in(slack, sqlite_url, server) as house:
        await types(house, "/ask --here what is a deadlock?", BEN)
        told = await types(house, EXPORT, ANNA)
        assert "more rows than fit in one file here" in told and "python -m bot export --csv --team " in told
        assert whole(house) == []
