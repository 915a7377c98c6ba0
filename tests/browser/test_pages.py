"""Layout of every public page: any screen width, and print."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, post_reply
from tests.browser.screens import ARABIC, EMPTY, HARD, LONG, OUTLINED, SCREENS, SHORT

WIDTHS = {
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "narrow, finger": PHONE | {"viewport": {"width": 320, "height": 640}},
    "half": {"viewport": {"width": 640, "height": 480}},
    "tablet": {"viewport": {"width": 768, "height": 1000}},
    "wide": {"viewport": {"width": 1280, "height": 800}},
}


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_scrolls_sideways(browser, screens, width):
    wide = []
    with browser.open("/", **WIDTHS[width]) as page:
        for name in SCREENS[:-1]:
            path, prepare = screens[name]
            page.goto(path)
            if prepare:
                prepare(page)
            for size in ("", "36px"):  # as the page is, and at twice the size of its text
                page.evaluate("size => document.documentElement.style.fontSize = size", size)
                over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                if over > 0:
                    wide.append(f"{name} {size}: {over}px")
    assert wide == []


def test_hard_reply_stays_in_its_place(browser, essay):
    with browser.open(essay(EMPTY), viewport={"width": 320, "height": 640}) as page:
        comment = post_reply(page, HARD["body"], name=HARD["name"])
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        code = comment.locator("pre")
        assert code.evaluate("code => code.scrollWidth > code.clientWidth")
        expect(comment.locator("header")).to_contain_text("says")


def test_deep_branch_says_how_much_is_in_it_and_whom_its_replies_answer(browser, hard):
    for options, first in (({}, 9), (PHONE, 4)):  # levels below which nothing is indented
        with browser.open(hard, **options) as page:
            expect(page.locator(".branch > summary").first).to_contain_text("14 replies")
            said = page.locator(".comment", has=page.locator(".in-reply-to")).evaluate_all(
                "all => all.filter(c => c.querySelector('.in-reply-to').offsetWidth > 1).length"
            )
            assert said == 15 - first


def test_right_to_left_reply_turns_nothing_else_round(browser, essay):
    with browser.open(essay(EMPTY)) as page:
        comment = post_reply(page, ARABIC, name=f"{ARABIC} (2)")
        expect(comment.locator(".comment-body")).to_have_css("direction", "rtl")
        expect(comment.locator("header")).to_have_css("direction", "ltr")
        order = "e => e.getBoundingClientRect().x"
        places = [comment.locator(part).evaluate(order) for part in (".number", ".name", "time")]
        assert places == sorted(places)


def test_targets_are_large_enough_for_fingers(browser, essay):
    measure = """all => all.filter(e => e.checkVisibility())
        .filter(e => !e.closest('.comment-body, .prose p, .visually-hidden'))
        .map(e => e.type === 'checkbox' ? e.labels[0] : e)
        .map(e => [e.textContent.trim().slice(0, 30), e.getBoundingClientRect()])
        .filter(([, box]) => box.height < 43.5 && box.width > 1)
        .map(([text, box]) => `${text}: ${box.height}`)"""
    with browser.open(essay(OUTLINED), **PHONE) as page:
        small = page.locator("a, button, summary, input:not([type=hidden])").evaluate_all(measure)
        assert small == []


SHIFTS = """
window.entries = [];
window.observer = new PerformanceObserver(list => entries.push(...list.getEntries()));
observer.observe({type: "layout-shift", buffered: true});
"""
# Observers report only after a frame has been painted.
SETTLE = """async () => {
    for (let frame = 0; frame < 3; frame++)
        await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    return [...entries, ...observer.takeRecords()].filter(entry => !entry.hadRecentInput)
        .flatMap(entry => entry.sources.map(({node}) => node?.textContent.trim()));
}"""


@pytest.mark.parametrize("options", [{}, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("slug", [OUTLINED, LONG, SHORT])
def test_nothing_moves_while_a_page_loads_or_is_pointed_at(browser, essay, slug, options):
    with browser.open(essay(slug), before=SHIFTS, **options) as page:
        page.wait_for_load_state("networkidle")
        for place in ("section.points li", "section.points li:last-child", ".comment"):
            page.locator(place).first.scroll_into_view_if_needed()
            page.locator(place).first.hover()
            assert page.evaluate(SETTLE) == []


def test_essay_stands_in_its_place_before_the_rest_arrives(browser, essay):
    """A page may be painted when no more than the essay's title is there."""
    place = "e => { const box = e.getBoundingClientRect(); return [box.x, box.y, box.width] }"
    with browser.open(essay(OUTLINED), viewport={"width": 1280, "height": 800}) as page:
        article = page.locator("article.essay")
        whole = article.evaluate(place)
        page.locator(".outline").evaluate("e => { while (e.nextSibling) e.nextSibling.remove() }")
        page.locator(".outline").evaluate("e => e.remove()")
        assert article.evaluate(place) == whole


@pytest.mark.parametrize("options", [{}, PHONE], ids=["wide", "phone"])
def test_scripts_move_nothing(browser, essay, options):
    boxes = """all => all.map(e => [e.id, e.getBoundingClientRect().y + scrollY])"""
    seen = []
    for scripts in (False, True):
        with browser.open(essay(OUTLINED), scripts=scripts, **options) as page:
            seen.append(
                page.locator(".prose > *, .comment, .field:not(.remember)").evaluate_all(boxes)
            )
    assert len(seen[0]) > 50
    assert seen[0] == seen[1]


def test_pointing_at_a_point_moves_no_text(browser, essay):
    boxes = """() => [...document.querySelectorAll('.prose li, .prose p')].map(e => {
        const box = e.getBoundingClientRect(); return [box.y + scrollY, box.height] })"""
    for width in (768, 1280):
        size = {"width": width, "height": 900}
        with browser.open(essay(OUTLINED), viewport=size) as page:
            tools = page.locator(".points li .point-links a.reply-to-point").first
            expect(page.locator(".point-links").first).to_have_css("position", "absolute")
            expect(tools).to_have_css("opacity", "0")
            before = page.evaluate(boxes)
            page.locator(".points li").first.hover()
            expect(tools).to_have_css("opacity", "1")
            assert page.evaluate(boxes) == before


def test_points_show_their_links_on_touch_screens_at_all_times(browser, essay):
    with browser.open(essay(OUTLINED), **PHONE) as page:
        for link in page.locator(".points li .point-links a").all():
            expect(link).to_have_css("opacity", "1")


def test_essay_is_light(browser, essay, chromium, server):
    """At most 6 requests and 60 KB over the wire, for an essay with a short thread."""
    loaded = []
    with browser.open("about:blank") as page:
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.loadingFinished", lambda event: loaded.append(event))
        page.goto(essay(SHORT))
        page.wait_for_load_state("networkidle")
        assert page.locator("article.comment").count() >= 7
    assert 0 < len(loaded) <= 6
    assert sum(one["encodedDataLength"] for one in loaded) < 60 * 1024


def test_paper_gets_the_words_and_no_controls(browser, essay):
    controls = (
        ".point-links, .permalink, .comment-links, summary, #reply-form, .outline, header.site"
    )
    with browser.open(essay(LONG), color_scheme="dark") as page:
        page.locator(".branch > summary").first.click()
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == (
            "rgb(255, 255, 255)"
        )
        for control in page.locator(controls).all():
            expect(control).to_be_hidden()
        expect(page.locator(".branch .comment").first).to_be_visible()
        written = "a => getComputedStyle(a, '::after').content"
        assert "http" in page.locator(".prose a[href^=http]").first.evaluate(written)


def test_still_screens_stay_still(browser, essay):
    with browser.open(essay(SHORT), reduced_motion="reduce") as page:
        post_reply(page, "Nothing moved when I arrived.")
        assert page.evaluate("document.getAnimations().length") == 0


def test_arrival_shows_without_colours(browser, essay):
    with browser.open(essay(SHORT), forced_colors="active") as page:
        comment = post_reply(page, "Seen in two colours.")
        assert comment.evaluate("c => getComputedStyle(c).outlineStyle") == "solid"


def test_lists_in_a_reply_have_their_marks(browser, essay):
    listed = "<ul><li>one</ul><ol><li>two</ol>"
    with browser.open(essay(SHORT)) as page:
        words = page.locator(".branch .comment-body").first
        words.evaluate("(words, html) => words.innerHTML = html", listed)
        styles = "all => all.map(list => getComputedStyle(list).listStyleType)"
        assert words.locator("ul, ol").evaluate_all(styles) == ["disc", "decimal"]
        shown = "all => all.map(item => getComputedStyle(item).display)"
        assert words.locator("li").evaluate_all(shown) == ["list-item", "list-item"]
