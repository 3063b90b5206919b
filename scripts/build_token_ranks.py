"""Rebuild the rank files in adapters/llm/ranks: `python -m scripts.build_token_ranks` (needs npm and the network).

tiktoken downloads its ranks at the first count, which fails behind a firewall. The npm package `tiktoken` (MIT) carries
the same ranks, so they are taken from there, and are written only if they are, byte for byte, what tiktoken pins.
"""

import base64
import hashlib
import json
import lzma
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from adapters.llm.tokens import RANKS_FOLDER, library_arguments

NAMES = ("o200k_base", "cl100k_base")


def main() -> None:
    """Fetch the package, check both encodings, write both files. SystemExit: no npm, or ranks tiktoken does not pin."""
    with tempfile.TemporaryDirectory() as folder:
        package = fetch(Path(folder))
        for name in NAMES:
            tokens = read_package(package, name)
            found, pinned = sha256(tokens), pinned_sha256(name)
            if found != pinned:
                raise SystemExit(f"{name}: the package's ranks have sha256 {found}, tiktoken pins {pinned}")
            target = RANKS_FOLDER / f"{name}.xz"
            target.write_bytes(pack(tokens))
            print(f"{name}: {len(tokens)} tokens, sha256 {found}, {target.stat().st_size} bytes")


def fetch(folder: Path) -> Path:
    """Return the package file that npm put into `folder`."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not installed: it fetches the package that has the ranks")
    subprocess.run([npm, "pack", "--silent", "tiktoken"], cwd=folder, check=True)  # noqa: S603 - fixed words only
    return next(folder.glob("tiktoken-*.tgz"))


def read_package(package: Path, name: str) -> list[bytes]:
    """Return the tokens of encoding `name` in the order of their ranks. ValueError: a rank is missing."""
    with tarfile.open(package) as archive:
        member = archive.extractfile(f"package/encoders/{name}.json")
        if member is None:
            raise ValueError(f"{name} is no file in {package.name}")
        lines = str(json.load(member)["bpe_ranks"]).splitlines()
    tokens: list[bytes] = []
    for line in lines:  # "! <first rank> <token> <token> ...", tokens in base64
        _, first_rank, *words = line.split(" ")
        if int(first_rank) != len(tokens):
            raise ValueError(f"{name}: expected rank {len(tokens)}, found {first_rank}")
        tokens += [base64.b64decode(word) for word in words]
    return tokens


def sha256(tokens: list[bytes]) -> str:
    """Return the hash of these tokens written as OpenAI publishes them: a line for each, in base64, with its rank."""
    text = b"".join(b"%s %d\n" % (base64.b64encode(token), rank) for rank, token in enumerate(tokens))
    return hashlib.sha256(text).hexdigest()


def pinned_sha256(name: str) -> str:
    """Return the hash that the installed tiktoken demands of encoding `name`'s download."""
    pinned: list[str] = []

    def note(_address: str, expected_hash: str) -> dict[bytes, int]:
        pinned.append(expected_hash)
        return {}

    library_arguments(name, note)
    return pinned[0]


def pack(tokens: list[bytes]) -> bytes:
    """Return the compressed file: the number of tokens (4 bytes), the length of each (1 byte), then their bytes."""
    data = len(tokens).to_bytes(4, "big") + bytes(len(token) for token in tokens) + b"".join(tokens)
    return lzma.compress(data, preset=9 | lzma.PRESET_EXTREME)


if __name__ == "__main__":
    main()
