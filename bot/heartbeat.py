"""A sign of life: a file beside the data, touched while the process lives; `python -m bot health` looks at its age."""

import time
from pathlib import Path

BEAT_SECONDS = 10
STALE_SECONDS = 60


def beat(data_folder: Path) -> None:
    """Give a sign of life. Raises OSError when the folder cannot be written."""
    data_folder.mkdir(parents=True, exist_ok=True)
    _file(data_folder).touch()


def why_unhealthy(data_folder: Path) -> str:
    """A sentence saying what is wrong; empty while a Chipin is alive."""
    try:
        age_seconds = time.time() - _file(data_folder).stat().st_mtime
    except OSError:
        return f"No Chipin has run on {data_folder} yet."
    return f"The last sign of life is {int(age_seconds)} seconds old." if age_seconds > STALE_SECONDS else ""


def _file(data_folder: Path) -> Path:
    return data_folder / "heartbeat"
