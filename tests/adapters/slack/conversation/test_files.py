"""Whose files are fetched, and what Slack tells of them."""

from adapters.slack.conversation.files import attached_to
from core.attached import Attached


def test_files_are_read_off_a_message_as_far_as_they_are_there() -> None:
    told = {
        "files": [
            {"id": "F1", "name": "a.png", "mimetype": "image/png", "size": 5, "url_private": "u", "mode": "hosted"},
            {"id": "F2", "title": "b", "size": "large"},
            {"id": "F5", "name": "c.txt", "mode": "external", "is_external": True, "url_private": "elsewhere"},
            {"id": "F3", "mode": "tombstone"},
            {"id": "F4", "mode": "hidden_by_limit"},
            {"name": "no id"},
            "no file",
        ]
    }
    assert attached_to(told) == (
        Attached("F1", "a.png", "image/png", 5, "u"),
        Attached("F2", "b"),
        Attached("F5", "c.txt"),
    )
    assert attached_to({}) == attached_to({"files": None}) == ()
