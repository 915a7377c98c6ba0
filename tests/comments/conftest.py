"""Threads to read, and a test client in which a moderator is logged in."""

import pytest

from comments.models import comment
from comments.thread_page import read
from comments.views import lists
from tests.builders import build_article, build_comment, build_staff
from tests.comments.reading import ago


@pytest.fixture
def moderator():
    return build_staff("moderator", group="Moderators")


@pytest.fixture
def moderator_client(client, moderator):
    client.force_login(moderator)
    return client


@pytest.fixture
def small_pages(monkeypatch):
    """Pages that hold a handful of comments."""
    for module in (comment, read, lists):
        monkeypatch.setattr(module, "PAGE_BYTES", 600)


@pytest.fixture
def argued():
    """An essay with comments of every status on it and on its point."""
    article = build_article()
    point = article.points.first()
    first = build_comment(article, name="Ann", point=point, posted_at=ago(days=3))
    hidden = build_comment(article, first, name="Zoe", body="Unwanted words.", status="hidden")
    build_comment(article, hidden, name="Bea", body="Under a tombstone.", posted_at=ago(days=1))
    build_comment(article, first, name="Yan", body="Unwanted too.", status="held")
    build_comment(article, name="Xia", body="Unwanted as well.", point=point, status="held")
    return article
