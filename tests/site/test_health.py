"""The addresses that monitoring asks, and the request log, of a served site."""

import pytest

from tests.load import fetch
from tests.server import running_server

pytestmark = pytest.mark.server


def test_machines_are_answered(tmp_path):
    metrics = str(tmp_path / "metrics")
    with running_server(tmp_path, METRICS_DIR=metrics, LOG_REQUESTS="1") as server:
        fetch(server.url + "/?email=somebody@private.example")
        answers = {path: fetch(server.url + path) for path in ("/metrics", "/readyz", "/healthz")}
        assert {status for status, _ in answers.values()} == {200}
        counted = 'blogsite_request_seconds_count{method="GET",status="200"}'
        assert counted in answers["/metrics"][1]
        log = server.log.read_text()
        assert '"status": 200' in log and '"queries": ' in log
        assert "somebody" not in log and "127.0.0.1:" not in log.split("Booting")[-1]
