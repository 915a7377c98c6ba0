"""Backs up and restores the whole database while the site runs."""

import os
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection


class BackupError(Exception):
    """The backup was not written or not restored; the message says why."""


@contextmanager
def atomic_file(file: Path):
    """Yields a temporary path, which becomes the file once it is written and synced to disk."""
    if file.exists():
        raise BackupError(f"{file} is there already")
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL, 0o600))
        yield part
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        os.link(part, file)
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)


class SqliteBackup:
    """A copy of the SQLite file, made by SQLite's backup API."""

    def __init__(self):
        self.live = str(connection.settings_dict["NAME"])

    def make(self, file: Path) -> None:
        with (
            atomic_file(file) as part,
            closing(sqlite3.connect(self.live, timeout=60)) as live,
            closing(sqlite3.connect(part)) as copy,
        ):
            live.backup(copy)

    def restore(self, file: Path) -> None:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            try:
                (result,) = copy.execute("PRAGMA integrity_check").fetchone()
                copy.execute("SELECT 1 FROM comments_comment").fetchone()
            except sqlite3.Error as error:
                raise BackupError(f"{file} is not a backup of this site: {error}") from None
            if result != "ok":
                raise BackupError(f"{file} is damaged: {result}")
            with closing(sqlite3.connect(self.live, timeout=60)) as live:
                copy.backup(live)


class PostgresBackup:
    """An archive that pg_dump writes and pg_restore reads."""

    def make(self, file: Path) -> None:
        with atomic_file(file) as part:
            self.run("pg_dump", "--format=custom", "--no-owner", f"--file={part}")

    def restore(self, file: Path) -> None:
        contents = self.run("pg_restore", "--list", str(file), connect=False)
        if "comments_comment" not in contents:
            raise BackupError(f"{file} is not a backup of this site")
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
        self.run("pg_restore", *options, f"--dbname={connection.settings_dict['NAME']}", str(file))

    def run(self, program: str, *arguments: str, connect: bool = True) -> str:
        """Returns the output. The password is in the environment: any user of the machine can read
        a command line."""
        names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
        database = {**connection.settings_dict, **connection.settings_dict["OPTIONS"]}
        database["HOST"] = database["HOST"] or database.get("host")
        environment = os.environ | {
            variable: str(database[name]) for name, variable in names.items() if database[name]
        }
        if connect:
            environment["PGDATABASE"] = str(database["NAME"])
        try:
            process = subprocess.run(
                [program, *arguments], env=environment, capture_output=True, text=True
            )
        except FileNotFoundError:
            raise BackupError(f"{program} is missing: apt-get install postgresql-client") from None
        if process.returncode:
            raise BackupError(f"{program}: {process.stderr.strip()}")
        return process.stdout


def open_backup():
    return SqliteBackup() if connection.vendor == "sqlite" else PostgresBackup()
