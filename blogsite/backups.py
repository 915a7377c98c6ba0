"""Copies of the whole database, made and put back while the site runs."""

import os
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection


class BackupError(Exception):
    """The backup was not made, or not put back; the message says why."""


@contextmanager
def written_whole(file: Path):
    """Yields a name to write to, which becomes the file's only when all is written and on disk."""
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
    """A database file, complete as of one moment."""

    def __init__(self):
        self.live = str(connection.settings_dict["NAME"])

    def make(self, file: Path) -> None:
        with (
            written_whole(file) as part,
            closing(sqlite3.connect(self.live, timeout=60)) as live,
            closing(sqlite3.connect(part)) as copy,
        ):
            live.backup(copy)

    def restore(self, file: Path) -> None:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            try:
                (state,) = copy.execute("PRAGMA integrity_check").fetchone()
                copy.execute("SELECT 1 FROM comments_comment").fetchone()
            except sqlite3.Error as error:
                raise BackupError(f"{file} is no backup of this site: {error}") from None
            if state != "ok":
                raise BackupError(f"{file} is damaged: {state}")
            with closing(sqlite3.connect(self.live, timeout=60)) as live:
                copy.backup(live)


class PostgresBackup:
    """PostgreSQL's own archive, by its own tools."""

    def make(self, file: Path) -> None:
        with written_whole(file) as part:
            self.run("pg_dump", "--format=custom", "--no-owner", f"--file={part}")

    def restore(self, file: Path) -> None:
        listed = self.run("pg_restore", "--list", str(file), connect=False)
        if "comments_comment" not in listed:
            raise BackupError(f"{file} is no backup of this site")
        how = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
        self.run("pg_restore", *how, f"--dbname={connection.settings_dict['NAME']}", str(file))

    def run(self, program: str, *arguments: str, connect: bool = True) -> str:
        """The password goes by the environment: a command line can be read by everybody."""
        names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
        given = {**connection.settings_dict, **connection.settings_dict["OPTIONS"]}
        given["HOST"] = given["HOST"] or given.get("host")
        environment = os.environ | {
            variable: str(given[name]) for name, variable in names.items() if given[name]
        }
        if connect:
            environment["PGDATABASE"] = str(given["NAME"])
        try:
            done = subprocess.run(
                [program, *arguments], env=environment, capture_output=True, text=True
            )
        except FileNotFoundError:
            raise BackupError(f"{program} is missing: apt-get install postgresql-client") from None
        if done.returncode:
            raise BackupError(f"{program}: {done.stderr.strip()}")
        return done.stdout


def open_backup():
    return SqliteBackup() if connection.vendor == "sqlite" else PostgresBackup()
