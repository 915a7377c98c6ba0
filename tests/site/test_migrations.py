"""Every migration of ours can be taken back and applied again, with data in the tables."""

import subprocess
import sys

import pytest

from tests.databases import ROOT, fresh_database, manage, site_environment

pytestmark = pytest.mark.server
APPS = ("comments", "articles")
TABLES = """
from django.db import connection
names = connection.introspection.table_names()
print(*sorted(name for name in names if name.startswith(("articles_", "comments_"))))
"""
CHANGE_THE_LOG = """
from django.db import DatabaseError, connection
from comments.models import Comment
Comment.objects.filter(pk=Comment.objects.first().pk).hide()
try:
    connection.cursor().execute("UPDATE comments_moderationaction SET verb = 'hold'")
except DatabaseError as error:
    print(error)
"""


def test_migrations_go_to_zero_and_up_again(tmp_path):
    with fresh_database(tmp_path) as database:
        environment = site_environment(database, tmp_path / "static")
        run = [sys.executable, "manage.py", "shell", "-v0", "-c"]

        def execute(code: str) -> str:
            done = subprocess.run(
                [*run, code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
            )
            return done.stdout.strip()

        manage(environment, "migrate")
        manage(environment, "demo")
        tables = execute(TABLES)
        assert "comments_search" in tables and "articles_search" in tables
        for app in APPS:
            manage(environment, "migrate", app, "zero")
        assert execute(TABLES) == ""
        manage(environment, "migrate")
        assert execute(TABLES) == tables
        manage(environment, "demo")
        assert "append-only" in execute(CHANGE_THE_LOG)
