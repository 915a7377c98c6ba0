"""Databases for served tests: empty ones, and copies of a site that is prepared once a run.

`manage.py prepare` takes seconds. So the first test of a run that needs a prepared site makes it
in the shared folder, under a lock; every test then copies the SQLite file or the PostgreSQL
template, and all of them use the same static files.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
# The environment variable that names the folder of this run; see conftest.py.
SHARED_FOLDER = "PREPARED_SITES"


def on_postgres() -> bool:
    return settings.DATABASE_URL.startswith("postgres")


def site_environment(database: str, static: Path) -> dict[str, str]:
    """The environment of a served site and of its management commands."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.served",
        "DATABASE_URL": database,
        "STATIC_ROOT": str(static),
        "SECRET_KEY": "a key for served tests",
        "ADMIN_PASSWORD": "a password for served tests",
    }


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Runs a management command in a process of its own; returns what it prints."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{arguments[0]} failed: {done.stdout}{done.stderr}")
    return done.stdout


# --- Empty databases --------------------------------------------------------------------------


@contextmanager
def fresh_database(folder: Path):
    """Yields the URL of an empty database of the kind that this run tests."""
    if on_postgres():
        with postgres_database() as database:
            yield database
    else:
        yield f"sqlite:///{folder / 'site.sqlite3'}"


@contextmanager
def postgres_database(template: str = "template1"):
    """Yields the URL of a copy of this PostgreSQL database; it is dropped afterwards."""
    name = f"served_{os.getpid()}_{time.monotonic_ns()}"
    create_database(name, template)
    try:
        yield address_of(name)
    finally:
        drop_database(name)


def create_database(name: str, template: str = "template1"):
    execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}"), name, template)


def drop_database(name: str):
    execute(sql.SQL("DROP DATABASE {} WITH (FORCE)"), name)


def execute(statement: sql.SQL, *names: str):
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as connection:
        connection.execute(statement.format(*map(sql.Identifier, names)))


def address_of(name: str) -> str:
    base, _, query = settings.DATABASE_URL.partition("?")
    return f"{base.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


# --- Prepared sites ---------------------------------------------------------------------------


@contextmanager
def prepared_database(folder: Path, *, demo: bool = False):
    """Yields the URL of a copy of a prepared site, with the demo essays or without any.

    The folder gets a link named `static` to the static files of the site.
    """
    shared = Path(os.environ[SHARED_FOLDER])
    kind = "demo" if demo else "plain"
    with locked(shared):
        prepare(shared, "plain")
        prepare(shared, kind)
    (folder / "static").symlink_to(shared / "static")
    if on_postgres():
        with postgres_database(template_name(shared, kind)) as database:
            yield database
    else:
        file = shutil.copy(shared / f"{kind}.sqlite3", folder / "site.sqlite3")
        yield f"sqlite:///{file}"


@contextmanager
def locked(folder: Path):
    """One process at a time is in this block."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def prepare(shared: Path, kind: str):
    """Makes the prepared site of this kind, unless it is there."""
    done = shared / f"{kind}.done"
    if done.exists():
        return
    if kind == "plain":
        environment = site_environment(new_database(shared, kind), shared / "static")
        manage(environment | {"DEMO": "0"}, "prepare")
    else:
        environment = site_environment(new_database(shared, kind, "plain"), shared / "static")
        manage(environment, "demo")
    done.touch()


def new_database(shared: Path, kind: str, source: str = "") -> str:
    """The URL of a new database, empty or a copy of another kind's."""
    if on_postgres():
        name = template_name(shared, kind)
        create_database(name, template_name(shared, source) if source else "template1")
        return address_of(name)
    file = shared / f"{kind}.sqlite3"
    if source:
        shutil.copy(shared / f"{source}.sqlite3", file)
    return f"sqlite:///{file}"


def template_name(shared: Path, kind: str) -> str:
    return f"{shared.name}_{kind}"


def drop_templates():
    """Drops what `prepare` made on a PostgreSQL server that outlives the run."""
    shared = Path(os.environ[SHARED_FOLDER])
    if on_postgres():
        for done in shared.glob("*.done"):
            drop_database(template_name(shared, done.stem))
