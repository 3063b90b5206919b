"""The operator's MODELS_FILE while Chipin runs: read again when it changes, and not believed while it is broken."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from adapters.llm.models_file import parse_models
from adapters.llm.providers_file import ProviderRow
from core.errors import NotConfigured
from core.models import Model

MAX_FILE_BYTES = 1024 * 1024

_NAMES = re.compile(r"""^\s*id\s*=\s*["']([^"'\n]+)["']""", re.M)

Stamp = tuple[int, ...]
"""What changes when a file does; empty while there is none."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look into the file gave. `names` are the ids that it speaks of, as far as that can be told."""

    stamp: Stamp
    models: Mapping[str, Model] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    trouble: str = ""


class OperatorModels:
    """The file's models. While it is broken there are none, and `names` says which are not to be offered either.

    Those are all that it named when it was last good, and all that can be found in it now: the operator wanted other
    prices for them than ours. Raises `NotConfigured` if the file is broken when it is first read.
    """

    def __init__(self, path: Path, built_in: Mapping[str, Model], rows: Mapping[str, ProviderRow]) -> None:
        self._path = path
        self._built_in = built_in
        self._rows = rows
        self._reading = self._read()
        self._certain = False
        if self._reading.trouble:
            raise NotConfigured(self._reading.trouble)

    @property
    def models(self) -> Mapping[str, Model]:
        """The models that the file adds or replaces, by id; none while it is broken."""
        return self._reading.models

    @property
    def names(self) -> frozenset[str]:
        """The ids that are the file's affair: none of our own rows stands in for them."""
        return self._reading.names

    @property
    def trouble(self) -> str:
        """What is wrong with the file, with its line and the fix; empty while it is good."""
        return self._reading.trouble

    async def look(self) -> bool:
        """Read the file if it changed, in a thread; whether anything is otherwise now.

        A file that changed is read at the next look once more: what was caught half-written, or was written twice
        within one tick of the disk's clock, shows then.
        """
        stamp = await asyncio.to_thread(_stamp_of, self._path)
        if stamp == self._reading.stamp and self._certain:
            return False
        before = self._reading
        reading = await asyncio.to_thread(self._read)
        if reading.trouble:
            reading = Reading(reading.stamp, names=reading.names | before.names, trouble=reading.trouble)
        self._certain = reading.stamp == before.stamp
        self._reading = reading
        return (reading.models, reading.names, reading.trouble) != (before.models, before.names, before.trouble)

    def _read(self) -> Reading:
        stamp, text = _stamp_of(self._path), ""
        try:
            text = read_text(self._path)
            models = parse_models(
                text, str(self._path), known=list(self._rows), rows=self._rows, built_in=self._built_in
            )
        except NotConfigured as wrong:
            return Reading(stamp, names=frozenset(_NAMES.findall(text)), trouble=str(wrong))
        return Reading(stamp, models, frozenset(models))


def read_text(path: Path) -> str:
    """A catalogue file's text. Raises `NotConfigured`."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise NotConfigured(f"{path} is larger than {MAX_FILE_BYTES} bytes: that is no catalogue.")
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotConfigured(f"{path} cannot be read as UTF-8 text. Check MODELS_FILE and the file's rights.") from error


def _stamp_of(path: Path) -> Stamp:
    """When the file was written or put there, its size and which file it is."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
