"""Acts in words: those of today, those of earlier releases, and those of a release to come."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.people import CHIPIN, OPERATOR
from core.reports import Act
from core.text.acts import act_lines, in_words, members_in

AT = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)
NAMES = {"mbr_1": "Anna", "mbr_2": "Ben", "role:slack:S1": "@design"}


def act(kind: str, subject: str = "", words: str = "", nanos: int = 0, actor: str = "mbr_1") -> Act:
    return Act(actor, kind, subject, words, nanos, AT)


@pytest.mark.parametrize(
    ("done", "says"),
    [
        (act("top_up", words="November", nanos=25_000_000_000), "Anna recorded $25.00 of budget: November."),
        (act("refund", words="undone", nanos=10_000_000_000), "Anna took $10.00 of budget back."),
        (
            act("reverse", "ask_1", "a wrong model", 12_300_000, OPERATOR),
            "The operator gave back 1.2 cents that an ask had cost: a wrong model.",
        ),
        (act("freeze", words="", actor=OPERATOR), "The operator paused asking for everyone."),
        (act("freeze", "mbr_2", "lost her key"), "Anna paused asking for Ben: lost her key."),
        (act("unfreeze", "mbr_9"), "Anna let somebody who left ask again."),
        (act("link", "mbr_2"), "Anna became one person with Ben, who agreed too."),
        (act("unlink", "mbr_2"), "Anna parted the accounts of Ben."),
        (act("team_link", "team_2", "Guild"), "Anna let the team Guild join this one, as its admin asked."),
        (act("rule", "everyone", "month 5000000000"), "Anna set for everyone: $5.00 a month."),
        (act("rule", "role:slack:S1", "may_ask deny"), "Anna set for @design: may not ask."),
        (act("rule", "channel:slack:C1", "day none"), "Anna set for the channel C1: no daily limit."),
        (act("rule", "member:mbr_2", "day"), "Anna took away what was set for Ben: the daily limit."),
        (act("rule", "own:mbr_1", "week 1000000000"), "Anna set for themselves: $1.00 a week."),
        (act("goes_on", "channel:slack:C1", "on"), "Anna let threads in the channel C1 go on without a mention."),
        (act("goes_on", "channel:slack:C1"), "Anna let threads in the channel C1 go on by mention only."),
        (act("announce", "channel:slack:C1", "on"), "Anna had new budget announced in the channel C1."),
        (act("announce"), "Anna had new budget announced in no channel, but to admins alone."),
        (act("zone", words="Europe/Berlin"), "Anna set the time zone Europe/Berlin."),
        (act("admin_add", "mbr_2"), "Anna made Ben an admin."),
        (act("admin_remove", "mbr_2", actor="mbr_9"), "Somebody who left made Ben no admin any more."),
        (act("gone", "mbr_2", actor=CHIPIN), "Ben left, says their platform, and cannot ask any more."),
        (act("back", "mbr_9", actor=CHIPIN), "Somebody who left is back, says their platform."),
        (act("restore", "mbr_2"), "Anna let Ben, who had left, ask again."),
        (act("forget", "mbr_9", actor=OPERATOR), "Somebody who left was forgotten."),
        (act("request", "mbr_2", "member_month", 5_000_000_000, "mbr_2"), "Ben asked for $5.00 more."),
        (act("half", "mbr_2", "member_month", 2_500_000_000), "Anna approved half: $2.50 for Ben."),
        (act("request", "mbr_2", "wallet", 10_000_000_000, "mbr_2"), "Ben asked for $10.00 for the team wallet."),
        (act("approve", "mbr_2", "wallet", 10_000_000_000), "Anna approved $10.00 for the team wallet, as Ben asked."),
        (act("deny", "mbr_2", "wallet", 5_000_000_000), "Anna denied Ben the $5.00 they had asked for."),
        (act("moon_landing", "mbr_2", "at noon"), "Anna: moon landing (Ben): at noon."),
        # As earlier releases wrote them.
        (act("top_up", words="25000000000 nano-dollars; November"), "Anna recorded $25.00 of budget: November."),
        (act("refund", words="5000000000 nano-dollars; undone"), "Anna took $5.00 of budget back."),
        (
            act("reverse", words="ask_1: 3000000 nano-dollars; undelivered", actor=CHIPIN),
            "Chipin gave back 0.3 cents that an ask had cost: undelivered.",
        ),
        (
            act("month_limit", words="every member: 7000000 nano-dollars a month"),
            "Anna set for everyone: 0.7 cents a month.",
        ),
        (act("month_limit", words="mbr_2: 0 nano-dollars a month"), "Anna set for Ben: $0.00 a month."),
        (act("freeze", words="the whole team", actor=OPERATOR), "The operator paused asking for everyone."),
        (act("unfreeze", words="mbr_2", actor=OPERATOR), "The operator let Ben ask again."),
    ],
)
def test_each_act_is_a_sentence(done: Act, says: str) -> None:
    sentence = in_words(done, NAMES)
    assert sentence.rstrip(".") == says.rstrip(".")


@pytest.mark.parametrize(
    ("done", "members"),
    [
        (act("freeze", "mbr_2"), ("mbr_1", "mbr_2")),
        (act("freeze", words="mbr_2", actor=OPERATOR), ("mbr_2",)),
        (act("rule", "own:mbr_2", "day 1"), ("mbr_1", "mbr_2")),
        (act("month_limit", words="mbr_2: 5 nano-dollars a month"), ("mbr_1", "mbr_2")),
        (act("rule", "everyone", "day 1"), ("mbr_1",)),
    ],
)
def test_says_whose_names_it_needs(done: Act, members: tuple[str, ...]) -> None:
    assert members_in(done) == members


def test_times_are_the_teams_own() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert act_lines([act("admin_add", "mbr_2")], NAMES, berlin) == (
        "21 November, 14:05 (Europe/Berlin): Anna made Ben an admin.",
    )
    assert act_lines([], NAMES, berlin) == ("Nothing was done here yet but asking.",)
