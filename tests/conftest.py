"""Makes the folder that holds the prepared sites of one run, and deletes it afterwards."""

import os
import shutil
import tempfile

from tests.databases import SHARED_FOLDER, drop_templates


def is_xdist_worker(config) -> bool:
    return hasattr(config, "workerinput")


def pytest_sessionstart(session):
    """The variable is set before pytest-xdist starts its workers, which so share the folder."""
    if not is_xdist_worker(session.config):
        os.environ[SHARED_FOLDER] = tempfile.mkdtemp(prefix="prepared-")


def pytest_unconfigure(config):
    folder = os.environ.get(SHARED_FOLDER)
    if folder and not is_xdist_worker(config):
        drop_templates()
        shutil.rmtree(folder, ignore_errors=True)
        del os.environ[SHARED_FOLDER]
