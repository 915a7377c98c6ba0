"""The reply form in the browser: previews, quotes, drafts, and no word lost."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WatchedBrowser, find_faults, post_reply
from tests.browser.screens import fill_reply
from tests.server import running_server

KITCHEN = "against-the-open-plan-kitchen"
BASEMENT = "the-honest-basement"
SELECT = "e => getSelection().selectAllChildren(e)"


def body(page):
    return page.get_by_label("Your reply")


def press(page, name: str):
    page.get_by_role("button", name=name).click()


def answer(page, place: int):
    """Opens the form under one of the page's comments; returns the comment."""
    comment = page.locator(".comment:not(.elsewhere)").nth(place)
    comment.get_by_role("link", name="Reply").click()
    expect(page.locator(".reply-context")).to_be_visible()
    return comment


def find_overflow(page) -> list[int]:
    """How far the page is wider than its window, as it is and at twice the size of its text."""
    over = []
    for size in ("36px", ""):
        page.evaluate("size => document.documentElement.style.fontSize = size", size)
        over.append(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
    return over


@pytest.mark.parametrize("scheme, width", [("light", 1280), ("dark", 320)])
def test_preview_and_errors_come_to_the_form_where_it_is(browser, essay, scheme, width):
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    with browser.open(essay(KITCHEN), reduced_motion="reduce", **look) as page:
        key = answer(page, 0).get_attribute("id")
        fill_reply(page, "**Loud**, then quiet.", name="\u200b")
        press(page, "Preview")
        expect(page.locator("#reply-errors")).to_be_focused()
        expect(page.locator("#reply-errors")).to_contain_text("can be read")
        expect(page.get_by_label("Name")).to_have_accessible_description(re.compile("can be read"))
        expect(page.get_by_label("Email")).to_have_accessible_description(re.compile("published"))
        assert find_faults(page) == [] and find_overflow(page) == [0, 0]
        page.get_by_label("Name").fill("Cleo")
        press(page, "Preview")
        expect(page.locator(f"#{key} + #reply-form .preview")).to_be_focused()
        expect(page.locator(".preview strong")).to_have_text("Loud")
        expect(page.locator("#reply-errors, .error")).to_have_count(0)
        expect(page.get_by_label("Name")).not_to_have_attribute("aria-invalid", "true")
        expect(body(page)).to_have_value("**Loud**, then quiet.")
        assert find_faults(page) == [] and find_overflow(page) == [0, 0]
        press(page, "Preview")
        expect(page.locator(".preview")).to_have_count(1)


def test_escape_takes_the_form_back(browser, essay):
    with browser.open(essay(KITCHEN)) as page:
        comment = answer(page, 1)
        expect(page.locator("#reply-form")).to_have_accessible_description(
            re.compile("You are answering")
        )
        page.keyboard.press("Escape")
        expect(page.locator("#comments > #reply-form")).to_be_visible()
        expect(comment.get_by_role("link", name="Reply")).to_be_focused()


def test_selected_words_are_quoted_at_the_cursor(browser, essay):
    with browser.open(essay(KITCHEN)) as page:
        words = page.locator(".comment .comment-body p").first
        expect(page.locator("button.quote")).to_be_hidden()
        words.evaluate(SELECT)
        answer(page, 0)
        expect(body(page)).to_have_value(f"> {words.inner_text()}\n\n")
        body(page).fill("Before and after.")
        body(page).evaluate("e => e.setSelectionRange(6, 10)")
        page.locator(".prose > p").first.click(click_count=3)
        press(page, "Quote the selection")
        expect(body(page)).to_have_value(
            re.compile(r"^Before and\n\n> \S[^\n]*\n\n after\.$", re.DOTALL)
        )
        expect(body(page)).to_be_focused()


def test_point_is_quoted_without_its_links(browser, essay):
    with browser.open(essay(KITCHEN)) as page:
        point = page.locator(".points li").first
        point.evaluate(SELECT)
        point.get_by_role("link", name="Reply to this point").press("Enter")
        expect(body(page)).to_have_value(re.compile(r"^> \S"))
        expect(body(page)).not_to_have_value(re.compile("Reply to|Link to|replies"))


def test_name_and_address_are_kept_only_when_asked(browser, essay):
    kept = "() => [localStorage.getItem('reader'), document.cookie]"
    with browser.open(essay(KITCHEN)) as page:
        fill_reply(page, "Not yet.")
        assert page.evaluate(kept) == [None, ""]
        page.get_by_label("Remember me in this browser").check()
        page.get_by_label("Name").fill("Ida")
        page.goto(essay(BASEMENT))
        expect(page.get_by_label("Name")).to_have_value("Ida")
        expect(page.get_by_label("Email")).to_have_value("cleo@private.example")
        page.get_by_label("Remember me in this browser").uncheck()
        assert page.evaluate(kept) == [None, ""]
        page.reload()
        expect(page.get_by_label("Remember me in this browser")).not_to_be_checked()


def drafts(page) -> list[str]:
    return page.evaluate(
        "() => Object.entries(localStorage).filter(([key]) => key.startsWith('draft'))"
        ".map(([, draft]) => JSON.parse(draft).body).sort()"
    )


def wait_for_drafts(page, *bodies: str):
    """Waits until a page sees what another page has stored; browsers take some time for it."""
    for _ in range(200):
        if drafts(page) == list(bodies):
            return
        page.wait_for_timeout(50)
    assert drafts(page) == list(bodies)


def test_draft_waits_where_it_was_begun_until_it_is_posted(browser, essay):
    with browser.open(essay(KITCHEN)) as page:
        key = answer(page, 0).get_attribute("id")
        body(page).fill("Under *one*,\n\n1. [said](https://example.org/a)\n2. & done")
        press(page, "Cancel")
        answer(page, 0)
        page.goto("/")
        page.goto(essay(KITCHEN))
        page.get_by_role("link", name="Under *one*").click()
        expect(page.locator(f"#{key} + #reply-form")).to_be_visible()
        expect(body(page)).to_have_value(re.compile("^Under"))
        expect(page.locator(".restored")).to_have_text(
            re.compile(r"^Your draft from \d.* was restored\. Discard it$")
        )
        assert find_faults(page) == []
        # Another target, another draft: each keeps its own.
        press(page, "Discard it")
        assert drafts(page) == []
        body(page).fill("Under *one*,\n\n1. [said](https://example.org/a)\n2. & done")
        other = page.context.new_page()
        other.goto(essay(KITCHEN))
        body(other).fill("To the essay.")
        page.reload()
        expect(page.locator("#comments > #reply-form .restored")).to_be_visible()
        expect(body(page)).to_have_value("To the essay.")
        answer(page, 0)
        expect(body(page)).to_have_value(re.compile("^Under"))
        press(page, "Cancel")
        expect(body(page)).to_have_value("To the essay.")
        answer(page, 0)
        page.get_by_label("Name").fill("Cleo")
        page.get_by_label("Email").fill("cleo@private.example")
        press(page, "Post reply")
        page.wait_for_url(re.compile(r"#comment-\d+$"))
        expect(body(page)).to_have_value("To the essay.")
        assert drafts(page) == ["To the essay."]
        body(other).fill("To the essay, from two pages.")
        wait_for_drafts(page, "To the essay, from two pages.", "To the essay.")


def test_page_that_is_gone_back_to_has_forgotten_what_was_taken(browser, essay):
    with browser.open(essay(BASEMENT)) as page:
        answer(page, 0)
        post_reply(page, "Said once, and that is enough.")
        assert drafts(page) == []
        page.go_back()
        expect(body(page)).to_have_value("")
        expect(page.get_by_role("button", name="Post reply")).to_be_enabled()
        assert drafts(page) == []


FAULT = "<!doctype html><main><h1>A short pause</h1><p>Please try again in a moment.</p></main>"


@pytest.mark.parametrize("status", [413, 500, 503])
def test_failed_reply_is_still_there_for_whoever_goes_back(browser, essay, status):
    with browser.open(essay(KITCHEN)) as page:
        key = answer(page, 2).get_attribute("id")
        fill_reply(page, f"Kept through a {status}.")
        page.route("**/reply/", lambda route: route.fulfill(status=status, body=FAULT))
        press(page, "Preview")
        expect(page.locator("#reply-errors")).to_have_text("Please try again in a moment.")
        expect(page.locator("#reply-errors")).to_be_focused()
        press(page, "Post reply")
        expect(page.get_by_role("heading", level=1)).to_have_text("A short pause")
        page.unroute("**/reply/")
        page.go_back()
        expect(page.locator(f"#{key} + #reply-form")).to_be_visible()
        expect(body(page)).to_have_value(f"Kept through a {status}.")
        reply = post_reply(page, f"Kept through a {status}.")
        expect(page.locator(f"li:has(> #{key}) li > #{reply.get_attribute('id')}")).to_be_visible()
    browser.complaints[:] = [one for one in browser.complaints if f"status of {status}" not in one]


def test_without_a_connection_nothing_is_sent_and_nothing_lost(browser, essay):
    with browser.open(essay(KITCHEN)) as page:
        fill_reply(page, "Written in a tunnel.")
        page.context.set_offline(True)
        for button in ("Post reply", "Preview"):
            press(page, button)
            expect(page.locator(".offline")).to_be_focused()
        assert drafts(page) == ["Written in a tunnel."]
        page.context.set_offline(False)
        expect(page.locator(".offline")).to_be_hidden()
        page.route("**/reply/", lambda route: route.abort())
        press(page, "Preview")
        expect(page.locator(".offline")).to_be_focused()
        page.unroute("**/reply/")
        post_reply(page, "Written in a tunnel.")
        assert drafts(page) == []
    browser.complaints[:] = [one for one in browser.complaints if "ERR_FAILED" not in one]


def test_reply_is_sent_once_however_often_it_is_pressed(browser, essay, server):
    sent = []
    with browser.open(essay(KITCHEN)) as page:
        page.on("request", lambda asked: sent.append(asked) if asked.method == "POST" else None)
        fill_reply(page, "Pressed twice.")
        page.get_by_role("button", name="Post reply").dblclick()
        page.wait_for_url(re.compile(r"#comment-\d+$"))
    assert len(sent) == 1


def strip_origin(route):
    """The answer that a browser gets which names neither its origin nor its site."""
    headers = {name: value for name, value in route.request.headers.items() if name != "origin"}
    named = [name for name in headers if name.startswith("sec-fetch")]
    for name in named:
        headers.pop(name)
    route.fulfill(response=route.fetch(headers=headers, max_redirects=0))


def test_browser_that_hides_its_origin_sends_a_token_on_the_second_try(browser, essay, scripts):
    with browser.open(essay(KITCHEN), scripts=scripts) as page:
        fill_reply(page, f"From behind a veil, scripts {scripts}.")
        page.route("**/reply/", strip_origin)
        press(page, "Preview")
        expect(page.locator("#reply-errors")).to_contain_text("send it once more")
        expect(page.locator("#reply-errors")).to_be_focused()
        expect(body(page)).to_have_value(f"From behind a veil, scripts {scripts}.")
        press(page, "Preview")
        expect(page.locator(".preview")).to_contain_text("From behind a veil")
        expect(page.locator("[name=csrfmiddlewaretoken]")).to_have_count(1)


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    folder = tmp_path_factory.mktemp("strict")
    with running_server(folder, REPLIES_PER_MINUTE="1") as server:
        server.run("from tests.builders import build_article; build_article(slug='strict')")
        yield server


def test_limits_and_closed_essays_give_the_words_back(strict, chromium, scripts):
    browser = WatchedBrowser(chromium, strict)
    [(published,)] = strict.rows("SELECT published_at FROM articles_article")
    path = f"/{str(published)[:4]}/strict/"
    strict.run("from articles.models import *; Article.objects.update(discussion='open')")
    with browser.open(path, scripts=scripts) as page:
        for n in range(4):  # a minute may end between two of them
            fill_reply(page, f"Reply {n}, scripts {scripts}.")
            with page.expect_navigation():
                press(page, "Post reply")
            if page.locator("#reply-errors").count():
                break
        expect(page.locator("#reply-errors")).to_contain_text("So many replies at once")
        expect(body(page)).to_have_value(re.compile(f"scripts {scripts}"))
        strict.run("from articles.models import *; Article.objects.update(discussion='closed')")
        press(page, "Preview")
        expect(page.locator(".errors").last).to_contain_text("takes no replies any more")
        expect(page.locator("textarea")).to_have_value(re.compile(f"scripts {scripts}"))
    assert browser.complaints == []
