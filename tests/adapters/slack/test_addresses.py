"""Who is shown a token or an answer: Slack, and nobody whom an address could be mistaken for."""

import pytest

from adapters.slack.addresses import is_file_of_slacks, is_slacks

API = "https://slack.com/api/"
NOT_SLACKS = (
    "http://files.slack.com/files-pri/T1-F1/a.png",
    "https://files.slack.com:444/files-pri/a.png",
    "https://files.slack.com:port/files-pri/a.png",
    "https://files.slack.com:99999/files-pri/a.png",
    "https://slack.com.evil.example/files-pri/a.png",
    "https://evilslack.com/files-pri/a.png",
    "https://evil.example/files.slack.com/files-pri/a.png",
    "https://files.slack.com@evil.example/files-pri/a.png",
    "https://evil.example\\.slack.com/files-pri/a.png",
    "https://evil.example\\@files.slack.com/files-pri/a.png",
    "https://evil.example%2f.slack.com/files-pri/a.png",
    "https://evil.example#.slack.com/files-pri/a.png",
    "https://evil.example\t.slack.com/files-pri/a.png",
    "https://[::1]/files-pri/a.png",
    "https://169.254.169.254/files-pri/a.png",
    "//files.slack.com/files-pri/a.png",
    "file:///etc/passwd",
    "",
)


@pytest.mark.parametrize("address", NOT_SLACKS)
def test_not_slacks(address: str) -> None:
    assert not is_slacks(address, API)
    assert not is_file_of_slacks(address, API)


@pytest.mark.parametrize("address", ["https://hooks.slack.com/actions/T1/1/x", "https://slack.com/api/x"])
def test_slacks(address: str) -> None:
    assert is_slacks(address, API)
    assert not is_slacks(address, "https://slack-gov.com/api/")


@pytest.mark.parametrize(
    ("address", "is_a_file"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.png", True),
        ("https://slack.com/files-pri/T1-F1/download/a..b.png?pub_secret=1", True),
        ("https://slack.com/api/auth.revoke", False),
        ("https://slack.com/api/chat.postMessage?channel=C1&text=hello", False),
        ("https://slack.com/files-pri/../api/auth.revoke", False),
        ("https://slack.com/files-pri/%2e%2e/api/auth.revoke", False),
        ("https://slack.com/files-pri/%252e%252e/api/auth.revoke", False),
        ("https://slack.com/files-pri/..%2fapi/auth.revoke", False),
        ("https://slack.com/files-pri\\..\\api/auth.revoke", False),
        ("https://slack.com//files-pri/T1-F1/a.png", False),
        ("https://home.slack.com/services/export/download/1", False),
    ],
)
def test_of_slacks_own_addresses_only_files_are_fetched(address: str, is_a_file: bool) -> None:
    assert is_file_of_slacks(address, API) is is_a_file
