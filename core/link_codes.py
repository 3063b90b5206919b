"""The codes of /link and /admin link: ten characters that are read off one screen and typed at another."""

import secrets

from core.ports import Vault

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U, which are read as others: 5 bits a character."""
CODE_CHARS = 10
"""50 bits: at five tries an hour nobody finds one of a million live codes in a million years."""
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})
_MAX_TYPED_CHARS = 100


def new_code() -> str:
    """One that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARS))


def read(typed: str) -> str:
    """What somebody typed, as it was shown: however they wrote it."""
    return typed[:_MAX_TYPED_CHARS].upper().translate(_READ_AS)


def digest_of(code: str, vault: Vault) -> str:
    """What the books keep of a code."""
    return vault.digest(f"link\n{code}")
