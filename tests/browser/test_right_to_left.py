"""Arabic and Hebrew text on a left-to-right site, and the layout of a right-to-left site."""

import pytest

from tests.browser.screens import ARABIC, SHORT

HEBREW = "\u05d6\u05d4\u05d5 \u05d8\u05e7\u05e1\u05d8 \u05d1\u05e2\u05d1\u05e8\u05d9\u05ea"
ESSAY = f"""
from tests.builders import build_article, build_comment
body = "\\n\\n".join([
    "{ARABIC} " * 20, "## {HEBREW} (1)", "{ARABIC}:", "- {ARABIC}.\\n- `code` {HEBREW}!",
    "> {HEBREW} " * 20, "    code", "| {ARABIC} | {HEBREW} |\\n|---|---|\\n| 1 | 2 |",
    "## {ARABIC}", "## {HEBREW}",
])
article = build_article("{ARABIC} (2)", body, dek="{HEBREW}!", slug="from-the-right")
words = "{ARABIC}\\n\\n> {HEBREW}\\n\\n- {ARABIC}"
first = build_comment(article, name="{HEBREW} (3)", body=words)
build_comment(article, first, name="Ben", body="From the left.")
build_comment(article, name="Ann", point=article.points.first())
"""
# Where a part begins: the side of its padding, which is that of its marker or its rule.
SIDES = """(selector) => [...document.querySelectorAll(selector)].map((one) => {
    const { paddingLeft, paddingRight } = getComputedStyle(one);
    return parseFloat(paddingRight) > parseFloat(paddingLeft) ? "right" : "left";
})"""
OVER = "document.documentElement.scrollWidth - innerWidth"
WIDTHS = [360, 1280]


@pytest.fixture(scope="module")
def path(server):
    server.run(ESSAY)
    [(published,)] = server.rows(
        "SELECT published_at FROM articles_article WHERE slug = 'from-the-right'"
    )
    return f"/{str(published)[:4]}/from-the-right/"


def sides(page, selector) -> list[str]:
    """The side at which each of these elements begins; there is at least one."""
    found = page.evaluate(SIDES, selector)
    assert found, selector
    return found


def place(page, selector) -> float:
    return page.locator(selector).first.bounding_box()["x"]


@pytest.mark.parametrize("width", WIDTHS)
def test_words_from_the_right_have_their_marks_on_the_right(browser, path, width):
    with browser.open(path, viewport={"width": width, "height": 800}) as page:
        assert page.evaluate(OVER) <= 0
        assert set(sides(page, ".prose :is(ul, blockquote)")) == {"right"}
        assert set(sides(page, ".comment-body :is(ul, blockquote)")) == {"right"}
        assert sides(page, ".comment > blockquote.point") == ["right"]
        direction = "e => getComputedStyle(e).direction"
        assert page.locator(".prose pre").evaluate(direction) == "ltr"
        # A name does not change the direction of the words around it.
        assert set(sides(page, ".branch > ol")) == {"left"}
        assert place(page, ".comment .number") < place(page, ".comment .name")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_site_from_the_right_is_the_mirror_of_one_from_the_left(browser, path, essay, width):
    with browser.open("/", viewport={"width": width, "height": 800}) as page:
        for screen in ("/", path, essay(SHORT), f"{essay(SHORT)}reply/", "/search/?q=bench"):
            page.goto(screen)
            page.evaluate("document.documentElement.dir = 'rtl'")
            assert page.evaluate(OVER) <= 0, screen
            assert place(page, ".site-name") > place(page, "header.site nav a:last-child")
        page.goto(path)
        page.evaluate("document.documentElement.dir = 'rtl'")
        assert set(sides(page, ".branch > ol")) == {"right"}
        assert place(page, ".comment .number") > place(page, ".comment .name")
