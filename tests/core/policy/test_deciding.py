"""Whose word counts, as a table: what is set for whom, who asks where, and what applies to them."""

from dataclasses import replace

import pytest

from core.people import Asker, Place, Standing
from core.policy import (
    ALL,
    ALLOW,
    DENY,
    EVERYONE,
    NONE,
    Policy,
    Ruled,
    Ruling,
    Setting,
    channel_target,
    decide,
    member_target,
    own_target,
    role_target,
)
from core.quota import SetBy

HERE = Place("slack", "T1", "C1", "1.1")
ON_DISCORD = replace(HERE, platform="discord")
DESIGN, LEADS = "slack:S1", "slack:S2"
PLAIN, GUEST = Asker(), Asker(standing=Standing.GUEST)
BOTH_ROLES = Asker(roles=(DESIGN, LEADS))

WHO = {
    "everyone": EVERYONE,
    "guests": "guests",
    "bots": "bots",
    "outsiders": "outsiders",
    "design": role_target(DESIGN),
    "leads": role_target(LEADS),
    "channel": channel_target("slack", "C1"),
    "discord channel": channel_target("discord", "C1"),
    "elsewhere": channel_target("slack", "C2"),
    "anna": member_target("anna"),
    "ben": member_target("ben"),
    "own": own_target("anna"),
    "ben's own": own_target("ben"),
}


def decided(setting: Setting, said: dict[str, str], asker: Asker = PLAIN, place: Place = HERE) -> Ruling:
    """What applies to Anna, when one thing is set for some."""
    policies = [Policy(WHO[who], {setting: Ruled(value, SetBy(WHO[who], "ada", 1))}) for who, value in said.items()]
    assert decide("anna", asker, place, policies) == decide("anna", asker, place, policies[::-1])
    return decide("anna", asker, place, policies)


AMOUNTS = [
    ({}, PLAIN, None, None),
    ({"everyone": "10"}, PLAIN, 10, "everyone"),
    ({"everyone": NONE}, PLAIN, None, "everyone"),
    ({"everyone": "10", "guests": "1"}, PLAIN, 10, "everyone"),
    ({"everyone": "10", "guests": "1"}, GUEST, 1, "guests"),
    ({"everyone": "10", "guests": NONE}, GUEST, None, "guests"),
    ({"everyone": "10", "guests": "1", "design": "2"}, replace(GUEST, roles=(DESIGN,)), 2, "design"),
    ({"everyone": "10", "design": "2"}, PLAIN, 10, "everyone"),
    ({"everyone": "10", "design": "2"}, BOTH_ROLES, 2, "design"),
    ({"design": "2", "leads": "3"}, BOTH_ROLES, 3, "leads"),
    ({"design": "3", "leads": "3"}, BOTH_ROLES, 3, "design"),
    ({"design": NONE, "leads": "3"}, BOTH_ROLES, None, "design"),
    ({"design": "2", "leads": "3", "channel": "1"}, BOTH_ROLES, 1, "channel"),
    ({"everyone": "10", "channel": "20"}, PLAIN, 20, "channel"),
    ({"everyone": "10", "elsewhere": "20"}, PLAIN, 10, "everyone"),
    ({"everyone": "10", "discord channel": "20"}, PLAIN, 10, "everyone"),
    ({"everyone": "10", "channel": "20", "anna": "5"}, PLAIN, 5, "anna"),
    ({"everyone": "10", "channel": "1", "anna": NONE}, PLAIN, None, "anna"),
    ({"everyone": "10", "ben": "5"}, PLAIN, 10, "everyone"),
    ({"everyone": "10", "anna": "0"}, PLAIN, 0, "anna"),
    ({"everyone": "10", "own": "4"}, PLAIN, 4, "own"),
    ({"everyone": "10", "own": "10"}, PLAIN, 10, "everyone"),
    ({"everyone": "10", "own": "11"}, PLAIN, 10, "everyone"),
    ({"everyone": "10", "own": NONE}, PLAIN, 10, "everyone"),
    ({"everyone": NONE, "own": "4"}, PLAIN, 4, "own"),
    ({"own": "0"}, PLAIN, 0, "own"),
    ({"everyone": "10", "anna": "3", "own": "4"}, PLAIN, 3, "anna"),
    ({"everyone": "10", "ben's own": "1"}, PLAIN, 10, "everyone"),
]


@pytest.mark.parametrize("setting", [Setting.DAY, Setting.WEEK, Setting.MONTH, Setting.ASK])
@pytest.mark.parametrize(("said", "asker", "amount", "by"), AMOUNTS)
def test_of_amounts_the_most_particular_counts_and_ones_own_only_lowers(
    setting: Setting, said: dict[str, str], asker: Asker, amount: int | None, by: str | None
) -> None:
    ruling = decided(setting, said, asker)
    counting = ruling.counting(setting)
    assert ruling.amount(setting) == amount
    assert (counting and counting.set_by.target) == (by and WHO[by])


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ({"everyone": "10"}, 10),
        ({"everyone": "10", "channel": "4"}, 4),
        ({"everyone": "10", "channel": NONE}, None),
        ({"everyone": "10", "anna": "4", "design": "3"}, 10),
        ({"everyone": "10", "own": "4"}, 10),
    ],
)
def test_a_place_is_bounded_alike_whoever_asks_there(said: dict[str, str], amount: int | None) -> None:
    for setting in (Setting.THREAD, Setting.CHANNEL_DAY, Setting.CHANNEL_WEEK, Setting.CHANNEL_MONTH):
        assert decided(setting, said, BOTH_ROLES).amount(setting) == amount


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ({}, None),
        ({"everyone": "daily"}, "daily"),
        ({"everyone": "daily", "channel": "launch"}, "launch"),
        ({"everyone": "daily", "channel": NONE}, None),
        ({"everyone": "daily", "anna": "hers", "design": "theirs", "own": "mine"}, "daily"),
    ],
)
def test_the_tag_of_a_place_is_the_same_whoever_asks_there(said: dict[str, str], tag: str | None) -> None:
    ruled = decided(Setting.TAG, said, BOTH_ROLES).default_tag
    assert (ruled.value if ruled is not None else None) == tag


@pytest.mark.parametrize(
    ("said", "asker", "models"),
    [
        ({}, PLAIN, None),
        ({"everyone": "mistral"}, PLAIN, ("mistral",)),
        ({"everyone": "mistral", "channel": "gpt,claude"}, PLAIN, ("gpt", "claude")),
        ({"everyone": "mistral", "anna": ALL}, PLAIN, None),
        ({"design": "mistral,gpt", "leads": "gpt,claude"}, BOTH_ROLES, ("mistral", "gpt", "claude")),
        ({"design": "mistral", "leads": ALL}, BOTH_ROLES, None),
        ({"design": "mistral", "leads": ALL}, Asker(roles=(DESIGN,)), ("mistral",)),
        ({"everyone": ALL, "guests": "mistral"}, GUEST, ("mistral",)),
        ({"everyone": "mistral", "own": "gpt"}, PLAIN, ("mistral",)),
    ],
)
def test_of_lists_of_models_the_most_particular_counts_and_roles_add_up(
    said: dict[str, str], asker: Asker, models: tuple[str, ...] | None
) -> None:
    assert decided(Setting.MODELS, said, asker).models == models


@pytest.mark.parametrize(
    ("said", "asker", "number"),
    [
        ({}, PLAIN, None),
        ({"everyone": "2"}, PLAIN, 2),
        ({"everyone": "2", "design": "9", "leads": "4"}, BOTH_ROLES, 9),
        ({"everyone": "2", "anna": "1"}, BOTH_ROLES, 1),
        ({"everyone": "2", "own": "1"}, PLAIN, 2),
    ],
)
def test_asks_at_a_time_are_numbers_like_others(said: dict[str, str], asker: Asker, number: int | None) -> None:
    assert decided(Setting.IN_FLIGHT, said, asker).in_flight == number


@pytest.mark.parametrize("forbidding", ["everyone", "design", "leads", "channel", "anna"])
@pytest.mark.parametrize("allowing", ["everyone", "design", "leads", "channel", "anna"])
def test_what_forbids_where_a_question_goes_holds_from_wherever_it_is_said(forbidding: str, allowing: str) -> None:
    said = {allowing: ALLOW, forbidding: DENY}
    assert not decided(Setting.DATA_COLLECTION, said, BOTH_ROLES).data_collection_allowed
    assert not decided(Setting.SECRETS, said, BOTH_ROLES).secrets_allowed
    assert decided(Setting.UNPROVEN_RETENTION, said, BOTH_ROLES).zdr


@pytest.mark.parametrize("other", ["elsewhere", "ben", "guests", "own", "design"])
def test_what_is_forbidden_to_others_is_not_forbidden_here(other: str) -> None:
    assert decided(Setting.DATA_COLLECTION, {other: DENY}).data_collection_allowed
    assert decided(Setting.SECRETS, {other: DENY}).secrets_allowed
    assert not decided(Setting.UNPROVEN_RETENTION, {other: DENY}).zdr
    assert decided(Setting.REGIONS, {other: "eu"}).regions == ()


@pytest.mark.parametrize(
    ("said", "regions"),
    [
        ({}, ()),
        ({"everyone": "eu,us"}, ("eu", "us")),
        ({"everyone": "eu,us", "anna": "us,cn"}, ("us",)),
        ({"everyone": "eu,us", "anna": "us", "channel": "us,eu"}, ("us",)),
        ({"everyone": "eu", "anna": "us"}, (NONE,)),
    ],
)
def test_regions_are_those_that_everybody_with_a_say_allows(said: dict[str, str], regions: tuple[str, ...]) -> None:
    assert set(decided(Setting.REGIONS, said).regions) == set(regions)


ADMIN = Asker(admin=True)
MAY_ASK = [
    # on a platform where everyone of the workspace is known
    ({}, PLAIN, HERE, True, None),
    ({"everyone": DENY}, PLAIN, HERE, False, "everyone"),
    ({"everyone": DENY}, ADMIN, HERE, False, "everyone"),
    ({"everyone": DENY, "design": ALLOW}, PLAIN, HERE, False, "everyone"),
    ({"everyone": DENY, "design": ALLOW}, BOTH_ROLES, HERE, True, "design"),
    ({"design": DENY}, BOTH_ROLES, HERE, False, "design"),
    ({"design": DENY, "leads": ALLOW}, BOTH_ROLES, HERE, True, "leads"),
    ({"everyone": DENY, "channel": ALLOW}, PLAIN, HERE, True, "channel"),
    ({"everyone": ALLOW, "channel": DENY}, PLAIN, HERE, False, "channel"),
    ({"elsewhere": DENY}, PLAIN, HERE, True, None),
    ({"design": ALLOW, "channel": DENY}, BOTH_ROLES, HERE, False, "channel"),
    ({"design": DENY, "channel": ALLOW}, BOTH_ROLES, HERE, False, "design"),
    ({"anna": ALLOW, "channel": DENY, "everyone": DENY}, PLAIN, HERE, True, "anna"),
    ({"anna": DENY, "channel": ALLOW, "design": ALLOW}, BOTH_ROLES, HERE, False, "anna"),
    ({"ben": DENY}, PLAIN, HERE, True, None),
    # who is no ordinary member must be let in: by name, by role or as such
    ({}, GUEST, HERE, False, None),
    ({}, Asker(standing=Standing.BOT), HERE, False, None),
    ({}, Asker(standing=Standing.OUTSIDER), HERE, False, None),
    ({"everyone": ALLOW}, GUEST, HERE, False, None),
    ({"channel": ALLOW}, GUEST, HERE, False, None),
    ({"guests": ALLOW}, GUEST, HERE, True, "guests"),
    ({"guests": ALLOW}, Asker(standing=Standing.BOT), HERE, False, None),
    ({"guests": ALLOW, "everyone": DENY}, GUEST, HERE, True, "guests"),
    ({"guests": ALLOW, "channel": DENY}, GUEST, HERE, False, "channel"),
    ({"guests": DENY, "channel": ALLOW}, GUEST, HERE, False, "guests"),
    ({"guests": DENY, "design": ALLOW}, replace(GUEST, roles=(DESIGN,)), HERE, True, "design"),
    ({"guests": DENY, "anna": ALLOW}, GUEST, HERE, True, "anna"),
    ({"guests": DENY}, PLAIN, HERE, True, None),
    # where strangers come in, only admins until somebody is allowed
    ({}, PLAIN, ON_DISCORD, False, None),
    ({}, ADMIN, ON_DISCORD, True, None),
    ({"leads": ALLOW}, PLAIN, ON_DISCORD, False, None),
    ({"leads": ALLOW}, BOTH_ROLES, ON_DISCORD, True, "leads"),
    ({"leads": ALLOW}, ADMIN, ON_DISCORD, True, None),
    ({"everyone": ALLOW}, PLAIN, ON_DISCORD, True, "everyone"),
    ({"discord channel": ALLOW}, PLAIN, ON_DISCORD, True, "discord channel"),
    ({"anna": ALLOW}, PLAIN, ON_DISCORD, True, "anna"),
    ({"leads": DENY}, replace(ADMIN, roles=(LEADS,)), ON_DISCORD, False, "leads"),
]


@pytest.mark.parametrize(("said", "asker", "place", "may_ask", "by"), MAY_ASK)
def test_who_may_ask(said: dict[str, str], asker: Asker, place: Place, may_ask: bool, by: str | None) -> None:
    ruling = decided(Setting.MAY_ASK, said, asker, place)
    assert ruling.may_ask is may_ask
    assert (ruling.may_ask_by and ruling.may_ask_by.target) == (by and WHO[by])


def test_each_setting_is_decided_apart() -> None:
    policies = [
        Policy(EVERYONE, {Setting.MONTH: Ruled("10", SetBy(EVERYONE)), Setting.DAY: Ruled("2", SetBy(EVERYONE))}),
        Policy(WHO["anna"], {Setting.MONTH: Ruled("20", SetBy(WHO["anna"]))}),
        Policy(WHO["own"], {Setting.DAY: Ruled("1", SetBy(WHO["own"]))}),
    ]
    ruling = decide("anna", PLAIN, HERE, policies)
    assert (ruling.amount(Setting.MONTH), ruling.amount(Setting.DAY), ruling.amount(Setting.WEEK)) == (20, 1, None)
