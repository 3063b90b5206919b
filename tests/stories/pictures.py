"""The pictures in docs/: each has its scene as JSON beside it, and was drawn from that."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from scripts.pictures import DRAWN, Json, digest
from tests.stories.pages import ROOT
from tests.stories.transcript import masked

OF_SLACK = ROOT / "docs" / "pictures"
OF_DISCORD = OF_SLACK / "discord"
OF_DIGEST = OF_SLACK / "digest"
MOST_BYTES = 200_000
Scenes = Mapping[str, Json]


def kept(folder: Path) -> Scenes:
    """The scenes as they were drawn."""
    return {file.stem: json.loads(file.read_text()) for file in folder.glob("*.json")}


def written(scene: Json) -> str:
    """A scene as it stands in its file."""
    return json.dumps(scene, indent=1, ensure_ascii=False) + "\n"


def same(one: Json, other: Json) -> bool:
    """Whether two scenes differ in days and moments only."""
    return masked(json.dumps(one, ensure_ascii=False)) == masked(json.dumps(other, ensure_ascii=False))


def assert_still_true(now: Scenes, folder: Path) -> None:
    """Every picture of the folder shows what the app sends now."""
    drawn = kept(folder)
    assert now.keys() == drawn.keys()
    for name, scene in now.items():  # where one differs, `python -m tests.stories.write_pictures` writes it anew
        assert same(scene, drawn[name]), name
        assert (folder / f"{name}.png").stat().st_size <= MOST_BYTES, name


def assert_drawn(folder: Path, page: Callable[[Json], str]) -> None:
    """Every picture was drawn from its scene. `python -m scripts.render_slack docs/pictures` draws them anew."""
    drawn = dict(line.split() for line in (folder / DRAWN).read_text().splitlines())
    for name, scene in kept(folder).items():
        assert drawn[name] == digest(page(scene)), name
