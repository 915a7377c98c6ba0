"""`manage.py prepare` makes a site ready to serve; a second run, or one after a crash, is safe."""

import re
import subprocess
import sys

import pytest

from tests.databases import ROOT, fresh_database
from tests.server import Server

pytestmark = pytest.mark.server
COUNTS = """
from django.contrib.auth.models import User
from articles.models.article import Article
from comments.models.comment import Comment
print(Article.objects.count(), Comment.objects.count(), list(User.objects.values_list()))
"""


@pytest.fixture
def unprepared(tmp_path):
    """Makes a site on an empty database, which is not served; its environment may be changed."""
    sites = []

    def make(**environment):
        sites.append(Server(tmp_path, database, **{"ADMIN_PASSWORD": ""} | environment))
        return sites[-1]

    with fresh_database(tmp_path) as database:
        yield make
        for site in sites:
            site.stop()


def check_password(site, password: str) -> str:
    code = "from django.contrib.auth.models import User"
    return site.run(f"{code}; print(User.objects.get().check_password({password!r}))").strip()


def test_prepare_a_second_time_changes_nothing(unprepared):
    site = unprepared()
    [password] = re.findall(r"First login: admin, password: (\S+)", site.manage("prepare"))
    before = site.run(COUNTS)
    essays, comments, _ = before.split(" ", 2)
    assert int(essays) >= 3 and int(comments) >= 10
    assert check_password(site, password) == "True"
    again = unprepared(ADMIN_PASSWORD="another password").manage("prepare")
    assert "password" not in again and "/admin/" in again
    assert site.run(COUNTS) == before
    assert "whole" in site.command("check_threads")


def test_a_given_password_is_used_and_not_printed(unprepared):
    site = unprepared(DEMO="0", ADMIN_PASSWORD="open sesame 42")
    assert "open sesame" not in site.manage("prepare")
    assert site.run(COUNTS).startswith("0 0 [")
    assert check_password(site, "open sesame 42") == "True"


@pytest.mark.parametrize("lines", [1, 3, 7])
def test_a_start_that_was_cut_off_is_made_good_by_the_next(unprepared, lines):
    """Killed as soon as it has told of some of the sample essays, or of them and the login."""
    site = unprepared()
    command = [sys.executable, "-u", "manage.py", "prepare"]
    with subprocess.Popen(
        command, cwd=ROOT, env=site.environment, stdout=subprocess.PIPE
    ) as first:
        for _ in range(lines):
            first.stdout.readline()
        first.kill()
    site.manage("prepare")
    essays, comments, users = site.run(COUNTS).split(" ", 2)
    assert int(essays) == len(list((ROOT / "blogsite/demo").glob("*.md")))
    assert int(comments) > 50 and users.count("admin") == 1
    assert "whole" in site.command("check_threads")
