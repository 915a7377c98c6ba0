"""A reader's e-mail address is shown to moderators in the admin, and nowhere else."""

import base64
import hashlib
import logging
import re
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Comment, Rules
from tests.builders import build_article, build_comment, build_staff, reply_data
from tests.crawl import all_of, crawl

pytestmark = pytest.mark.django_db
EMAIL = re.compile(r'"email"')


def disguises(address: str) -> set[str]:
    """The address as itself, and as what sites make of one: hashes and codes."""
    found = set()
    for form in {address, address.lower(), address.upper(), address.strip().lower()}:
        raw = form.encode()
        found |= {form, form.replace("@", "%40"), form.replace("@", "&#64;")}
        found |= {hashlib.new(name, raw).hexdigest() for name in ("md5", "sha1", "sha256")}
        coded = base64.b64encode(raw).decode()
        found |= {coded, coded.rstrip("="), base64.urlsafe_b64encode(raw).decode()}
        found |= {raw.hex(), form.partition("@")[0]}
    return found


@pytest.fixture
def canaries():
    """Comments of every status, each with an address of its own; returns all disguises."""
    article = build_article(tags=["Towns"])
    first = build_comment(article, email="Canary.First@Private.example")
    hidden = build_comment(article, first, email="canary.hidden@private.example", status="hidden")
    build_comment(article, hidden, email="canary.below@private.example")
    build_comment(article, email="canary.held@private.example", status="held")
    spam = build_comment(article, email="canary.spam@private.example")
    build_comment(article, spam, email="canary.under@private.example")
    Comment.objects.filter(pk=spam.pk).mark_spam(reason="canary.spam@private.example")
    Rules(public_log=True).save()
    build_comment(article, point=article.points.first(), email="canary.point@private.example")
    addresses = Comment.objects.values_list("email", flat=True)
    return {disguise for address in addresses for disguise in disguises(address)}


def starts() -> list[str]:
    comments = Comment.objects.values_list("pk", flat=True)
    urls = ["/", "/feed/", "/comments/feed/", "/healthz", "/robots.txt", "/sitemap.xml"]
    urls += ["/feed.json", "/archive/", "/search/?q=canary", "/tags/towns/", "/authors/ada-lark/"]
    urls += ["/moderation/", *(f"/comments/{pk}/flag/" for pk in comments)]
    urls += ["/search/?q=words", "/search/?q=private.example", "/tags/towns/feed/", "/tags/x/"]
    return [*urls, "/no/such/page/", "/?page=x", *(f"/comments/{pk}/" for pk in comments)]


def test_no_address_on_any_page_header_or_redirect(client, canaries):
    visited = {}
    for url, response in crawl(client, *starts()):
        visited[url] = response.status_code
        text = all_of(response)
        assert not [disguise for disguise in canaries if disguise in text], url
    assert {200, 302, 404} <= set(visited.values())
    for part in ("reply/?parent=", "reply/?point=", "/feed/", "/comments/"):
        assert any(part in url for url in visited)


def test_no_word_of_what_was_hidden_held_or_marked_as_spam_anywhere(client, canaries):
    unseen, asked = [], []
    for status in ("hidden", "held", "spam"):
        body, name = f"unseen{status} words", f"Nameless {status} one"
        row = Comment.objects.filter(status=status).first()
        fields = {"body": body, "body_html": f"<p>{body}</p>", "name": name}
        Comment.objects.filter(pk=row.pk).update(**fields)
        unseen, asked = [*unseen, body, name], [*asked, f"/search/?q=unseen{status}"]
    call_command("reindex", stdout=StringIO())
    for url, response in crawl(client, *starts()):
        assert not [words for words in unseen if words in all_of(response)], url
    for url in asked:
        assert "Nothing has all of these words" in all_of(client.get(url))


def test_no_address_in_the_answers_to_a_post(client, canaries, settings):
    comment = Comment.objects.published().first()
    url = comment.article.get_reply_url()
    strict = type(client)(enforce_csrf_checks=True)
    settings.REPLIES_PER_MINUTE = 1
    answers = {
        422: client.post(url, reply_data(body="", parent=comment.pk)),
        303: client.post(url, reply_data(parent=comment.pk)),
        429: client.post(url, reply_data(body="Another.", parent=comment.pk)),
        200: client.post(url, reply_data(preview="1", parent=comment.pk)),
        403: strict.post(url, reply_data(parent=comment.pk)),
        404: client.post("/2020/none/reply/", reply_data()),
        405: client.put(url),
    }
    for status, response in answers.items():
        assert response.status_code == status
        text = all_of(response)
        assert not [disguise for disguise in canaries if disguise in text], status


def test_posters_own_address_comes_back_only_in_the_form_they_sent(client):
    article = build_article()
    response = client.post(article.get_reply_url(), reply_data())
    assert "cleo@private" not in all_of(response)
    followed = client.get(response.url)
    assert "cleo@private" not in all_of(followed)
    assert not followed.cookies


def test_held_replys_own_link_tells_no_address(client, settings):
    settings.HOLD_REPLIES = "all"
    article = build_article()
    response = client.post(article.get_reply_url(), reply_data())
    page = client.get(response.url)
    assert "I beg to differ." in page.content.decode()
    for answer in (response, page):
        assert not [d for d in disguises("cleo@private.example") if d in all_of(answer)]


def test_no_address_in_any_log_record(client, canaries, settings, caplog):
    article = Comment.objects.published().first().article
    loggers = [logging.getLogger(name) for name in ("", "django", "django.request", "axes")]
    caplog.set_level(logging.DEBUG)
    for logger in loggers:
        logger.addHandler(caplog.handler)
    try:
        settings.REPLIES_PER_MINUTE = 1
        for data in (reply_data(body=""), reply_data(), reply_data(body="More.")):
            client.post(article.get_reply_url(), data)
        client.get("/no/such/page/?email=cleo@private.example")
        for _ in crawl(client, *starts()):
            pass
        client.force_login(build_staff("moderator", group="Moderators"))
        for path in ("", f"{article.comments.first().pk}/change/"):
            client.get(f"/admin/comments/comment/{path}")
        client.get("/admin/comments/comment/", {"q": "canary.held@private.example"})
    finally:
        for logger in loggers:
            logger.removeHandler(caplog.handler)
    assert caplog.records
    logged = " ".join(
        f"{r.getMessage()} {r.exc_text or ''} {r.args}"
        for r in caplog.records
        if r.name != "django.db.backends"
    )
    for disguise in canaries | disguises("cleo@private.example"):
        assert disguise not in logged


def test_error_in_our_code_logs_no_address(client, caplog, monkeypatch):
    article = build_article()

    def fail(*args, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr(Comment, "save", fail)
    client.raise_request_exception = False
    logger = logging.getLogger("django")
    logger.addHandler(caplog.handler)
    try:
        response = client.post(article.get_reply_url(), reply_data())
    finally:
        logger.removeHandler(caplog.handler)
    assert response.status_code == 500
    assert "broken" in caplog.text
    assert "cleo" not in caplog.text and "cleo" not in all_of(response)


def test_no_public_page_loads_an_address(client, canaries):
    for url, _ in crawl_queries(client, *starts()):
        assert not url[1], f"{url[0]} asked for it: {url[1]}"


def crawl_queries(client, *starts):
    """Yields each URL with the queries in which an address is named."""
    pages = crawl(client, *starts)
    while True:
        with CaptureQueriesContext(connection) as queries:
            found = next(pages, None)
        if found is None:
            return
        named = [query["sql"] for query in queries if EMAIL.search(query["sql"])]
        yield (found[0], named), found[1]


def test_moderators_see_the_address_in_the_admin_alone(client, canaries):
    comment = Comment.objects.published().first()
    client.force_login(build_staff("moderator", group="Moderators"))
    detail = f"/admin/comments/comment/{comment.pk}/change/"
    assert "Canary.First@Private.example" in client.get(detail).content.decode()
    for url, response in crawl(client, *starts()):
        assert not [disguise for disguise in canaries if disguise in all_of(response)], url


def test_admins_history_holds_no_address(client, canaries):
    client.force_login(build_staff("moderator", group="Moderators"))
    comments = list(Comment.objects.values_list("pk", flat=True))
    path = "/admin/comments/comment/"
    client.post(path, {"action": "hold", "_selected_action": comments}, follow=True)
    client.post(f"{path}{comments[0]}/change/", {"status": "hidden"}, follow=True)
    assert LogEntry.objects.count() > 3
    for entry in LogEntry.objects.all():
        text = f"{entry} {entry.object_repr} {entry.change_message}"
        assert not [disguise for disguise in canaries if disguise in text]


def test_text_forms_of_a_comment_hold_no_address(canaries):
    for comment in Comment.objects.all():
        assert not [d for d in canaries if d in f"{comment} {comment!r} {comment.number}"]
