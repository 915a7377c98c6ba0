"""`make run`: ready at once, the same the second time, and gone at Ctrl-C.

Each test works in a copy of the tracked files; only the installed packages are shared.
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

from tests.server import ROOT, free_port, fresh_database, running_server

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

    def prepare(self, **environment: str) -> str:
        return self.python("manage.py", "prepare", **environment)

    def python(self, *arguments: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, code: str) -> str:
        return self.python("manage.py", "shell", "-v", "0", "-c", code).strip()

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


@pytest.fixture
def database(tmp_path):
    with fresh_database(tmp_path) as url:
        yield url


COUNTS = """
from django.contrib.auth.models import User
from articles.models.article import Article; from comments.models.comment import Comment
print(Article.objects.count(), Comment.objects.count(), list(User.objects.values_list()))
"""


def test_prepare_a_second_time_changes_nothing(tmp_path, database):
    copy = Copy(tmp_path, DATABASE_URL=database)
    [password] = re.findall(r"First login: admin, password: (\S+)", copy.prepare())
    before = copy.ask(COUNTS)
    essays, comments, _ = before.split(" ", 2)
    assert int(essays) >= 3 and int(comments) >= 10
    assert copy.ask(f"print(User.objects.get().check_password({password!r}))") == "True"
    again = copy.prepare(ADMIN_PASSWORD="another password")
    assert "password" not in again and "/admin/" in again
    assert copy.ask(COUNTS) == before
    assert "whole" in copy.python("manage.py", "check_threads")


def test_a_given_password_is_used_and_not_printed(tmp_path, database):
    copy = Copy(tmp_path, DATABASE_URL=database, DEMO="0", ADMIN_PASSWORD="open sesame 42")
    assert "open sesame" not in copy.prepare()
    assert copy.ask(COUNTS).startswith("0 0 [")
    assert copy.ask("print(User.objects.get().check_password('open sesame 42'))") == "True"


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


def test_ctrl_c_ends_gunicorn_and_its_workers_at_once(tmp_path):
    with running_server(tmp_path, workers=6) as server:
        for _ in range(3):
            os.killpg(server.process.pid, signal.SIGINT)
            assert server.process.wait(timeout=60) == 0
            server.start()
        # gunicorn gives up on a worker that does not end.
        assert "SIGKILL" not in server.log.read_text()


@pytest.mark.parametrize("booting", [1, 3, 6])
def test_ctrl_c_ends_gunicorn_while_its_workers_start(tmp_path, booting):
    with running_server(tmp_path, workers=6) as server:
        server.stop()
        seen = server.log.read_text().count("Booting worker") + booting
        server.launch()
        while server.log.read_text().count("Booting worker") < seen:
            assert server.process.poll() is None
        os.killpg(server.process.pid, signal.SIGINT)
        assert server.process.wait(timeout=60) == 0
        assert "SIGKILL" not in server.log.read_text()


@pytest.mark.parametrize("lines", [1, 3, 7])
def test_a_start_that_was_cut_off_is_made_good_by_the_next(tmp_path, database, lines):
    """Killed as soon as it has told of some of the sample essays, or of them and the login."""
    copy = Copy(tmp_path, DATABASE_URL=database)
    command = [sys.executable, "-u", "manage.py", "prepare"]
    with subprocess.Popen(
        command, cwd=copy.folder, env=copy.environment, stdout=subprocess.PIPE
    ) as first:
        for _ in range(lines):
            first.stdout.readline()
        first.kill()
    copy.prepare()
    essays, comments, users = copy.ask(COUNTS).split(" ", 2)
    assert int(essays) == len(list((ROOT / "blogsite/demo").glob("*.md")))
    assert int(comments) > 50 and users.count("admin") == 1
    assert "whole" in copy.python("manage.py", "check_threads")
