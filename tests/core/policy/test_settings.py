"""Which value can be set for whom: the books take no other."""

import pytest

from core.money import MAX_AMOUNT_NANOS
from core.policy import ALLOW, NONE, Setting, can_be_set


@pytest.mark.parametrize(
    ("target", "setting", "value"),
    [
        ("everyone", Setting.MONTH, "0"),
        ("everyone", Setting.MONTH, str(MAX_AMOUNT_NANOS)),
        ("guests", Setting.DAY, NONE),
        ("member:mbr_1", Setting.ASK, "50000000"),
        ("role:slack:S1", Setting.CARRY_OVER, "0"),
        ("channel:slack:C1", Setting.THREAD, "5"),
        ("everyone", Setting.CHANNEL_DAY, "5"),
        ("own:mbr_1", Setting.WEEK, "5"),
        ("everyone", Setting.IN_FLIGHT, "1"),
        ("everyone", Setting.IN_FLIGHT, "50"),
        ("everyone", Setting.MODELS, "mistral,openrouter/some-model"),
        ("everyone", Setting.REGIONS, "eu"),
        ("bots", Setting.MAY_ASK, ALLOW),
        ("channel:slack:C1", Setting.TAG, "launch"),
        ("everyone", Setting.TAG, NONE),
    ],
)
def test_can_be_set(target: str, setting: Setting, value: str) -> None:
    assert can_be_set(target, setting, value)


@pytest.mark.parametrize(
    ("target", "setting", "value"),
    [
        ("", Setting.MONTH, "1"),
        ("nobody", Setting.MONTH, "1"),
        ("member:", Setting.MONTH, "1"),
        ("everyone", Setting.MONTH, "-1"),
        ("everyone", Setting.MONTH, "01"),
        ("everyone", Setting.MONTH, "1.5"),
        ("everyone", Setting.MONTH, "٣"),
        ("everyone", Setting.MONTH, "much"),
        ("everyone", Setting.MONTH, str(MAX_AMOUNT_NANOS + 1)),
        ("everyone", Setting.CARRY_OVER, NONE),
        ("everyone", Setting.IN_FLIGHT, "0"),
        ("everyone", Setting.IN_FLIGHT, "51"),
        ("everyone", Setting.IN_FLIGHT, NONE),
        ("member:mbr_1", Setting.CHANNEL_DAY, "1"),
        ("role:slack:S1", Setting.THREAD, "1"),
        ("own:mbr_1", Setting.IN_FLIGHT, "1"),
        ("own:mbr_1", Setting.CARRY_OVER, "1"),
        ("own:mbr_1", Setting.MAY_ASK, ALLOW),
        ("everyone", Setting.MODELS, "mistral,,gpt"),
        ("everyone", Setting.MODELS, "mistral, gpt"),
        ("everyone", Setting.MODELS, ",".join(["m"] * 101)),
        ("everyone", Setting.MAY_ASK, "yes"),
        ("member:mbr_1", Setting.TAG, "launch"),
        ("role:slack:S1", Setting.TAG, "launch"),
        ("everyone", Setting.TAG, "Launch"),
        ("everyone", Setting.TAG, "#launch"),
        ("everyone", Setting.TAG, "=cmd"),
        ("everyone", Setting.TAG, "ghp_" + "a1B2" * 9),
    ],
)
def test_cannot_be_set(target: str, setting: Setting, value: str) -> None:
    assert not can_be_set(target, setting, value)
