"""Served sites for tests: gunicorn with several workers on a database of its own."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg

from tests.databases import ROOT, manage, prepared_database, site_environment
from tests.django_process import DjangoProcess


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """gunicorn on a port of its own; `environment` adds to the site's settings.

    Its log is the file `log` in the folder.
    """

    application = "blogsite.wsgi"

    def __init__(self, folder: Path, database: str, workers: int = 2, **environment: str):
        self.database = database
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **site_environment(database, folder / "static"),
            "SITE_URL": self.url,
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(workers),
            "REPLIES_PER_MINUTE": "0",
            "REPLIES_PER_HOUR": "0",
            **environment,
        }
        self.process: subprocess.Popen | None = None
        self.helper: DjangoProcess | None = None
        self.log = folder / "log"

    def manage(self, *arguments: str) -> str:
        """Runs a management command in a process of its own; returns what it prints."""
        return manage(self.environment, *arguments)

    def run(self, code: str) -> str:
        """Runs Python with the site's models, in one process for all calls; returns its output."""
        if not self.helper:
            self.helper = DjangoProcess(self.environment)
        return self.helper.run(code)

    def command(self, name: str) -> str:
        """Runs a management command as `run` does, at no cost of a new process."""
        return self.run(f"from django.core.management import call_command; call_command({name!r})")

    def make_essays(self, count: int = 1) -> list[str]:
        """Saves essays; returns the path of each essay's reply form."""
        return self.run(f"from tests.load import make_essays; make_essays({count})").split()

    @contextmanager
    def background(self, code: str):
        """Runs Python in a process of its own, beside the block.

        The block begins when it prints its first line. Its standard input ends with the block:
        that is its sign to stop. Afterwards the list that this yields holds the lines that it
        printed; a failure is raised.
        """
        command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command"]
        process = subprocess.Popen(
            [*command, code],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            printed = [process.stdout.readline()]
            yield printed
            printed += process.communicate(timeout=60)[0].splitlines()
            if process.returncode:
                raise RuntimeError("\n".join(printed))
        finally:
            process.kill()
            process.communicate()

    def rows(self, query: str) -> list[tuple]:
        """The rows that a query of the database returns, read without Django."""
        if self.database.startswith("sqlite"):
            file = self.database.removeprefix("sqlite:///")
            with closing(sqlite3.connect(file, timeout=20)) as connection:
                return connection.execute(query).fetchall()
        with psycopg.connect(self.database) as connection:
            return connection.execute(query).fetchall()

    def launch(self):
        """Starts gunicorn, and does not wait until it answers."""
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, self.application],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start(self):
        self.launch()
        for _ in range(300):
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=5).close()
                return self
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self.kill()
        raise RuntimeError(f"the server did not start: {self.log.read_text()}")

    def worker_pids(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def kill(self):
        """SIGKILL to the server and all its workers at once: a power cut."""
        if self.process:
            signal_group(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self):
        """Asks the server to end, and kills it if it does not; ends the process behind `run`."""
        if self.helper:
            self.helper.stop()
            self.helper = None
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                self.kill()


def signal_group(group: int, number: int):
    with suppress(ProcessLookupError):
        os.killpg(group, number)


@contextmanager
def running_server(
    folder: Path, *, demo: bool = False, workers: int = 2, kind: type = Server, **environment: str
):
    """Yields a started Server on a prepared database; both are gone afterwards."""
    with prepared_database(folder, demo=demo) as database:
        server = kind(folder, database, workers, DEMO="1" if demo else "0", **environment)
        try:
            yield server.start()
        finally:
            server.stop()
