"""A doubtful reply: a script sends its proof of work, or the reply is held without one."""

from itertools import combinations

from comments import spam
from tests.browser.screens import SHORT

PARTS = ("Great", "site", "visit", "our", "page", "today", "cheap", "offers", "for", "readers")


def find_doubtful(name: str, email: str) -> str:
    """A text whose score is between PROVE_AT and HOLD_AT."""
    for size in range(3, len(PARTS)):
        for words in combinations(PARTS, size):
            text = " ".join(words)
            if spam.PROVE_AT + 0.02 < spam.score(name, email, text) < spam.HOLD_AT - 0.02:
                return text
    raise AssertionError("the filter is sure of everything")


def test_a_doubtful_reply_is_proven_by_a_script_or_queued_without(browser, essay, server, scripts):
    name, email = f"Pat {scripts}", f"pat.{scripts}@example.org".lower()
    text = find_doubtful(name, email)
    with browser.open(f"{essay(SHORT)}reply/", scripts=scripts) as page:
        for field, value in (("name", name), ("email", email), ("body", text)):
            page.locator(f"#reply-{field}").fill(value)
        page.locator("#reply-form button[type=submit]").first.click()
        if not scripts:
            assert page.locator("#reply-body").input_value() == text
            page.get_by_role("button", name="Post reply").click()
        page.wait_for_url("**#comment-*")
        assert text in page.locator("#comments").inner_text()
    [(status,)] = server.rows(f"SELECT status FROM comments_comment WHERE name = '{name}'")
    assert status == ("published" if scripts else "held")
