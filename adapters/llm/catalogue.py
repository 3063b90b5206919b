"""The catalogue's files as values: which providers exist, which models they have, and what those cost.

Everything that is wrong with a file stops the start with `NotConfigured`, which names the file, the line, the model
and what to write instead: a price that was guessed would be worse than no bot.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from adapters.llm.models_file import parse_models
from adapters.llm.providers_file import ProviderRow, parse_providers
from core.errors import NotConfigured
from core.models import PRACTICE, Model

PROVIDERS_FILE = Path(__file__).with_name("providers.toml")
OWN_MODELS_FILE = Path(__file__).with_name("models.toml")
MAX_FILE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that the files list, whether it can be used here or not."""

    providers: Mapping[str, ProviderRow]
    models: Mapping[str, Model]


def load_catalogue(models_file: Path | None = None) -> Catalogue:
    """Our files, and the operator's MODELS_FILE over them: its models are added, or replace ours of the same id.

    The practice provider is built in: it has a model with a made-up price, and no row, since it has no address.
    """
    providers = parse_providers(_read(PROVIDERS_FILE), PROVIDERS_FILE.name)
    models = parse_models(_read(OWN_MODELS_FILE), OWN_MODELS_FILE.name, known=[*providers, PRACTICE])
    if models_file is not None:
        models |= parse_models(_read(models_file), str(models_file), known=list(providers))
    return Catalogue(providers, models)


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise NotConfigured(f"{path} is larger than {MAX_FILE_BYTES} bytes: that is no catalogue.")
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotConfigured(f"{path} cannot be read as UTF-8 text. Check MODELS_FILE and the file's rights.") from error
