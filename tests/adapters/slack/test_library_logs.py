"""What the libraries log reaches the log as where and what kind, never with what people wrote."""

import json
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from adapters.slack.app import bolt_app
from adapters.slack.library_logs import library_logger
from tests.slack.bolt import over_http
from tests.slack.server import FakeSlack

SECRET = "our numbers of the third quarter"


async def test_nothing_that_was_written_is_logged(capfd: pytest.CaptureFixture[str]) -> None:
    app = bolt_app("signing-secret-of-tests")

    @app.command("/broken")
    async def broken(body: dict[str, Any]) -> None:
        raise ValueError("broken")

    async with FakeSlack() as slack:
        slack.add_user("U1", "ada")
        slack.add_channel("C1", "general", ["U1"])
        with capture_logs() as logs:
            async with over_http(slack, app) as feed:
                broke = await feed.command("/broken", SECRET, user="U1", channel="C1")
                unknown = await feed.command("/unknown", SECRET, user="U1", channel="C1")
    assert (broke.status, unknown.status) == (500, 404)
    assert [log["event"] for log in logs] == ["defect_in_a_listener"]
    out, err = capfd.readouterr()
    assert SECRET not in json.dumps(logs, default=str) + out + err


def test_trouble_is_told_by_where_it_was() -> None:
    with capture_logs() as logs:
        try:
            raise OSError(SECRET)
        except OSError:
            library_logger().exception(f"Failed: {SECRET}")
    structlog.reset_defaults()
    assert logs == [
        {
            "event": "slack_library_trouble",
            "where": "test_library_logs.test_trouble_is_told_by_where_it_was",
            "kind": "OSError",
            "log_level": "warning",
        }
    ]
