"""The public screens of the demo site, and an essay with the longest and deepest content."""

from playwright.sync_api import Page, expect

LONG, SHORT, EMPTY = (
    "the-case-for-the-bench",
    "what-to-call-an-apple",
    "in-defence-of-the-half-hour-nap",
)
OUTLINED = "a-town-should-tell-the-time"
ARABIC = "\u0647\u0630\u0627 \u062a\u0639\u0644\u064a\u0642 \u0627\u0644\u064a\u0645\u064a\u0646"
HARD = {
    "name": "W" * 80,
    "body": "\n\n".join(
        [
            "X" * 2_000,
            "Z" + "\u0316\u0317\u0318\u0319\u031c\u031d\u0321\u0322" * 20 + " heaped",
            f"{ARABIC} (1) https://example.org/" + "a" * 200,
            "    " + "line of code " * 30,
            "> " + "quoted" * 60,
            "- " + "item" * 90,
        ]
    ),
}
HARD_ESSAY = """
from tests.builders import build_article, build_comment
table = "| " + " | ".join(f"Column {n}" for n in range(14)) + " |"
rows = [table, "|" + "---|" * 14, table.replace("Column", "Long entry number")]
body = "\\n\\n".join([
    "Words of " + "length" * 60, "\\n".join(rows), "    " + "code " * 60,
    "## " + "Heading" * 20, "A lead:", "- " + "point" * 60 + "\\n- `" + "code" * 50 + "`",
    "## Second", "## Third", "> " + "quote" * 60, "[link](https://example.org/" + "x" * 300 + ")",
])
article = build_article("T" * 200, body, dek="D" * 300, slug="hard")
parent = None
for level in range(14):
    parent = build_comment(article, parent, name=(f"Reader{level}" * 12)[:80])
hidden = build_comment(article, parent, name="Hidden")
build_comment(article, hidden)
type(hidden).objects.filter(pk=hidden.pk).hide()
"""


SCREENS = [
    "home",
    "long",
    "short",
    "empty",
    "thread",
    "newest first",
    "hard",
    "answers to a point",
    "since a time",
    "nothing since",
    "newest comments",
    "reply",
    "reply to a comment",
    "reply to a point",
    "preview",
    "errors",
    "missing",
    "tag",
    "author",
    "archive",
    "year",
    "search",
    "log-in",
]


def fill_reply(page: Page, body: str, name: str = "Cleo", email: str = "cleo@private.example"):
    page.get_by_label("Your reply").fill(body)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Email").fill(email)


def preview(page):
    fill_reply(page, "> quoted\n\n*Said* and `done`.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview")).to_be_visible()


def send_errors(page):
    fill_reply(page, "Some words.", name="\u200b\u200b")
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator(".errors")).to_be_visible()
