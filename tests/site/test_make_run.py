"""`make run` serves the site where it is told, and ends at Ctrl-C.

Its tests work in a copy of the tracked files; only the installed packages are shared.
"""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.databases import ROOT, prepared_database
from tests.server import Server, free_port

pytestmark = [pytest.mark.once, pytest.mark.server]
OURS = ("DATABASE_URL", "SECRET_KEY", "SITE_URL", "DJANGO_SETTINGS_MODULE", "MAKEFLAGS")


class Copy:
    """The site as somebody has it who has just fetched it; `environment` is what they set."""

    def __init__(self, folder: Path, **environment: str):
        self.folder = folder / "site"
        for name in tracked_files():
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
        packages = self.folder / ".venv"
        (packages / "bin").mkdir(parents=True)
        for program, module in (("python", ""), ("gunicorn", "-m gunicorn")):
            file = packages / "bin" / program
            file.write_text(f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n')
            file.chmod(0o755)
        (packages / "runtime").touch()
        self.port = free_port()
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        self.environment = kept | {"PORT": str(self.port), "WEB_CONCURRENCY": "2"} | environment

    def ask(self, code: str) -> str:
        """Runs Python with the site's settings; returns what it prints."""
        command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @contextmanager
    def run(self, host="127.0.0.1"):
        """`make run` in a terminal's way: a group of processes that gets Ctrl-C together."""
        with (self.folder / "log").open("wb") as log:
            make = subprocess.Popen(
                ["make", "run"],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            wait_until_served(f"http://{host}:{self.port}/", make)
            yield make
        finally:
            if make.poll() is None:
                os.killpg(make.pid, signal.SIGKILL)
                make.wait()

    def log(self) -> str:
        return (self.folder / "log").read_text()


def tracked_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("this is not a git checkout")
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def wait_until_served(url: str, process: subprocess.Popen):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"{url} was not served")


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as response:
        return response.read().decode()


def test_the_secret_key_is_made_for_its_owner_alone_and_kept(tmp_path):
    copy = Copy(tmp_path)
    key = "from django.conf import settings; print(settings.SECRET_KEY)"
    made = copy.ask(key)
    file = copy.folder / "var" / "secret_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(made) >= 50 and file.read_text() == made == copy.ask(key)


def test_make_run_serves_where_it_is_told_and_ends_cleanly_at_ctrl_c(tmp_path):
    copy = Copy(tmp_path, HOST="127.0.0.2")
    with copy.run("127.0.0.2") as make:
        assert f"http://127.0.0.2:{copy.port}/admin/" in copy.log()
        page = fetch(f"http://127.0.0.2:{copy.port}/")
        assert "/static/css/site." in page
        fetch(f"http://127.0.0.2:{copy.port}" + re.search(r'/static/css/[^"]+', page)[0])
        os.killpg(make.pid, signal.SIGINT)
        # make itself says that it was interrupted, as it always does.
        assert make.wait(timeout=60) in (-signal.SIGINT, 0)
    with pytest.raises(ProcessLookupError):
        os.killpg(make.pid, 0)
    assert "Shutting down: Master" in copy.log()
    assert not re.search("Traceback|ERROR|Error ", copy.log())
    with copy.run("127.0.0.2"):
        assert "First login" not in copy.log()


@pytest.fixture
def server(tmp_path):
    """A server of six workers that is not started yet."""
    with prepared_database(tmp_path) as database:
        server = Server(tmp_path, database, workers=6, DEMO="0")
        try:
            yield server
        finally:
            server.stop()


def press_ctrl_c(server):
    os.killpg(server.process.pid, signal.SIGINT)
    assert server.process.wait(timeout=60) == 0
    # gunicorn gives up on a worker that does not end.
    assert "SIGKILL" not in server.log.read_text()


def test_ctrl_c_ends_gunicorn_and_its_workers_at_once(server):
    for _ in range(3):
        server.start()
        press_ctrl_c(server)


@pytest.mark.parametrize("booting", [1, 3, 6])
def test_ctrl_c_ends_gunicorn_while_its_workers_start(server, booting):
    server.launch()
    while server.log.read_text().count("Booting worker") < booting:
        assert server.process.poll() is None
    press_ctrl_c(server)
