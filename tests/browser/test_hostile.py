"""Hostile text in every field, on every page that shows it: the browser runs nothing of it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WatchedBrowser, log_in
from tests.server import running_server

# Each calls `pwned`, or asks a host that is none, where a page takes it for more than text.
MARKUP = [
    "<script>pwned(1)</script>",
    "<scr<script>ipt>pwned(2)</scr</script>ipt>",
    "</title></textarea></style><script>pwned(3)</script>",
    '"><img src=/none onerror=pwned(4)>',
    "'><svg/onload=pwned(5)>",
    "<svg><animate onbegin=pwned(6) attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><img src=/none onerror=pwned(7)></style></table></math>",
    "<noscript><p title='</noscript><img src=/none onerror=pwned(8)>'>",
    "<details open ontoggle=pwned(9)>unfolded",
    "<input autofocus onfocus=pwned(10)>",
    '<iframe srcdoc="<script>parent.pwned(11)</script>"></iframe>',
    "<iframe src=javascript:parent.pwned(12)></iframe>",
    "<object data=data:text/html,<script>pwned(13)</script>></object>",
    "<base href=https://elsewhere.invalid/><link rel=stylesheet href=steal.css>",
    "<meta http-equiv=refresh content='0;url=https://elsewhere.invalid/'>",
    "<form action=https://elsewhere.invalid/><button autofocus>Post reply</button>",
    "<style>@import 'https://elsewhere.invalid/steal.css';</style>",
    "<p style='background:url(https://elsewhere.invalid/seen.png)'>seen",
    "<a id=reply-form name=parent href=javascript:pwned(14)>clobbered</a>",
    "<!--><img src=/none onerror=pwned(15)>-->",
    "<![CDATA[<script>pwned(16)</script>]]>",
    "&lt;script&gt;pwned(17)&lt;/script&gt;",
    "&#60;img src=/none onerror=pwned(18)&#62;",
    "\x3cimg src=/none onerror\x3dpwned(19)\x3e",
    "<img/src='/none'/onerror='pwned(20)'/",
    "<<b>img src=/none onerror=pwned(21)//",
    "{{ pwned(22) }}{% debug %}${pwned(23)}",
    '<!--tools p-one--><!--tools s-"><script>pwned(24)</script>-->',
    "\ue000name\ue001 \x02wzxhzdk:0\x03 \ue000url\ue001",
    "\u202eevil\u2066 <\u200bscript>pwned(25)</script>",
    "\uff1cscript\uff1epwned(26)\uff1c/script\uff1e",
]
MARKDOWN = [
    "[a link](javascript:pwned(30))",
    "[a link](JaVa\tScRiPt:pwned(31))",
    "[a link](&#106;avascript:pwned(32))",
    "[a link](data:text/html;base64,PHNjcmlwdD5wYXJlbnQucHduZWQoMzMpPC9zY3JpcHQ+)",
    '[a link](vbscript:pwned(34) "onmouseover=pwned(35)")',
    '[a link](https://elsewhere.invalid/"onmouseover=pwned(36))',
    "![a picture](https://elsewhere.invalid/seen.png)",
    "![a picture](//elsewhere.invalid/seen.png)",
    '![a picture](/none"onerror="pwned(37))',
    "![a picture][far]\n\n[far]: https://elsewhere.invalid/far.png",
    "<javascript:pwned(38)>",
    "word{: onclick=pwned(39) style=position:fixed id=comments }",
    "# Heading {: id=reply-form onmouseover=pwned(40) }",
    "```html onload=pwned(41)\n<script>pwned(42)</script>\n```",
    "| a | b |\n| - | - |\n| <script>pwned(43)</script> | `<img src=/none onerror=pwned(44)>` |",
    "A note.[^1]\n\n[^1]: <img src=/none onerror=pwned(45)>",
    '*[HTML]: "><script>pwned(46)</script>\n\nHTML it is.',
    "- <svg/onload=pwned(47)>\n- [x](javascript:pwned(48))",
    "> <script>pwned(49)</script>",
    "https://elsewhere.invalid/?<script>pwned(50)</script>",
]
TRAP = """
window.ran = [];
window.pwned = (...what) => { window.ran.push(String(what)); };
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) window[name] = window.pwned;
"""
# Markdown wraps what it shows; the traps may sit in any of these.
WRAPS = [
    "**{}**",
    "[{}](https://example.org/)",
    "`{}`",
    "- {}",
    "# {}",
    "[x]({})",
    "![x]({})",
]
STORE = """
from django.core.exceptions import ValidationError
from tests.builders import build_article, build_comment

def store(texts, order):
    body = "\\n\\n".join(["Opening words.", "Lead:", "- A point", *texts])
    title = " ".join(texts)
    article = build_article(title[:200], body, dek=title[:300], slug=f"bad-{order}")
    for text in texts:
        wrapped = "\\n\\n".join(wrap.format(text) for wrap in WRAPS)
        for words in (text, wrapped):
            try:
                build_comment(article, name=text[:80], body=words)
            except ValidationError:
                build_comment(article, name=text[:80], body="Refused.")

for order, texts in enumerate(ESSAYS):
    store(texts, order)
"""


def pack(texts: list[str], longest: int = 200) -> list[list[str]]:
    """The texts in groups; each group fits into the title of one essay, so that none is cut."""
    groups: list[list[str]] = [[]]
    for text in texts:
        if groups[-1] and len(" ".join([*groups[-1], text])) > longest:
            groups.append([])
        groups[-1].append(text)
    return groups


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A site on which every essay holds some of these texts, and its comments the same ones."""
    with running_server(tmp_path_factory.mktemp("hostile")) as server:
        server.run(f"ESSAYS = {pack([*MARKUP, *MARKDOWN])!r}\nWRAPS = {WRAPS!r}\n{STORE}")
        yield server


@pytest.fixture
def guarded(served, chromium):
    """As `browser`, for that site: what the page's policy had to block is a complaint as well."""
    browser = WatchedBrowser(chromium, served)
    yield browser
    assert browser.complaints == []


def visit(page, path: str):
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.goto(path)
    assert page.evaluate("ran") == []


def paths(server) -> list[str]:
    found = server.rows("SELECT slug, published_at FROM articles_article ORDER BY id")
    return [f"/{str(published)[:4]}/{slug}/" for slug, published in found]


def test_nothing_runs_on_readers_pages(guarded, served):
    with guarded.open("about:blank", before=TRAP) as page:
        for path in ["/", *paths(served)]:
            visit(page, path)
            protocols = page.locator("a").evaluate_all("all => all.map(link => link.protocol)")
            assert set(protocols) <= {"http:", "https:", "mailto:", ":"}  # ":" leads nowhere


def test_nothing_runs_on_reply_pages(guarded, served):
    with guarded.open("about:blank", before=TRAP) as page:
        for path in paths(served)[::2]:
            visit(page, f"{path}reply/")
            visit(page, path)
            page.locator("a.reply").first.click()
            expect(page.locator(".reply-context")).to_be_visible()
            page.locator("a.reply-to-point").first.click()
            assert page.evaluate("ran") == []


def test_nothing_runs_in_a_preview_or_beside_an_error(guarded, served):
    with guarded.open("about:blank", before=TRAP) as page:
        path = paths(served)[0]
        for text in [*MARKUP[::3], *MARKDOWN[::3]]:
            visit(page, f"{path}reply/")
            page.get_by_label("Your reply").fill(text)
            page.get_by_label("Name").fill(text[:80])
            page.get_by_label("Email").fill("cleo@private.example")
            page.get_by_role("button", name="Preview").click()
            expect(page.locator(".preview, .errors").first).to_be_visible()
            assert page.evaluate("ran") == []


def test_nothing_runs_at_the_desks_of_staff(guarded, served):
    keys = served.rows("SELECT id FROM comments_comment ORDER BY id")
    essays = served.rows("SELECT id FROM articles_article ORDER BY id")
    with guarded.open("about:blank", before=TRAP) as page:
        log_in(page)
        visit(page, "/admin/")
        visit(page, "/admin/articles/article/")
        for number in range(1, len(keys) // 50 + 2):
            visit(page, f"/admin/comments/comment/?p={number}")
        for (key,) in keys[::9]:
            visit(page, f"/admin/comments/comment/{key}/change/")
        for (key,) in essays[::2]:
            visit(page, f"/admin/articles/article/{key}/change/")
            visit(page, f"/admin/articles/article/{key}/history/")


def test_feeds_are_feeds(guarded, served):
    """A browser parses them without an error, and runs nothing that is in them."""
    parse = """async path => {
        const text = await (await fetch(path)).text();
        const feed = new DOMParser().parseFromString(text, 'application/xml');
        return [feed.querySelector('parsererror')?.textContent ?? '', feed.documentElement.tagName]
    }"""
    with guarded.open("/", before=TRAP) as page:
        for path in ["/feed/", "/comments/feed/", *[f"{one}feed/" for one in paths(served)]]:
            assert page.evaluate(parse, path) == ["", "feed"], path
