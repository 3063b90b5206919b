"""Secrets are found by what they look like, and nothing else is."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.call import ImagePart, TextPart
from core.defaults import MAX_PROMPT_CHARS
from core.secrets import SecretKind, find_secrets, masked, masked_parts

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAx7f/3+abcdefghijklmnop\nQ==\n-----END RSA PRIVATE KEY-----"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV"

SECRETS = [
    ("sk-ant-api03-R2D2c3poR2D2c3poR2D2-c3po_AA", SecretKind.PROVIDER_KEY),
    ("sk-proj-abcdefghijklmnopqrstuvwx", SecretKind.PROVIDER_KEY),
    ("sk-8f3b9c1d2e4f5a6b7c8d9e0f1a2b3c4d", SecretKind.PROVIDER_KEY),
    ("AIzaSyA1234567890abcdefghijklmnopqrstuv", SecretKind.PROVIDER_KEY),
    ("xoxb-123456789012-abcdefABCDEF", SecretKind.SLACK),
    ("xapp-1-A0123456789-1234567890-abcdef", SecretKind.SLACK),
    ("ghp_" + "a1B2" * 9, SecretKind.GITHUB),
    ("github_pat_11ABCDEFG0abcdefghijkl_mnop", SecretKind.GITHUB),
    ("AKIAIOSFODNN7EXAMPLE", SecretKind.AWS),
    (JWT, SecretKind.SIGNED),
    (KEY, SecretKind.PRIVATE_KEY),
    ("4111111111111111", SecretKind.CARD),
    ("4111 1111 1111 1111", SecretKind.CARD),
    ("5555-5555-5555-4444", SecretKind.CARD),
    ("3782 822463 10005", SecretKind.CARD),
    ("4222222222222", SecretKind.CARD),
    ("6304 0000 0000 0000 000", SecretKind.CARD),
]


@pytest.mark.parametrize(("secret", "kind"), SECRETS)
def test_it_is_found_within_any_words_and_nothing_beside_it_goes(secret: str, kind: SecretKind) -> None:
    for before, behind in (("", ""), ("why does ", " fail?"), ('KEY="', '"\n'), ("(", "),"), ("a=", ";b")):
        found = find_secrets(f"{before}{secret}{behind}")
        assert [each.kind for each in found] == [kind]
        assert masked(f"{before}{secret}{behind}") == f"{before}[{kind}]{behind}"


def test_of_an_address_only_the_password_goes() -> None:
    assert masked("postgresql://anna:hunter22@db:5432/x") == ("postgresql://anna:[password]@db:5432/x")
    assert masked("https://x.test/?a=1&password=hunter22&b=2") == ("https://x.test/?a=1&password=[password]&b=2")


@pytest.mark.parametrize(
    "harmless",
    [
        "postgresql://anna:$PASSWORD@db/x and postgresql://anna:password@db/x",
        "https://x.test/?token=<token>",
        "order 1234567890123456 and 4111111111111112",  # no card begins so; the check digit is wrong
        "4111111111111111222233",  # a part of a longer number
        "0.4111111111111111 and 4111111111111111.5",
        "DE89 3704 0044 0532 0130 00, GB29NWBK60161331926819, GB82 WEST 1234 5698 7654 32",
        "at 1732190400000, 1732190400000000 and 1732190400000000000",
        "2026-11-21 20:07:01.123456 +0000, 20261121200701",
        "550e8400-e29b-41d4-a716-446655440000 12345678-1234-1234-1234-123456789012",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709 0x4111111111111111 v4111111111111111",
        "sk-learn-is-a-very-long-package-name and task-sk-1",
        "AKIAshort, ghp_short, xoxb-, eyJhbGciOiJIUzI1NiJ9, the AIza prefix",
        "what does -----BEGIN PRIVATE KEY----- mean?",
        "0000 0000 0000 0000",
        "+49 30 1234567, +1 (555) 010-9999",
    ],
)
def test_what_only_looks_alike_is_left_alone(harmless: str) -> None:
    assert find_secrets(harmless) == ()
    assert masked(harmless) == harmless


def test_what_is_said_of_it_shows_four_characters_at_most() -> None:
    for secret, kind in SECRETS:
        (found,) = find_secrets(secret)
        assert len(found.tail) <= 4 and secret.endswith(found.tail)
        assert found.tail or kind is SecretKind.PRIVATE_KEY


def test_a_card_stands_beside_other_numbers() -> None:
    assert masked("pay 100 4111 1111 1111 1111 12/27 123") == "pay 100 [card number] 12/27 123"
    assert masked("4242 4242 4242 4242 4111 1111 1111 1111") == "[card number] [card number]"


def test_pictures_stay_and_words_are_masked() -> None:
    picture = ImagePart("image/png", b"4111111111111111")
    assert masked_parts((picture, TextPart("4111111111111111"))) == (picture, TextPart("[card number]"))


@pytest.mark.parametrize(("secret", "kind"), SECRETS)
def test_what_is_cut_over_several_parts_or_glued_to_another_is_masked_all_the_same(
    secret: str, kind: SecretKind
) -> None:
    picture = ImagePart("image/png", b"")
    for cut in range(len(secret)):
        parts = (TextPart(f"see {secret[:cut]}"), picture, TextPart(f"{secret[cut:]} there"))
        first, between, last = masked_parts(parts)
        assert isinstance(first, TextPart) and isinstance(last, TextPart) and between is picture
        assert (first.text + last.text).split() == ["see", *f"[{kind}]".split(), "there"]
    glued = masked_parts((TextPart("x"), TextPart(secret)))
    assert glued == (TextPart("x"), TextPart(f"[{kind}]"))


PIECES = [secret for secret, _ in SECRETS] + ["4111 ", "sk-", "eyJ", "-----BEGIN PRIVATE KEY-----", "://a:b@", " ", "-"]


@settings(max_examples=60)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(string.printable, max_size=8)), max_size=12))
def test_what_was_masked_has_nothing_left_to_find(pieces: list[str]) -> None:
    once = masked("".join(pieces))
    assert masked(once) == once


@settings(max_examples=60)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=12))
def test_what_is_found_lies_apart_and_in_order(pieces: list[str]) -> None:
    text = "".join(pieces)
    ends = [at for secret in find_secrets(text) for at in (secret.start, secret.end)]
    assert ends == sorted(ends) and all(0 <= at <= len(text) for at in ends)
    assert len(ends) == 2 * len({secret.start for secret in find_secrets(text)})


@pytest.mark.parametrize(
    "piece",
    [
        "eyJ",
        "sk-",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----!",
        "4",
        "4111 ",
        "://a:",
        "?token=",
        "1-",
    ],
)
def test_the_longest_question_is_looked_through_whatever_it_repeats(piece: str) -> None:
    """A search that went back over what it has read would not come back from these within hours."""
    find_secrets((piece * MAX_PROMPT_CHARS)[:MAX_PROMPT_CHARS])
