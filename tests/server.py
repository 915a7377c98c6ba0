"""The real thing for tests: gunicorn with several workers on a database of its own."""

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
from django.conf import settings
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def fresh_database(folder: Path):
    """Yields the URL of an empty database of the kind that this run tests."""
    if not settings.DATABASE_URL.startswith("postgres"):
        yield f"sqlite:///{folder / 'site.sqlite3'}"
        return
    base, _, query = settings.DATABASE_URL.partition("?")
    address = settings.DATABASE_URL
    name = f"served_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield f"{base.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """gunicorn on a port of its own; `environment` adds to the site's settings.

    What it writes, its log included, is in the folder.
    """

    def __init__(self, folder: Path, database: str, workers: int = 2, **environment: str):
        self.database = database
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.served",
            "DATABASE_URL": database,
            "STATIC_ROOT": str(folder / "static"),
            "SECRET_KEY": "a key for served tests",
            "SITE_URL": self.url,
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(workers),
            "REPLIES_PER_MINUTE": "0",
            "REPLIES_PER_HOUR": "0",
            "ADMIN_PASSWORD": "a password for served tests",
            **environment,
        }
        self.process: subprocess.Popen | None = None
        self.log = folder / "log"

    def manage(self, *arguments: str) -> str:
        """Runs a management command against the server's database; returns what it prints."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{arguments[0]} failed: {done.stdout}{done.stderr}")
        return done.stdout

    def run(self, code: str) -> str:
        """Runs Python in a process of its own with the site's models; returns what it prints."""
        return self.manage("shell", "--verbosity", "0", "--command", code)

    @contextmanager
    def background(self, code: str):
        """Runs Python as `run` does, beside what is in the block.

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
        """What the database holds, asked without Django."""
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
                [*command, "blogsite.wsgi"],
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
        """Asks the server to end; whoever still runs after that is killed."""
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
def running_server(folder: Path, *, demo: bool = False, workers: int = 2, **environment: str):
    """Yields a started Server on an empty, migrated database; all is gone afterwards."""
    with fresh_database(folder) as database:
        server = Server(folder, database, workers, DEMO="1" if demo else "0", **environment)
        try:
            server.manage("prepare")
            yield server.start()
        finally:
            server.stop()
