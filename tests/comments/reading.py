"""Reads pages of comments with Django's test client."""

import re
from datetime import datetime, timedelta

from django.utils import timezone

NEXT = re.compile(r'rel="next[^"]*" href="([^"#]+)')


def read(client, path) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


def read_all(client, path) -> list[str]:
    """The page at this path and all pages that its `next` links lead to."""
    pages = []
    while path:
        assert len(pages) < 60
        pages.append(read(client, path))
        link = NEXT.search(pages[-1])
        path = link and link[1]
    return pages


def points_path(article, point=None) -> str:
    point = point or article.points.first()
    return f"{article.get_absolute_url()}points/{point.anchor}/"


def ago(**time) -> datetime:
    return timezone.now() - timedelta(**time)
