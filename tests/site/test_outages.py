"""The database goes away or the disk fills up: pages are still read, and no reply is lost."""

import subprocess
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests import postgres
from tests.load import FORM, fetch, post, reply
from tests.server import Server

pytestmark = [pytest.mark.once, pytest.mark.server]


def send(server, path, fields):
    """Posts a reply; returns the answer, whatever its status."""
    data = urllib.parse.urlencode(fields).encode()
    headers = FORM | {"Origin": server.url}
    request = urllib.request.Request(f"{server.url}{path}", data, headers)
    try:
        return urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        return error


def until(condition, tries=300):
    return any(condition() for _ in range(tries))


def test_database_away_gives_words_back_and_pages_go_on_being_read(tmp_path):
    binaries = postgres.find_binaries()
    if not binaries:
        pytest.skip("no PostgreSQL to take away: apt-get install postgresql")
    with postgres.cluster(binaries) as cluster:
        server = Server(tmp_path, cluster.url, workers=1, DEMO="0")
        server.manage("prepare")
        [path] = server.make_essays()
        page = f"{server.url}{path.removesuffix('reply/')}"
        server.start()
        try:
            assert fetch(page)[0] == 200
            cluster.stop()
            assert fetch(page)[0] == 200
            answer = send(server, path, reply(1))
            assert answer.status == 503 and answer.headers["Retry-After"]
            assert reply(1)["body"] in answer.read().decode()
            assert fetch(f"{server.url}/readyz")[0] == 503
            assert fetch(f"{server.url}/healthz")[0] == 200
            cluster.start()
            assert until(lambda: fetch(f"{server.url}/readyz")[0] == 200)
            assert post(server.url, path, reply(1)).is_taken
            assert until(lambda: reply(1)["body"] in fetch(page)[1])
        finally:
            server.stop()


def test_full_disk_refuses_replies_and_heals_by_itself(tmp_path):
    # A limit on the size of files is what a full disk is to SQLite; PostgreSQL's is its server's.
    server = Server(tmp_path, f"sqlite:///{tmp_path / 'site.sqlite3'}", workers=1, DEMO="0")
    server.manage("prepare")
    [path] = server.make_essays()
    page = f"{server.url}{path.removesuffix('reply/')}"
    server.start()
    try:
        assert fetch(page)[0] == 200
        limit(server, 4096)
        answer = send(server, path, reply(1))
        assert answer.status == 503
        assert reply(1)["body"] in answer.read().decode()
        assert fetch(page)[0] == 200
        limit(server, "unlimited")
        assert post(server.url, path, reply(1)).is_taken
        assert reply(1)["body"] in fetch(page)[1]
        assert "whole" in server.command("check_threads")
    finally:
        server.stop()


def limit(server, size):
    for pid in server.worker_pids():
        subprocess.run(["prlimit", f"--pid={pid}", f"--fsize={size}:unlimited"], check=True)
