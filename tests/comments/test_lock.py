"""The tree lock: every change of a thread takes it first; without it, the database refuses."""

import json
from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from comments import tree
from comments.admin.rules import RulesAdmin
from comments.forms import ReplyForm
from comments.models import Ban, Comment, Rules, TreeLock
from tests import load
from tests.builders import build_article, build_comment, reply_data
from tests.databases import prepared_database
from tests.server import Server


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A prepared database that is not served: processes of our own write to it."""
    folder = tmp_path_factory.mktemp("locked")
    with prepared_database(folder) as database:
        site = Server(folder, database, DEMO="0")
        try:
            yield site
        finally:
            site.stop()


@pytest.fixture(scope="module")
def processes(site):
    with load.processes(site.environment) as call:
        yield call


@pytest.fixture
def essays(site):
    """The keys of five essays, and of a comment under the first."""
    return json.loads(site.run("from tests.load import make_thread; make_thread(5)"))


def count(site):
    return site.rows("SELECT COUNT(*) FROM comments_comment")[0][0]


@pytest.mark.server
def test_twenty_processes_save_at_once_though_the_lock_has_no_row(site, processes, essays):
    """As after `flush`: whoever comes first makes the row, and nobody passes meanwhile."""
    site.run("from comments.models import TreeLock; TreeLock.objects.all().delete()")
    before = count(site)
    saved = sum(processes(load.save_some, *essays))
    assert count(site) == before + saved
    assert "whole" in site.command("check_threads")
    assert site.rows("SELECT id FROM comments_treelock") == [(1,)]


@pytest.mark.server
def test_loads_and_saves_at_once_keep_every_tree_whole(site, processes, essays):
    before = count(site)
    saved = sum(processes(load.save_or_load, *essays))
    assert count(site) == before + saved
    assert "whole" in site.command("check_threads")


@pytest.mark.server
def test_without_the_lock_no_broken_tree_is_stored(site, processes, essays):
    """On PostgreSQL the constraint on places refuses; on SQLite the transaction is the lock."""
    articles, root = essays
    before = count(site)
    said = sum(processes(load.save_without_lock, articles, None), [])
    said += sum(processes(load.save_without_lock, articles[:1], root), [])
    assert count(site) == before + 80 - len(said)
    if connection.vendor == "postgresql":
        assert any("comment_tree_position_unique" in error for error in said)
    else:
        assert said == []
    assert "whole" in site.command("check_threads")


def drafts(article):
    root = load.draft(0, article.pk)
    return [root, load.draft(1, article.pk, root)]


def post(article):
    form = ReplyForm(reply_data(), article=article)
    assert form.is_valid()
    form.save("127.0.0.1")


def set_rules(**values):
    """As an administrator does in the admin."""
    form = SimpleNamespace(changed_data=values, cleaned_data=values)
    request = SimpleNamespace(user=None)
    RulesAdmin(Rules, admin.site).save_model(request, Rules(**values), form, True)


def ban(article) -> Ban:
    return Ban(pk=1, kind="name", target_hash="", comment=article.comments.get())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "write",
    [
        lambda article: load.draft(0, article.pk).save(),
        lambda article: load.draft(0, article.pk, article.first_comment).save(),
        lambda article: tree.load(drafts(article)),
        lambda article: tree.rebuild(),
        lambda article: article.comments.hide(),
        post,
        lambda article: set_rules(days_open=30),
        lambda article: ban(article).lift(),
    ],
    ids=["root", "reply", "load", "rebuild", "hide", "post", "rules", "lift"],
)
def test_the_lock_is_the_first_statement(write):
    article = build_article()
    article.first_comment = build_comment(article)
    with CaptureQueriesContext(connection) as captured:
        write(article)
    statements = [query["sql"] for query in captured]
    # Comment.save() makes no savepoint: its transaction begins with its first statement.
    begin = next((n for n, sql in enumerate(statements) if sql.startswith("SAVEPOINT")), -1)
    assert "comments_treelock" in statements[begin + 1]
    written = [n for n, sql in enumerate(statements) if sql.startswith(("INSERT", "UPDATE"))]
    assert all(n > begin for n in written)


@pytest.mark.django_db
def test_the_lock_is_a_lock():
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        TreeLock.take()
    if connection.vendor == "postgresql":
        assert any("FOR UPDATE" in query["sql"] for query in captured)
    assert Comment.objects.count() == 0
