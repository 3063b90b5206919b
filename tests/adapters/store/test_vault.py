"""Text at rest: unreadable without the key, gone when it was tampered with, and a key that two processes share."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.store.vault import FernetVault, secret_beside
from core.errors import NotConfigured

VAULT = FernetVault("a secret")
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)


@given(ANY_TEXT)
def test_what_was_sealed_can_be_read_again(text: str) -> None:
    assert VAULT.unseal(VAULT.seal(text)) == text


def test_half_a_character_is_kept_as_it_is() -> None:
    assert VAULT.unseal(VAULT.seal("\ud800")) == "\ud800"


def test_sealed_text_shows_nothing_and_is_never_the_same() -> None:
    sealed = VAULT.seal("why does my migration deadlock?")
    assert b"migration" not in sealed
    assert sealed != VAULT.seal("why does my migration deadlock?")


def test_another_key_reads_nothing() -> None:
    with pytest.raises(ValueError, match="another SECRET_KEY"):
        FernetVault("another secret").unseal(VAULT.seal("text"))


def test_text_that_was_changed_is_refused() -> None:
    sealed = bytearray(VAULT.seal("text"))
    sealed[30] ^= 1
    for damaged in (bytes(sealed), bytes(sealed[:-1]), b""):
        with pytest.raises(ValueError, match="damaged"):
            VAULT.unseal(damaged)


def test_a_digest_is_the_same_for_the_same_key_only() -> None:
    assert VAULT.digest("event-1") == FernetVault("a secret").digest("event-1")
    assert VAULT.digest("event-1") != VAULT.digest("event-2")
    assert VAULT.digest("event-1") != FernetVault("another secret").digest("event-1")
    assert "event" not in VAULT.digest("event-1")


def test_any_text_is_a_secret() -> None:
    assert FernetVault("\N{SNOWMAN} " * 100).unseal(FernetVault("\N{SNOWMAN} " * 100).seal("text")) == "text"


# --- the key beside the database ---


def test_a_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    secret = secret_beside(tmp_path / "new")
    key = tmp_path / "new" / "secret.key"
    assert secret_beside(tmp_path / "new") == secret
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert [each.name for each in key.parent.iterdir()] == ["secret.key"]


def test_processes_that_start_at_once_share_a_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        secrets = set(threads.map(secret_beside, [tmp_path] * 8))
    assert len(secrets) == 1


def test_two_folders_have_two_keys(tmp_path: Path) -> None:
    assert secret_beside(tmp_path / "a") != secret_beside(tmp_path / "b")


def test_an_empty_key_is_not_replaced_by_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("\n")
    with pytest.raises(NotConfigured, match=r"is empty\. Put back the copy"):
        secret_beside(tmp_path)
    assert (tmp_path / "secret.key").read_text() == "\n"


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotConfigured, match=r"SECRET_KEY is not set and .*secret\.key cannot be used"):
        secret_beside(tmp_path / "file")


def test_a_key_of_ones_own_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text(f"my own secret{os.linesep}")
    assert secret_beside(tmp_path) == "my own secret"
