"""Whose files are fetched, and what Slack tells of them."""

from urllib.parse import urlsplit

import pytest

from adapters.slack.conversation.files import Attached, _is_slacks, attached_to

API = urlsplit("https://slack.com/api/")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.png", True),
        ("https://slack.com/files/a.png", True),
        ("http://files.slack.com/files-pri/T1-F1/a.png", False),
        ("https://files.slack.com:444/a.png", False),
        ("https://files.slack.com:port/a.png", False),
        ("https://slack.com.evil.example/a.png", False),
        ("https://evilslack.com/a.png", False),
        ("https://evil.example/files.slack.com/a.png", False),
        ("https://files.slack.com@evil.example/a.png", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_the_token_is_shown_to_the_host_of_the_web_api_and_those_below_it(url: str, shown: bool) -> None:
    assert _is_slacks(urlsplit(url), API) is shown


def test_files_are_read_off_a_message_as_far_as_they_are_there() -> None:
    told = {
        "files": [
            {"id": "F1", "name": "a.png", "mimetype": "image/png", "size": 5, "url_private": "u", "mode": "hosted"},
            {"id": "F2", "title": "b", "size": "large"},
            {"id": "F3", "mode": "tombstone"},
            {"id": "F4", "mode": "hidden_by_limit"},
            {"name": "no id"},
            "no file",
        ]
    }
    assert attached_to(told) == (Attached("F1", "a.png", "image/png", 5, "u"), Attached("F2", "b"))
    assert attached_to({}) == attached_to({"files": None}) == ()
