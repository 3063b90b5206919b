"""What may stand in front of a question: which model, which tag, which pictures. And the pictures, read from files."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from adapters.terminal.completion import starting_with
from adapters.terminal.screen import Suggestions
from core.call import ImagePart
from core.commands import options as core_options
from core.commands.options import MODEL, TAG
from core.errors import BadInput
from core.models import AUTO
from core.pictures import MAX_PICTURE_BYTES, picture_of

IMAGE = "--image"
_WITH_VALUE = (MODEL, TAG, IMAGE)
_OPTION = core_options.with_its_value(_WITH_VALUE)
_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
_MOST_FILES = 50


@dataclass(frozen=True, slots=True)
class Typed:
    """A question as it was typed: the model ("auto" without one), the files of its pictures, its text.

    `tag` is as it was typed in front; empty where none was.
    """

    model: str
    images: tuple[str, ...]
    text: str
    tag: str = ""


def split_options(typed: str) -> Typed:
    """What stands in front of a question; quotes keep a name with spaces together."""
    options, text = core_options.split_options(typed, with_value=_WITH_VALUE)
    last = dict(options)
    images = tuple(value for name, value in options if name == IMAGE)
    return Typed(last.get(MODEL) or AUTO, images, text, last.get(TAG, ""))


def options_for(typed: str, models: Iterable[str]) -> Suggestions:
    """How the option that is being typed may go on; nothing once the question itself has begun."""
    rest = typed
    while (option := _OPTION.match(rest)) and option.end() < len(rest):
        rest = rest[option.end() :]
    name, space, value = rest.partition(" ")
    if not space:
        return starting_with(name, _WITH_VALUE) if name else Suggestions()
    if name == MODEL and " " not in value:
        return starting_with(value, [AUTO, *models])
    if name == IMAGE and " " not in value:
        return starting_with(value, _pictures_at(value))
    return Suggestions()


def read_picture(name: str) -> ImagePart:
    """The picture in a file of this machine. `BadInput` when there is none."""
    path = Path(name).expanduser()
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise BadInput(f"There is no file {name!r} here. Type where the picture is, like {IMAGE} chart.png.")
        with path.open("rb") as file:
            data = file.read(MAX_PICTURE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise BadInput(f"The file {name!r} cannot be read. Look whether you may open it.") from error
    return picture_of(data, path.name)


def _pictures_at(typed: str) -> list[str]:
    """Folders and pictures whose names may follow what is typed."""
    folder = typed[: typed.rfind("/") + 1]
    try:
        with os.scandir(Path(folder or ".").expanduser()) as entries:
            found = [f"{folder}{entry.name}{'/' if entry.is_dir() else ''}" for entry in entries]
    except OSError:
        return []
    return sorted(name for name in found if name.endswith(("/", *_SUFFIXES)))[:_MOST_FILES]
