"""The moderation queue by keyboard, and on a phone without scripts."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, find_faults, log_in

QUEUE = "/admin/comments/comment/queue/"
HELD = """
from articles.models.article import Article
from tests.builders import build_comment
article = Article.objects.earliest("pk")
print([build_comment(article, name=f"{name}", status="held").pk for name in %r])
"""


def hold(server, *names) -> list[int]:
    """Makes held comments; their keys."""
    return [int(key) for key in server.run(HELD % (names,)).strip(" []\n").split(",")]


def test_queue_is_worked_through_by_keys_with_undo_and_an_off_switch(browser, server):
    keys = hold(server, "First Waiting", "Second Waiting", "Third Waiting")
    with browser.open("/admin/") as page:
        log_in(page)
        page.goto(f"{QUEUE}?kind=held")
        rows = [page.locator(f"#waiting-{key}") for key in keys]
        expect(rows[0]).to_be_visible()
        for _ in range(page.locator(".queue-item").count()):
            page.keyboard.press("j")
        expect(rows[2]).to_be_focused()
        page.keyboard.press("k")
        expect(rows[1]).to_be_focused()
        page.keyboard.press("x")
        expect(rows[1].get_by_role("checkbox")).to_be_checked()
        page.keyboard.press("k")
        with page.expect_navigation():
            page.keyboard.press("h")
        # The next one stands in its place, and has the focus.
        expect(rows[0]).to_have_count(0)
        expect(rows[1]).to_be_focused()
        with page.expect_navigation():
            page.keyboard.press("u")
        expect(rows[0]).to_be_visible()
        page.keyboard.press("?")
        page.get_by_label("Take keys on this screen").uncheck()
        page.reload()
        page.keyboard.press("j")
        expect(page.locator(".queue-item:focus")).to_have_count(0)
        assert find_faults(page) == []


def test_queue_is_worked_through_on_a_phone_without_scripts(browser, server):
    kept, bad = hold(server, "Fine Words", "Bad Words")
    with browser.open("/admin/", scripts=False, **PHONE) as page:
        log_in(page)
        page.goto(f"{QUEUE}?kind=held")
        button = page.locator(f"#waiting-{kept}").get_by_role("button", name="Publish")
        assert button.bounding_box()["height"] >= 44
        with page.expect_navigation():
            button.tap()
        expect(page.locator(f"#waiting-{kept}")).to_have_count(0)
        page.locator(f"#waiting-{bad} .select-row").tap()
        with page.expect_navigation():
            page.locator(".bulk").get_by_role("button", name="Spam").tap()
        expect(page.locator(".last-action")).to_contain_text("1 comment marked as spam")
        with page.expect_navigation():
            page.get_by_role("button", name="Undo").tap()
        expect(page.locator(f"#waiting-{bad}")).to_be_visible()
