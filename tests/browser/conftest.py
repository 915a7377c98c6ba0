"""A served site with the demo essays, and a browser that reports what goes wrong on its pages."""

import re
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.screens import (
    EMPTY,
    HARD_ESSAY,
    LONG,
    OUTLINED,
    SHORT,
    fill_reply,
    preview,
    send_errors,
)
from tests.server import Server, running_server

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
# WCAG 2.2's only rule that a program can check; axe leaves it out unless it is asked for.
WITH_TARGETS = {"rules": {"target-size": {"enabled": True}}}
# The console notes every 4xx answer; tests of refusals ask for these.
REFUSAL = re.compile(r"the server responded with a status of 4\d\d")


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with running_server(tmp_path_factory.mktemp("site"), demo=True) as server:
        yield server


@pytest.fixture(scope="session")
def chromium():
    path = find_chromium()
    if not path:
        pytest.skip("no Chromium here; to run this: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(params=[True, False], ids=["scripts", "plain"])
def scripts(request) -> bool:
    return request.param


class WatchedBrowser:
    """Opens pages of one server; `complaints` holds what went wrong in any of them."""

    def __init__(self, chromium: Browser, server: Server):
        self.chromium, self.server = chromium, server
        self.complaints: list[str] = []

    @contextmanager
    def open(self, path: str = "/", *, scripts: bool = True, before: str = "", **options):
        """Yields a page of a browser that knows no cookie yet. `before` runs in every document."""
        context = self.chromium.new_context(
            base_url=self.server.url, java_script_enabled=scripts, **options
        )
        context.set_default_timeout(15_000)
        if before:
            context.add_init_script(before)
        page = context.new_page()
        self.watch(page)
        try:
            page.goto(path)
            yield page
        finally:
            context.close()

    def watch(self, page: Page):
        def complain(what):
            self.complaints.append(f"{page.url}: {what}")

        def note(message):
            if not REFUSAL.search(message.text):
                complain(f"console: {message.text}")

        def follow(request):
            if not request.url.startswith((self.server.url, "data:")):
                complain(f"asked {request.url}")

        page.on("console", note)
        page.on("pageerror", lambda error: complain(f"error: {error}"))
        page.on("request", follow)
        page.on("crash", lambda _: complain("crashed"))


@pytest.fixture
def browser(server, chromium):
    """No page may write to its console, fail, or ask another host for anything."""
    browser = WatchedBrowser(chromium, server)
    yield browser
    assert browser.complaints == []


@pytest.fixture
def essay(server):
    """The path of a demo essay."""

    def path(slug: str) -> str:
        [(published,)] = server.rows(
            f"SELECT published_at FROM articles_article WHERE slug = '{slug}'"
        )
        return f"/{str(published)[:4]}/{slug}/"

    return path


@pytest.fixture(scope="session")
def hard(server):
    """The path of an essay that holds the longest and deepest of everything."""
    server.run(HARD_ESSAY)
    [(published,)] = server.rows("SELECT published_at FROM articles_article WHERE slug = 'hard'")
    return f"/{str(published)[:4]}/hard/"


@pytest.fixture
def screens(essay, hard, server):
    """Every public screen: a path, and what to do there first."""
    key, slug = server.rows(
        "SELECT comments_comment.id, slug FROM comments_comment JOIN articles_article"
        f" ON article_id = articles_article.id WHERE slug = '{SHORT}' ORDER BY 1"
    )[0]
    [(anchor,)] = server.rows(
        "SELECT anchor FROM articles_point JOIN articles_article ON article_id ="
        f" articles_article.id WHERE slug = '{SHORT}' ORDER BY position LIMIT 1"
    )
    reply = f"{essay(SHORT)}reply/"
    return {
        "home": ("/", None),
        "long": (essay(OUTLINED), None),
        "short": (essay(SHORT), None),
        "empty": (essay(EMPTY), None),
        "thread": (f"{essay(LONG)}?page=2", None),
        "newest first": (f"{hard}newest/", None),
        "hard": (hard, None),
        "answers to a point": (f"{essay(SHORT)}points/{anchor}/", None),
        "since a time": (f"{hard}since/0/", None),
        "nothing since": (f"{essay(SHORT)}since/9999999999/", None),
        "newest comments": ("/comments/", None),
        "reply": (reply, None),
        "reply to a comment": (f"{reply}?parent={key}", None),
        "reply to a point": (f"{reply}?point={anchor}", None),
        "preview": (reply, preview),
        "errors": (reply, send_errors),
        "missing": ("/2026/no-such-essay/", None),
        "tag": ("/tags/cities/", None),
        "author": ("/authors/maren-holt/", None),
        "archive": ("/archive/", None),
        "year": (essay(SHORT)[:5].join(("/archive", "/")), None),
        "search": ("/search/?q=bench", None),
        "log-in": ("/admin/login/", None),
    }


def log_in(page: Page, user: str = "admin", password: str = "a password for served tests"):
    page.goto("/admin/login/?next=/admin/")
    # A browser complains about a field that has the focus before the page gives it to one.
    expect(page.get_by_label("Username")).to_be_focused()
    page.get_by_label("Username").fill(user)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")


def post_reply(page: Page, body: str, **who):
    """Fills in the form and sends it; returns the comment that the browser then shows."""
    fill_reply(page, body, **who)
    page.get_by_role("button", name="Post reply").click()
    page.wait_for_url(re.compile(r"#comment-\d+$"))
    return page.locator(":target")


def find_faults(page: Page) -> list[str]:
    """The faults that axe finds on a page, each with the HTML of its element."""
    found = Axe().run(page, options=WITH_TARGETS).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]
