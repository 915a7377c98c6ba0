"""The public scripts: small, and loaded only by pages that use them."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.builders import build_article, build_comment
from tests.comments.reading import points_path, read

ROOT = Path(settings.BASE_DIR)
MAX_BYTES = 15 * 1024


def is_staffs(script: Path) -> bool:
    """Whether the admin asks for it, and no reader's page."""
    desk = [*ROOT.glob("templates/admin/**/*.html"), *ROOT.glob("*/admin*.py")]
    return any(script.name in file.read_text() for file in desk)


def test_all_public_scripts_together_are_small():
    public = [script for script in ROOT.glob("static/js/*.js") if not is_staffs(script)]
    assert len(public) > 1
    assert sum(len(gzip.compress(script.read_bytes(), 6)) for script in public) <= MAX_BYTES


@pytest.mark.django_db
def test_scripts_of_threads_come_with_threads_alone(client):
    article = build_article()
    build_comment(article)
    essay = article.get_absolute_url()
    threads = [essay, f"{essay}newest/", f"{essay}since/0/", points_path(article), "/comments/"]
    for path in [*threads, "/", "/archive/", f"{essay}reply/", "/search/"]:
        found = re.findall(
            r'<script type="module" src="[^"]*/js/thread[^"]*\.js">', read(client, path)
        )
        assert len(found) == (path in threads), path
