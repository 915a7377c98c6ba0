"""An editor publishes and revises an essay; a moderator looks after its thread."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import log_in, post_reply

ESSAY = """Nobody sings in the street any more, and I should like to know who told them to stop.

There are three places left for it:

• Under a railway bridge, where the echo does half of the work.
• On a bicycle, since the audience has gone before it can object.
• In the queue for the baker, but only before eight.

The last of these is mine.
"""


def test_editor_takes_an_essay_from_draft_to_second_edition(browser, scripts):
    with (
        browser.open("/admin/", scripts=scripts) as page,
        browser.open("/", scripts=scripts) as reader,
    ):
        log_in(page)
        page.goto("/admin/articles/article/add/")
        page.get_by_label("Title").fill("On singing in the street")
        page.get_by_label("Dek").fill("It costs nothing and it frightens the pigeons.")
        page.locator("textarea[name=body]").fill(ESSAY)
        page.get_by_label("Status").select_option("draft")
        page.locator("[name=_continue]").first.click()
        expect(page.locator(".messagelist .success")).to_be_visible()

        form = page.url
        page.goto(page.get_by_role("link", name="View on site").first.get_attribute("href"))
        expect(page.locator(".notice")).to_contain_text("draft")
        expect(page.locator(".prose .points li")).to_have_count(3)
        path = page.url
        assert reader.goto(path).status == 404

        page.goto(form)
        page.get_by_label("Status").select_option("published")
        page.locator("[name=_continue]").first.click()
        expect(page.locator(".messagelist .success")).to_be_visible()
        assert reader.goto(path).status == 200
        expect(reader.get_by_role("heading", level=1)).to_have_text("On singing in the street")
        points = reader.locator(".prose .points li")
        anchors = points.evaluate_all("all => all.map(point => point.id)")
        points.nth(1).hover()
        points.nth(1).get_by_role("link", name="Reply to this point").click()
        post_reply(reader, "I was that audience.")

        bicycle, queue = ESSAY.splitlines()[5:7]
        edited = ESSAY.replace(
            f"{bicycle}\n{queue}", f"{queue}\n{bicycle.replace('On', 'Firmly on')}"
        )
        page.locator("textarea[name=body]").fill(edited)
        page.locator("[name=_continue]").first.click()
        expect(page.locator(".messagelist .success")).to_be_visible()
        reader.goto(path)
        assert points.evaluate_all("all => all.map(point => point.id)") == [
            anchors[0],
            anchors[2],
            anchors[1],
        ]
        expect(points.nth(2).locator(".count")).to_have_text("1 reply")
        expect(reader.locator(".comment blockquote.point")).to_contain_text("since been changed")


def choose(page, action: str, *words: str):
    for one in words:
        page.locator("#result_list tr", has_text=one).locator("input.action-select").check()
    page.locator("select[name=action]").select_option(action)
    with page.expect_navigation():
        page.get_by_role("button", name="Go").click()
    expect(page.locator(".messagelist li")).to_contain_text(str(len(words)))


def test_moderator_hides_one_and_many_and_publishes_again(browser, essay, scripts):
    # Each way under an essay of its own, by readers of its own.
    path = essay("the-honest-basement" if scripts else "what-to-call-an-apple")
    family = "Quarrel" if scripts else "Squabble"
    with (
        browser.open(path, scripts=scripts) as reader,
        browser.open("/admin/", scripts=scripts) as page,
    ):
        parent = post_reply(reader, "Damp is only water with opinions.", name=f"Zed {family}")
        key = parent.get_attribute("id")
        parent.get_by_role("link", name="Reply").click()
        post_reply(reader, "Opinions, then, of a low kind.", name=f"Ann {family}")

        log_in(page)
        page.goto("/admin/comments/comment/")
        page.locator("#searchbar").fill(family)
        page.locator("#searchbar").press("Enter")
        expect(page.locator("#result_list tbody tr")).to_have_count(2)

        choose(page, "hide", "only water")
        reader.goto(path)
        place = reader.locator(f"#{key}")
        expect(place).to_have_text(re.compile(r"^\s*\d+\s+This comment has been hidden"))
        assert "only water" not in reader.content()
        assert f"Zed {family}" not in reader.content()
        expect(reader.get_by_text("of a low kind")).to_be_visible()

        choose(page, "publish", "only water")
        choose(page, "hide", "only water", "low kind")
        reader.goto(path)
        expect(reader.locator(".comment").first).to_be_visible()
        expect(place).to_have_count(0)
        assert family not in reader.content()

        choose(page, "publish", "only water", "low kind")
        reader.goto(path)
        expect(place).to_contain_text("Damp is only water with opinions.")
        expect(reader.get_by_text("of a low kind")).to_be_visible()
