"""Keeps text unreadable at rest: Fernet (AES-128-CBC with HMAC) under SECRET_KEY, and keyed hashes."""

import base64
import hashlib
import hmac
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from core.errors import NotConfigured

SECRET_FILE = "secret.key"  # noqa: S105 - the name of a file


class FernetVault:
    """`core.ports.Vault`. `secret` is any text; one key to seal and another to hash are derived from it."""

    def __init__(self, secret: str) -> None:
        seal_key = hashlib.sha256(b"chipin seal\0" + secret.encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(seal_key))
        self._hash_key = hashlib.sha256(b"chipin hash\0" + secret.encode()).digest()

    def seal(self, text: str) -> bytes:
        """Encrypt. A lone surrogate is kept as it is: people paste anything."""
        return self._fernet.encrypt(text.encode("utf-8", "surrogatepass"))

    def unseal(self, sealed: bytes) -> str:
        """Decrypt; `ValueError` when it was sealed with another key or damaged."""
        try:
            return self._fernet.decrypt(sealed).decode("utf-8", "surrogatepass")
        except InvalidToken:
            raise ValueError("Sealed with another SECRET_KEY, or damaged.") from None

    def digest(self, text: str) -> str:
        """A keyed hash."""
        return hmac.new(self._hash_key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:40]


class TokenCipher:
    """Keeps tokens of chats unreadable at rest, as text: sealed with the first secret, read with any of them."""

    def __init__(self, *secrets: str) -> None:
        self._fernet = MultiFernet([Fernet(_token_key(secret)) for secret in secrets])

    def seal(self, token: str) -> str:
        """Encrypt."""
        return self._fernet.encrypt(token.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Decrypt; `ValueError` when it was sealed with another secret or damaged."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise ValueError("Sealed with another SECRET_KEY, or damaged.") from None


def _token_key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"chipin tokens\0" + secret.encode()).digest())


def secret_beside(folder: Path) -> str:
    """The secret kept in `folder`, made on first use and readable by its owner only."""
    path = folder / SECRET_FILE
    try:
        if not path.exists():
            _make_secret(folder, path)
        secret = path.read_text().strip()
    except OSError as error:
        raise NotConfigured(f"SECRET_KEY is not set and {path} cannot be used: {error}.") from error
    if not secret:
        raise NotConfigured(f"{path} is empty. Put back the copy that you kept, or set SECRET_KEY.")
    return secret


def _make_secret(folder: Path, path: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=folder)  # only the owner may read it
    with os.fdopen(descriptor, "wb") as file:
        file.write(Fernet.generate_key())
    # Linked only when whole: of two processes that start at once, one makes it and both read the same.
    with suppress(FileExistsError):
        Path(path).hardlink_to(draft)
    Path(draft).unlink()
