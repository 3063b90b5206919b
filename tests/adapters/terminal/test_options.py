"""What may stand in front of a question."""

import os
from pathlib import Path

import pytest

from adapters.terminal.options import Typed, options_for, read_picture, split_options
from core.errors import BadInput

PNG = b"\x89PNG\r\n\x1a\n..."


@pytest.mark.parametrize(
    ("typed", "model", "images", "text"),
    [
        ("why?", "auto", (), "why?"),
        ("--model gpt-5 why\nnot?", "gpt-5", (), "why\nnot?"),
        ("--model=gpt-5 why?", "gpt-5", (), "why?"),
        ("--model gpt-5", "gpt-5", (), ""),
        ("--model", "auto", (), ""),
        ('--model "GPT 5" why?', "GPT 5", (), "why?"),
        ("--models are what?", "auto", (), "--models are what?"),
        ("why --model x", "auto", (), "why --model x"),
        ("--image a.png what is it?", "auto", ("a.png",), "what is it?"),
        ("--image 'a b.png' --model x --image=c.gif what?", "x", ("a b.png", "c.gif"), "what?"),
        ("--image", "auto", ("",), ""),
        ("--tags are what?", "auto", (), "--tags are what?"),
        ("", "auto", (), ""),
    ],
)
def test_model_and_pictures_stand_in_front(typed: str, model: str, images: tuple[str, ...], text: str) -> None:
    assert split_options(typed) == Typed(model, images, text)


@pytest.mark.parametrize("typed", ["--tag launch why?", '--model x --tag "launch" why?', "--tag=launch why?"])
def test_a_tag_stands_in_front_too(typed: str) -> None:
    options = split_options(typed)
    assert (options.tag, options.text) == ("launch", "why?")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", ()),
        ("--", ("--model", "--tag", "--image")),
        ("--i", ("--image",)),
        ("--model t", ("test",)),
        ("--model ", ("auto", "test")),
        ("--model test --im", ("--image",)),
        ("--model test wh", ()),
        ("why --m", ()),
    ],
)
def test_what_may_follow_is_offered(typed: str, words: tuple[str, ...]) -> None:
    assert options_for(typed, ["test"]).words == words


def test_pictures_and_folders_are_offered(tmp_path: Path) -> None:
    for name in ("chart.png", "chart.txt", "photo.jpg"):
        (tmp_path / name).touch()
    (tmp_path / "charts").mkdir()
    offered = options_for(f"--image {tmp_path}/ch", []).words
    assert offered == (f"{tmp_path}/chart.png", f"{tmp_path}/charts/")
    assert options_for(f"--image {tmp_path}/none/ch", []).words == ()


def test_a_picture_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "chart").write_bytes(PNG)
    assert read_picture(str(tmp_path / "chart")).data == PNG


def test_what_is_no_file_is_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    for name in ("", "missing.png", "pipe.png", ".", "a\0b"):
        with pytest.raises(BadInput, match=r"There is no file .* here|cannot be read"):
            read_picture(str(tmp_path / name))
