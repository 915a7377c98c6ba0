"""A held reply in the browser: its author sees it marked, nobody else sees it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WatchedBrowser, find_faults, post_reply
from tests.server import running_server


@pytest.fixture(scope="module")
def careful(tmp_path_factory):
    with running_server(tmp_path_factory.mktemp("held"), HOLD_REPLIES="all") as server:
        server.run("from tests.builders import build_article; build_article(slug='held')")
        yield server


def test_held_reply_is_shown_to_its_author_alone(careful, chromium, scripts):
    browser = WatchedBrowser(chromium, careful)
    [(published,)] = careful.rows("SELECT published_at FROM articles_article")
    path = f"/{str(published)[:4]}/held/"
    words = f"Let me in, scripts {scripts}."
    with browser.open(path, scripts=scripts) as page, browser.open(path) as other:
        comment = post_reply(page, words)
        expect(comment).to_contain_text(words)
        expect(comment.locator(".held")).to_contain_text("only you see this")
        expect(comment.get_by_role("link", name="Reply")).to_have_count(0)
        other.reload()
        expect(other.get_by_text(words)).to_have_count(0)
        expect(other.locator(f"#{comment.get_attribute('id')}")).to_have_count(0)
        if scripts:
            assert find_faults(page) == []
    assert browser.complaints == []
