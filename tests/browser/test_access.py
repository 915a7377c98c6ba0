"""Accessibility of every public page: axe rules and keyboard use."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import find_faults, post_reply
from tests.browser.screens import SCREENS, SHORT


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(browser, screens, screen, scheme):
    path, prepare = screens[screen]
    with browser.open(path, color_scheme=scheme, reduced_motion="reduce") as page:
        if prepare:
            prepare(page)
        assert find_faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_a_reader_answers(browser, essay, scheme):
    with browser.open(essay(SHORT), color_scheme=scheme, reduced_motion="reduce") as page:
        comment = post_reply(page, f"Read by ear, {scheme}.")
        assert find_faults(page) == []
        comment.get_by_role("link", name="Reply").click()
        expect(page.locator(".reply-context")).to_be_visible()
        assert find_faults(page) == []


def press_until(page, key: str, condition: str, most: int = 200):
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate(f"(e => {condition})(document.activeElement)"):
            return
    raise AssertionError(f"{key} never led to {condition}")


def test_keyboard_alone_reads_answers_and_mends_an_error(browser, essay):
    with browser.open("/") as page:
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
        expect(page.get_by_role("link", name="Skip to the text")).to_be_in_viewport()
        press_until(page, "Tab", "e.textContent === 'What to call an apple'")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{essay(SHORT)}")
        press_until(page, "Tab", "e.matches('a.reply-to-point')")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        expect(page.locator("a.reply-to-point:focus")).to_have_css("opacity", "1")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Your reply")).to_be_focused()
        page.keyboard.type("Typed, not clicked.")
        page.keyboard.press("Tab")
        page.keyboard.insert_text("\u200b")
        page.keyboard.press("Tab")
        page.keyboard.type("ida@private.example")
        page.keyboard.press("Enter")
        expect(page.locator("#reply-errors")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Name")).to_be_focused()
        page.keyboard.press("Control+A")
        page.keyboard.type("Ida")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"#comment-\d+$"))
        expect(page.locator(":target")).to_be_focused()
        press_until(page, "Tab", "e.matches('a.reply')")
        page.keyboard.press("Enter")
        press_until(page, "Tab", "e.matches('button.plain')")
        page.keyboard.press("Enter")
        expect(page.locator("a.reply:focus")).to_be_visible()
