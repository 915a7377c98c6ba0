"""Comments that are held, hidden, spam or erased appear on no public page.

Every address of the site is asked for, twice: with such comments, and as if they had never been
sent. The answers must be the same.
"""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve

from articles.models import Article
from comments.models import Comment, Reason, Rules
from comments.models.ban import create_ban
from comments.models.reason import make_reason
from comments.moderation import flagging
from comments.privacy import erase
from tests.builders import build_article, build_comment, build_staff, reply_data
from tests.crawl import all_of, crawl

pytestmark = pytest.mark.django_db
CANARY = "wren"
STATES = ("held", "hidden", "spam", "flagged", "banned", "erased")
# Answers to whoever may know: a comment's own address leads nowhere while it is out of sight.
STAFF_ONLY = {"admin"}


@pytest.fixture
def article():
    """An essay with a thread that everybody may read, and one that nobody may."""
    Rules(public_log=True, flags_to_hold=2).save()
    article = build_article(tags=["Towns"])
    root = build_comment(article, name="Ann", body="A public root.")
    build_comment(article, root, name="Bea", body="A public answer.")
    build_comment(article, point=article.points.first(), name="Cid", body="On a point.")
    draft = build_article("Unready", published=False)
    build_comment(draft, name=f"Name{CANARY}", body=f"Under a draft {CANARY}")
    return article


def send(article, state, parent=None, point=None, n=0):
    """A comment that is told by its canaries alone, in a state that readers must not see."""
    status = state if state in ("held", "hidden", "spam") else "published"
    comment = build_comment(
        article,
        parent,
        point=point,
        name=f"{state} {CANARY}name",
        email=f"{CANARY}.{state}@private.example",
        body=f"{state} {CANARY}words {n} https://{CANARY}.example/",
        status=status,
    )
    Reason.create_for(comment, [make_reason("pattern", f"Holds {CANARY}reason", 80)])
    if state == "flagged":
        for reader in (1, 2):
            flagging.flag(comment, "abuse", f"{CANARY}flag", f"192.0.2.{reader}")
    elif state == "banned":
        create_ban("name", comment=comment, reason=f"{CANARY}ban")
        Comment.objects.filter(pk=comment.pk).hold(reason=f"{CANARY}log")
    elif state == "erased":
        erase.erase(comment.email)
    return comment


def send_all(article) -> list[Comment]:
    """One of each state at each place: a root, a reply, a reply to such a one, on a point."""
    root = Comment.objects.get(article=article, name="Ann")
    sent = []
    for n, state in enumerate(STATES):
        first = send(article, state, n=n)
        below = send(article, state, first, n=n)
        sent += [first, below, send(article, state, root, n=n)]
        sent.append(send(article, state, point=article.points.first(), n=n))
    return sent


def public_patterns() -> set[str]:
    """The name of every URL of the site outside the admin."""
    waiting, names = list(get_resolver().url_patterns), set()
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, URLPattern):
            names.add(entry.lookup_str + "|" + (entry.name or ""))
        elif getattr(entry, "app_name", "") not in STAFF_ONLY:
            waiting += entry.url_patterns
    return names


def starts(article) -> list[str]:
    url, last = article.get_absolute_url(), Comment.objects.latest("pk").pk
    # PostgreSQL goes on counting where the test before left off.
    keys = [*Comment.objects.order_by("pk").values_list("pk", flat=True), last + 1]
    searched = [
        f"{CANARY}words",
        f"{CANARY}name",
        f"held+{CANARY}words",
        "public",
        "private.example",
    ]
    urls = ["/", "/?page=2", "/feed/", "/feed.json", "/comments/feed/", "/tags/towns/"]
    urls += ["/tags/towns/feed/", "/authors/ada-lark/", "/authors/ada-lark/feed/", "/archive/"]
    urls += [f"/archive/{article.year}/", "/sitemap.xml", "/sitemap-1.xml", "/robots.txt"]
    urls += ["/moderation/", "/healthz", "/readyz", "/metrics", "/no/such/page/", "/?page=x"]
    urls += [url, f"{url}?page=2", f"{url}?held=1:x:y", f"{url}feed/", f"{url}reply/"]
    urls += ["/card.png", f"{url}card.png", f"/comments/before/{last}/", f"{url}since/0/1/"]
    urls += [f"/search/?q={words}" for words in searched]
    urls += [f"/comments/{key}/" for key in keys] + [f"/comments/{key}/flag/" for key in keys]
    urls += [f"{url}reply/?parent={key}" for key in keys]
    draft = Article.objects.get(title="Unready")
    return [*urls, draft.get_absolute_url(), f"{draft.get_absolute_url()}feed/"]


def test_crawl_reaches_every_address_there_is(client, article):
    send_all(article)
    reached = set()
    for url, response in crawl(client, *starts(article)):
        if response.status_code != 404:
            match = resolve(url.partition("?")[0])
            reached.add(f"{match._func_path}|{match.url_name or ''}")
    without_figures = {name for name in public_patterns() if not name.endswith("|metrics")}
    assert without_figures <= reached


def test_no_canary_is_in_any_answer(client, article):
    send_all(article)
    asked = 0
    for url, response in crawl(client, *starts(article)):
        text = all_of(response)
        for typed in (f"held+{CANARY}words", f"{CANARY}words", f"{CANARY}name"):
            # The search page gives back what was searched for.
            text = text.replace(typed, "").replace(typed.replace("+", " "), "")
        assert CANARY not in (text if "/search/" in url else all_of(response)), url
        asked += 1
    assert asked > 100


def pages(client, urls) -> dict[str, str]:
    """The public pages, without the parts that say when a page was rendered."""
    return {url: client.get(url).content.decode("utf-8", "replace") for url in urls}


def test_every_page_is_the_same_as_if_they_had_never_been_sent(client, article):
    """Counts, feeds, JSON, points and lists: the bodies are equal, letter for letter."""
    log = "/moderation/"  # tells of acts, and is compared by its canaries alone
    urls = [url for url in starts(article) if log not in url]
    before = pages(client, urls)
    send_all(article)
    after = pages(client, urls)
    for url in urls:
        assert undated(after[url]) == undated(before[url]), url


def undated(text: str) -> str:
    """Feeds and the sitemap say when a page changed: what was seen for a while has changed it."""
    return re.sub(r"<(updated|lastmod)>[^<]*</\1>", "", text)


def test_page_kept_by_a_browser_is_not_good_any_more(client, article):
    """Whatever a cache has kept under an ETag is asked for again once a comment is hidden."""
    seen = build_comment(article, name=f"{CANARY}name", body=f"{CANARY}words")
    url = article.get_absolute_url()
    paths = ("/comments/feed/", url, f"{url}feed/")
    rows = Comment.objects.filter(pk=seen.pk)
    for verb in ("hide", "hold", "mark_spam"):
        rows.publish()
        kept = {path: client.get(path)["ETag"] for path in paths}
        assert f"{CANARY}words" in client.get(url).content.decode()
        getattr(rows, verb)()
        for path, tag in kept.items():
            answer = client.get(path, headers={"if-none-match": tag})
            assert answer.status_code == 200, (verb, path)
            assert f"{CANARY}name" not in answer.content.decode()


def test_reply_that_nobody_sees_changes_no_page_nor_its_etag(client, article):
    paths = ["/", "/comments/feed/", article.get_absolute_url(), "/moderation/", "/feed/"]
    before = [client.get(path)["ETag"] for path in paths]
    for state in ("held", "hidden", "spam"):
        send(article, state)
    assert [client.get(path)["ETag"] for path in paths] == before


def test_two_strangers_are_shown_the_same(article):
    send_all(article)
    first, second = Client(), Client(REMOTE_ADDR="192.0.2.1", headers={"user-agent": "other"})
    for url, response in crawl(first, "/", article.get_absolute_url(), "/moderation/"):
        other = second.get(url)
        assert other.content == response.content, url
        assert other.headers.get("ETag") == response.headers.get("ETag")


def test_tombstone_tells_its_number_and_nothing_more(client, article):
    for state in STATES:
        hidden = send(article, state)
        answer = Comment(article=article, parent=hidden, name="Ben", email="b@private.example")
        answer.body = f"Answers what was {state}."
        answer.save()
    html = client.get(article.get_absolute_url()).content.decode()
    assert html.count('class="comment tombstone"') == len(STATES) and CANARY not in html
    for path in ("/comments/feed/", "/feed.json", f"{article.get_absolute_url()}feed/"):
        assert CANARY not in client.get(path).content.decode()


def test_answers_to_posts_tell_nothing_of_them(client, article):
    url = article.get_reply_url()
    for comment in send_all(article):
        refused = client.post(url, reply_data(parent=comment.pk))
        assert refused.status_code == 422 and CANARY not in all_of(refused)
        flagged = client.post(f"/comments/{comment.pk}/flag/", {"reason": "spam"})
        assert flagged.status_code == 404 and CANARY not in all_of(flagged)


def test_editors_and_whoever_is_logged_in_are_shown_no_more(client, article):
    send_all(article)
    client.force_login(build_staff("editor"))
    for path in ("/", "/comments/feed/", article.get_absolute_url(), "/moderation/"):
        assert CANARY not in client.get(path).content.decode()
