"""A reader reads an essay and replies to it, to a comment and to a point."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, post_reply
from tests.browser.screens import fill_reply

KITCHEN = "against-the-open-plan-kitchen"
UNREADABLE = "\u200b\u200b"


def test_reader_goes_from_the_newest_essays_to_the_thread(browser, scripts):
    with browser.open(scripts=scripts) as page:
        page.get_by_role("link", name="Against the open-plan kitchen").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Against the open-plan kitchen")
        expect(page.locator("article.essay header .dek")).to_contain_text("shouting over")
        expect(page.locator("article.essay .byline")).to_contain_text("Maren Holt")
        page.locator("article.essay .byline a[href$='#comments']").click()
        expect(page).to_have_url(re.compile("#comments$"))
        expect(page.locator("#comments > h2")).to_be_in_viewport()


def test_reply_to_the_essay_lands_on_itself(browser, essay, scripts):
    with browser.open(essay(KITCHEN), scripts=scripts) as page:
        comment = post_reply(page, f"A door is *manners*, scripts {scripts}.")
        expect(comment.locator("header")).to_contain_text(re.compile(r"\d+\s+Cleo says"))
        expect(comment.locator(".comment-body em")).to_have_text("manners")
        expect(comment).to_be_in_viewport()
        if scripts:
            expect(comment).to_be_focused()


def test_reply_to_a_comment_stands_under_it(browser, essay, scripts):
    with browser.open(essay(KITCHEN), scripts=scripts) as page:
        parent = post_reply(page, f"A hatch is a small door, scripts {scripts}.")
        number, key = parent.locator(".number").inner_text(), parent.get_attribute("id")
        parent.get_by_role("link", name="Reply").click()
        if scripts:
            form = page.locator(f"#{key} + #reply-form")
            expect(form.get_by_label("Your reply")).to_be_focused()
            expect(form.locator(".reply-context")).to_contain_text(
                f"You are answering {number} Cleo"
            )
        else:
            expect(page.locator(".reply-target")).to_contain_text("A hatch is a small door")
        reply = post_reply(page, f"And a serving one, scripts {scripts}.", name="Ben")
        expect(reply.locator(".number")).to_have_text(f"{number}.1")
        expect(page.locator(f"li:has(> #{key}) li > #{reply.get_attribute('id')}")).to_be_visible()


def test_reply_to_a_point_quotes_it_and_is_counted_there(browser, essay, scripts):
    with browser.open(essay(KITCHEN), scripts=scripts) as page:
        point = page.locator(".points li", has_text="Cooking is a private act")
        before = int(re.sub(r"\D", "", point.locator(".count").inner_text()) or 0)
        point.hover()
        point.get_by_role("link", name="Reply to this point").click()
        if scripts:
            expect(page.locator(".reply-context")).to_contain_text("Cooking is a private act")
            expect(point.get_by_label("Your reply")).to_be_focused()
        else:
            expect(page.locator(".reply-target")).to_contain_text("Cooking is a private act")
        reply = post_reply(page, f"Private, not secret, scripts {scripts}.")
        expect(reply.locator("blockquote.point")).to_contain_text("Cooking is a private act")
        expect(point.locator(".count")).to_have_text(re.compile(rf"^{before + 1} repl"))
        reply.locator("blockquote.point a").click()
        expect(point).to_be_in_viewport()


def test_refused_reply_keeps_every_word_and_says_why(browser, essay, scripts):
    words = "  Two spaces before, a < and a & after.\n\nSecond paragraph."
    with browser.open(essay(KITCHEN), scripts=scripts) as page:
        parent = page.locator(".comment").first
        parent.get_by_role("link", name="Reply").click()
        fill_reply(page, words, name=UNREADABLE)
        with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            page.get_by_role("button", name="Post reply").click()
        assert answer.value.status == 422
        expect(page.locator("#reply-errors")).to_be_focused()
        expect(page.get_by_label("Your reply")).to_have_value(words)
        expect(page.get_by_label("Email")).to_have_value("cleo@private.example")
        expect(page.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_label("Name")).to_have_css("border-top-width", "2px")
        expect(page.get_by_label("Name")).to_have_accessible_description(re.compile("can be read"))
        expect(page.locator(".reply-target .comment-body")).to_be_visible()
        page.locator("#reply-errors a").click()
        expect(page.get_by_label("Name")).to_be_focused()
        reply = post_reply(page, words, name="Dora")
        expect(reply.locator(".comment-body")).to_contain_text("a < and a & after")
        expect(reply.locator(".number")).to_contain_text(".")


def test_preview_shows_the_reply_and_stores_nothing(browser, essay, server, scripts):
    stored = server.rows("SELECT count(*) FROM comments_comment")
    with browser.open(essay(KITCHEN), scripts=scripts) as page:
        fill_reply(page, f"**Loud**, and then quiet, scripts {scripts}.")
        page.get_by_role("button", name="Preview").click()
        expect(page.locator(".preview strong")).to_have_text("Loud")
        assert server.rows("SELECT count(*) FROM comments_comment") == stored
        page.get_by_role("button", name="Post reply").click()
        expect(page.locator(":target .comment-body strong")).to_have_text("Loud")


def test_branch_folds_and_says_what_is_inside(browser, essay, scripts):
    with browser.open(essay("a-town-should-tell-the-time"), scripts=scripts) as page:
        summary = page.locator(".branch > summary").first
        inside = page.locator(".branch").first.locator("ol .comment").first
        expect(summary).to_contain_text(re.compile(r"^\d+ repl(y|ies)"))
        summary.click()
        expect(inside).to_be_hidden()
        summary.press("Enter")
        expect(inside).to_be_visible()


def test_long_thread_goes_on_on_the_next_page(browser, essay, scripts):
    with browser.open(essay("the-case-for-the-bench"), scripts=scripts) as page:
        link = page.get_by_role("link", name=re.compile(r"Next page: \d+ more repl"))
        left = int(re.search(r"\d+", link.inner_text())[0])
        link.click()
        expect(page).to_have_url(re.compile(r"\?page=2#comments$"))
        assert 0 < page.locator(".thread article.comment").count() <= left
        page.get_by_role("link", name="Earlier replies").click()
        expect(page.locator(".prose")).to_be_visible()


def test_form_moves_with_what_was_typed_and_goes_back(browser, essay):
    with browser.open(essay(KITCHEN)) as page:
        fill_reply(page, "Half a thought")
        links = page.locator("a.reply")
        links.nth(0).click()
        links.nth(2).click()
        expect(page.locator("#reply-form")).to_have_count(1)
        expect(page.get_by_label("Your reply")).to_have_value("Half a thought")
        page.get_by_role("button", name="Cancel").click()
        expect(links.nth(2)).to_be_focused()
        expect(page.locator("#comments > #reply-form")).to_be_visible()
        expect(page.locator(".reply-context")).to_be_hidden()
        expect(page.get_by_label("Your reply")).to_have_value("Half a thought")
        assert page.locator("#reply-form [name=parent]").input_value() == ""


@pytest.mark.parametrize("options", [{}, PHONE], ids=["mouse", "finger"])
def test_times_are_relative_in_words_and_exact_behind_them(browser, essay, options):
    with browser.open(essay(KITCHEN), **options) as page:
        comment = post_reply(page, f"Just now, {len(options)}.")
        time = comment.locator("time")
        expect(time).to_have_text(re.compile("minute"))
        expect(time).to_have_attribute("title", re.compile(r"^\w+day \d+ \w+ \d{4}, \d\d:\d\d"))
        expect(time).to_have_attribute("datetime", re.compile(r"^\d{4}-\d\d-\d\dT"))


def test_outline_says_where_the_reader_is(browser, essay):
    with browser.open(essay("a-town-should-tell-the-time")) as page:
        here = page.locator(".outline [aria-current]")
        page.locator(".prose h2", has_text="Who winds it").evaluate("h => h.scrollIntoView()")
        expect(here).to_have_text("Who winds it")
        page.locator("footer.site").scroll_into_view_if_needed()
        expect(here).to_have_text("The hour out loud")


def test_outline_knows_headings_in_any_script(browser, server):
    body = "\\n\\n".join(
        f"## {name}\\n\\nWords."
        for name in ("\u041e\u0434\u0438\u043d", "50 % \u00e9t\u00e9", "C")
    )
    server.run(f"from tests.builders import build_article; build_article('N', '{body}', slug='n')")
    with browser.open("/") as page:
        page.get_by_role("link", name="N", exact=True).click()
        expect(page.locator(".outline a")).to_have_count(3)
        page.locator(".prose h2").first.evaluate("h => h.scrollIntoView()")
        expect(page.locator(".outline [aria-current]")).to_have_count(1)


def test_outline_is_folded_on_a_phone(browser, essay, scripts):
    with browser.open(essay("a-town-should-tell-the-time"), scripts=scripts, **PHONE) as page:
        expect(page.locator(".outline ol")).to_be_hidden()
        page.locator(".outline summary").click()
        page.locator(".outline a", has_text="Who winds it").click()
        expect(page.locator(".prose h2", has_text="Who winds it")).to_be_in_viewport()
