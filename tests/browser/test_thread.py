"""A thread in the browser: its parts and orders, new replies, and keyboard use."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import find_faults, post_reply
from tests.browser.screens import LONG, OUTLINED, SHORT
from tests.load import post, reply

KITCHEN = "against-the-open-plan-kitchen"
HOUR_LATER = """() => {
    const visits = JSON.parse(localStorage.visits);
    Object.values(visits).forEach((visit) => { visit.at -= 3600_000; });
    localStorage.visits = JSON.stringify(visits);
}"""

FOCUS = "comment => { comment.tabIndex = -1; comment.focus(); }"


def test_reader_finds_the_replies_to_a_point_and_the_newest(browser, essay, scripts):
    with browser.open(essay(LONG), scripts=scripts) as page:
        count = page.locator(".points li .count a").first
        replies = int(count.inner_text().split()[0])
        point = page.locator(".points li", has=page.locator(".count a")).first.inner_text()
        count.click()
        expect(page).to_have_url(re.compile(r"/points/[^/]+/$"))
        assert page.get_by_role("heading", level=1).inner_text() in point
        top = page.locator(".thread > li > .comment")
        expect(top).to_have_count(replies)
        expect(page.get_by_role("link", name="Reply to this point")).to_be_visible()
        page.get_by_role("link", name="Read this point in the essay").click()
        expect(page.locator(".points li:target")).to_be_in_viewport()

        first = top.first.get_attribute("id")
        page.get_by_role("link", name="Newest first").click()
        expect(page.locator("#comments > h2")).to_be_in_viewport()
        numbers = [int(number) for number in top.locator(".number").all_inner_texts()]
        assert numbers == sorted(numbers, reverse=True) and len(numbers) > 10
        page.get_by_role("link", name=re.compile("Next page")).click()
        expect(page.locator(f"#{first}")).to_be_visible()
        page.get_by_role("link", name="Oldest first").click()
        expect(top.first).to_have_attribute("id", first)

        page.get_by_role("link", name="Comments", exact=True).click()
        expect(page.locator(".essay-of a").first).to_be_visible()
        page.get_by_role("link", name="Older comments").click()
        expect(page).to_have_url(re.compile(r"/comments/before/\d+/$"))
        comment = page.locator("article.comment").first
        key = comment.get_attribute("id")
        comment.locator(".number").click()
        expect(page.locator(f"#{key}")).to_be_in_viewport()


def test_bookmark_shows_only_what_is_new(browser, essay, server, scripts):
    with browser.open(essay(KITCHEN), scripts=scripts) as page:
        page.get_by_role("link", name="Bookmark this").click()
        expect(page.locator("#comments > h2")).to_have_text("No new replies yet")
        fields = reply(10 + scripts)
        assert post(server.url, f"{essay(KITCHEN)}reply/", fields).is_taken
        page.reload()
        expect(page.locator("article.comment .comment-body")).to_have_text(fields["body"])
        page.get_by_role("link", name="The whole thread").click()
        expect(page.locator(".comment-body", has_text=fields["body"])).to_be_visible()


def test_new_replies_are_marked_with_a_word_on_the_next_visit(browser, essay, server):
    path = essay(KITCHEN)
    with browser.open(path) as page:
        mine = post_reply(page, "Mine is not new to me.").get_attribute("id")
        expect(page.locator(".new, .new-replies")).to_have_count(0)
        page.evaluate(HOUR_LATER)
        fields = reply(20)
        assert post(server.url, f"{path}reply/", fields).is_taken
        page.goto(path)
        new = page.locator("article.comment", has=page.locator(".new"))
        expect(new).to_have_count(1)
        expect(new.locator("header .new")).to_have_text("new")
        expect(new.locator(".comment-body")).to_have_text(fields["body"])
        expect(page.locator(".new-replies")).to_contain_text(
            "New replies: 1 since your last visit, 1 hour"
        )
        assert find_faults(page) == []
        page.get_by_role("link", name="New replies: 1").click()
        expect(new).to_be_focused()
        # The mark stays for as long as the visit lasts.
        page.goto(path)
        expect(new).to_have_count(1)
        page.get_by_role("link", name="Show only these").click()
        expect(page.locator("article.comment .comment-body")).to_have_text(fields["body"])
        page.evaluate(HOUR_LATER)
        page.goto(path)
        expect(page.locator(f"#{mine}")).to_be_visible()
        expect(new).to_have_count(0)


def test_all_branches_fold_and_an_address_opens_its_own(browser, essay):
    with browser.open(essay(OUTLINED)) as page:
        inside = page.locator(".branch .branch .comment").first
        page.get_by_role("button", name="Fold all").click()
        expect(inside).to_be_hidden()
        expect(page.locator(".branch[open]")).to_have_count(0)
        page.evaluate("id => { location.hash = id }", inside.get_attribute("id"))
        expect(inside).to_be_focused()
        expect(inside).to_be_in_viewport()
        page.get_by_role("button", name="Fold all").click()
        page.get_by_role("button", name="Unfold all").click()
        expect(page.locator(".branch:not([open])")).to_have_count(0)


def number_here(page) -> str:
    return page.locator(".comment:focus .number").inner_text()


def press(page, *keys) -> str:
    for key in keys:
        page.keyboard.press(key)
    return number_here(page)


def test_keys_lead_through_a_thread(browser, essay):
    with browser.open(essay(OUTLINED)) as page:
        numbers = page.locator(".comment .number").all_inner_texts()
        assert press(page, *"jjjj") in numbers
        page.locator(".comment").first.evaluate(FOCUS)
        assert [press(page, "j") for _ in numbers[1:]] == numbers[1:]
        assert press(page, "j") == numbers[-1]
        assert [press(page, "k") for _ in numbers[1:]] == numbers[-2::-1]
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        expect(page.locator(".comment:focus")).to_be_in_viewport()
        assert page.locator(":focus").get_attribute("aria-labelledby")

        assert (press(page, "n"), press(page, "n"), press(page, "p")) == ("2", "3", "2")
        page.locator(".branch .branch .comment").first.evaluate(
            "c => { c.tabIndex = -1; c.focus(); }"
        )
        deep = number_here(page)
        assert press(page, "u") == deep.rpartition(".")[0]
        press(page, "f")
        branch = page.locator("li", has=page.locator("> .comment:focus")).last.locator("> .branch")
        assert not branch.evaluate("b => b.open")
        after = press(page, "j")
        assert not after.startswith(deep.rpartition(".")[0] + ".")
        press(page, "k")
        press(page, "f")
        assert branch.evaluate("b => b.open")


def test_keys_reply_and_are_letters_in_a_field_and_can_be_turned_off(browser, essay):
    with browser.open(essay(SHORT)) as page:
        number = press(page, "j")
        page.keyboard.press("r")
        expect(page.locator(".reply-context")).to_contain_text(f"You are answering {number} ")
        page.keyboard.type("junk?")
        expect(page.get_by_label("Your reply")).to_have_value("junk?")
        page.locator("#comments > h2").click()
        page.keyboard.press("Control+j")
        expect(page.locator(".comment:focus")).to_have_count(0)

        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        assert find_faults(page) == []
        page.get_by_label("Use these keys").uncheck()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        for _ in range(2):
            page.keyboard.press("j")
            expect(page.locator(".comment:focus")).to_have_count(0)
            page.reload()
        page.get_by_role("button", name="Keys").click()
        page.get_by_label("Use these keys").check()
        page.get_by_role("button", name="Close").click()
        assert press(page, "j")


def hear_comments(page) -> list[str]:
    """The lines of the accessibility tree for each comment, in order."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    nodes = {node["nodeId"]: node for node in tree}

    def below(node):
        return [nodes[key] for key in node.get("childIds", []) if key in nodes]

    def role(node) -> str:
        return node.get("role", {}).get("value")

    def hear(node) -> str:
        if role(node) == "StaticText":
            return node["name"]["value"]
        return " ".join(map(hear, below(node)))

    def articles(node):
        for one in below(node):
            yield from [one] if role(one) == "article" else articles(one)

    heard = [" ".join(hear(node).split()).replace(" ,", ",") for node in articles(tree[0])]
    return [text for text in heard if re.match(r"[\d.\u2026]+ .* says ", text)]


@pytest.mark.parametrize("part", ["", "newest/", "since/0/"])
def test_every_comment_says_who_speaks_where_and_to_whom(browser, essay, server, part):
    rows = server.rows(
        "SELECT c.id, c.number, c.name, c.level, p.number, p.name FROM comments_comment c"
        " JOIN articles_article a ON a.id = c.article_id"
        f" LEFT JOIN comments_comment p ON p.id = c.parent_id WHERE slug = '{LONG}'"
    )
    stored = {key: row for key, *row in rows}
    with browser.open(essay(LONG) + part) as page:
        ids = page.locator("article.comment").evaluate_all("all => all.map(c => c.id)")
        heard = hear_comments(page)
        assert len(heard) == len(ids) > 20
        for anchor, text in zip(ids, heard, strict=True):
            number, name, level, answered, whom = stored[int(anchor.removeprefix("comment-"))]
            assert text.startswith(f"{number} {name} says "), text
            said = f"{answered} {whom}" if answered else "the essay"
            assert re.search(rf"in reply to ({re.escape(said)}|.* a hidden comment)\b", text), text
            assert f", level {level + 1}" in text
