"""The catalogue's files as values: which providers exist, which models they have, and what those cost.

Everything that is wrong with a file stops the start with `NotConfigured`, which names the file, the line, the model
and what to write instead: a price that was guessed would be worse than no bot.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from adapters.llm.models_file import parse_models
from adapters.llm.operator_models import OperatorModels, read_text
from adapters.llm.providers_file import ProviderRow, parse_providers
from core.models import PRACTICE, Model

PROVIDERS_FILE = Path(__file__).with_name("providers.toml")
OWN_MODELS_FILE = Path(__file__).with_name("models.toml")


@dataclass(frozen=True, slots=True)
class CatalogueFiles:
    """All that the files list, whether it can be used here or not. `operators` is the MODELS_FILE, if there is one."""

    providers: Mapping[str, ProviderRow]
    built_in: Mapping[str, Model]
    operators: OperatorModels | None = None

    @property
    def models(self) -> Mapping[str, Model]:
        """The built-in models and, over them, the operator's."""
        return {**self.built_in, **self.models_of_operator}

    @property
    def models_of_operator(self) -> Mapping[str, Model]:
        """Those that MODELS_FILE adds or replaces."""
        return self.operators.models if self.operators is not None else {}


def load_catalogue(models_file: Path | None = None) -> CatalogueFiles:
    """Our files, and the operator's MODELS_FILE over them: its models are added, or replace ours of the same id.

    The practice provider is built in: it has a model with a made-up price, and no row, since it has no address.
    """
    providers, built_in = _our_files()
    operators = None if models_file is None else OperatorModels(models_file, built_in, providers)
    return CatalogueFiles(providers, built_in, operators)


@cache
def _our_files() -> tuple[Mapping[str, ProviderRow], Mapping[str, Model]]:
    """Our providers and models: their files come with the code, and reading them takes longer than opening books."""
    providers = parse_providers(read_text(PROVIDERS_FILE), PROVIDERS_FILE.name)
    known = [*providers, PRACTICE]
    built_in = parse_models(read_text(OWN_MODELS_FILE), OWN_MODELS_FILE.name, known=known, rows=providers)
    return MappingProxyType(providers), MappingProxyType(built_in)
