"""The moderators' screens in German, whose words are longer: nothing is cut off at any width."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WatchedBrowser, find_faults
from tests.server import running_server

HOME = "/admin/comments/"
SCREENS = (
    "",
    "moderationaction/",
    "ban/",
    "ban/add/",
    "comment/",
    "comment/queue/",
    "comment/weeks/",
)
SCREENS += ("comment/person/", "flag/", "pattern/", "pattern/add/", "rules/1/change/")
# Rows with the longest of what the lists show.
ROWS = """
from django.contrib.auth.models import User
from comments.models import Comment, Flag, Pattern
from comments.models.ban import create_ban
comment, by = Comment.objects.order_by("-pk")[0], User.objects.get()
rows = Comment.objects.filter(pk=comment.pk)
rows.hold(by, "Ein langer Grund. " * 5)
create_ban("host", comment=comment, by=by, reason="Ein langer Grund. " * 5)
create_ban("name", name_pattern="Donaudampfschifffahrtsgesellschaft*", by=by, reason="x" * 99)
Flag.objects.create(comment=comment, reason="off_topic", text="Ein langer Grund. " * 9, reader="x")
Pattern(kind="hold", text="Donaudampfschifffahrtsgesellschaftskapitaen", note="y" * 90).save()
"""
# Lists the elements that are wider than their box or lie over the heading.
FIND_CUT = """() => {
    const boxes = [document.documentElement, ...document.querySelectorAll('#changelist .results')];
    const wide = boxes.filter((box) => box.scrollWidth > box.clientWidth + 1);
    const words = document.createRange();
    words.selectNodeContents(document.querySelector('h1:not(#site-name)'));
    const title = words.getBoundingClientRect();
    const over = [...document.querySelectorAll('.object-tools a')].filter((link) => {
        const box = link.getBoundingClientRect();
        return box.left < title.right && box.right > title.left
            && box.top < title.bottom && box.bottom > title.top;
    });
    return [...wide.map((box) => `wide: ${box.tagName} ${box.scrollWidth - box.clientWidth}`),
            ...over.map((link) => `over the title: ${link.textContent}`)];
}"""


@pytest.fixture(scope="module")
def german(tmp_path_factory):
    folder = tmp_path_factory.mktemp("german")
    with running_server(folder, demo=True, workers=1, SITE_LANGUAGE="de") as server:
        server.run(ROWS)
        yield server


@contextmanager
def logged_in(browser, width: int, **options):
    size = {"width": width, "height": 900}
    with browser.open("/admin/login/?next=/admin/", viewport=size, **options) as page:
        expect(page.locator("#id_username")).to_be_focused()
        page.fill("#id_username", "admin")
        page.fill("#id_password", "a password for served tests")
        page.click("[type=submit]")
        page.wait_for_url("**/admin/")
        yield page


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_cut_off(german, chromium, width):
    browser, found = WatchedBrowser(chromium, german), {}
    with logged_in(browser, width) as page:
        for screen in SCREENS:
            page.goto(f"{HOME}{screen}")
            found[screen] = page.evaluate(FIND_CUT)
    assert {screen: faults for screen, faults in found.items() if faults} == {}
    assert browser.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(german, chromium, scheme):
    found = {}
    # axe itself writes to the console.
    with logged_in(WatchedBrowser(chromium, german), 360, color_scheme=scheme) as page:
        for screen in SCREENS:
            page.goto(f"{HOME}{screen}")
            # The search box of Django's lists is named by a picture alone.
            found[screen] = [fault for fault in find_faults(page) if "searchbar" not in fault]
    assert {screen: faults for screen, faults in found.items() if faults} == {}
