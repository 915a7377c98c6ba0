"""The moderators' controls on an essay's page, which nobody else sees."""

import re

import html5lib
import pytest
from django.test import Client

from comments.models import Comment
from comments.models import comment as comment_module
from comments.thread_page import read, viewer
from tests.builders import build_article, build_comment, build_staff

pytestmark = pytest.mark.django_db
ACT = "/admin/comments/comment/act/"


@pytest.fixture
def moderator_client(client):
    client.force_login(build_staff("moderator", group="Moderators"))
    return client


@pytest.fixture
def article():
    return build_article()


def page_of(client, article, **query) -> str:
    response = client.get(article.get_absolute_url(), query)
    assert response.status_code == 200
    return response.content.decode()


def place_of(page, comment) -> str:
    """The HTML of one comment on a page."""
    return re.search(
        rf'<article class="comment" id="comment-{comment.pk}">.*?</article>', page, re.S
    )[0]


def offered(page, comment) -> list[str]:
    return re.findall(rf'name="act" value="(\w+):{comment.pk}"', page)


def test_moderator_finds_the_buttons_that_apply_beside_each_comment(moderator_client, article):
    shown, held = build_comment(article), build_comment(article, status="held")
    hidden, locked = build_comment(article, status="hidden"), build_comment(article, locked=True)
    page = page_of(moderator_client, article)
    assert offered(page, shown) == ["hide", "mark_spam", "lock"]
    assert offered(page, held) == ["publish", "hide", "mark_spam", "lock"]
    assert offered(page, hidden) == ["publish", "mark_spam", "lock"]
    assert offered(page, locked) == ["hide", "mark_spam", "unlock"]
    assert f'href="/admin/comments/comment/{shown.pk}/person/"' in page


def test_moderator_reads_what_is_held_and_hidden_plainly_marked(moderator_client, article):
    held = build_comment(article, body="Still waiting.", status="held")
    hidden = build_comment(article, held, body="Put away.", status="hidden")
    spam = build_comment(article, body="Buy it.", status="spam")
    page = page_of(moderator_client, article)
    assert "Held: readers do not see this." in place_of(page, held)
    assert "Still waiting." in place_of(page, held)
    assert "Hidden: readers do not see these words." in place_of(page, hidden)
    assert f"comment-{spam.pk}" not in page
    build_comment(article, spam)
    assert "Spam: readers do not see these words." in place_of(
        page_of(moderator_client, article), spam
    )


def test_button_on_the_page_acts_and_leads_back_to_the_comment(moderator_client, article):
    comment = build_comment(article)
    for act, after in (("hide", "hidden"), ("publish", "published"), ("mark_spam", "spam")):
        response = moderator_client.post(ACT, {"act": f"{act}:{comment.pk}", "from": "page"})
        assert response.url == f"{article.get_absolute_url()}#comment-{comment.pk}"
        assert Comment.objects.get().status == after


def test_branch_is_hidden_from_the_page_with_a_reason_for_all(moderator_client, article):
    parent = build_comment(article)
    assert "hide_branch" not in offered(page_of(moderator_client, article), parent)
    reply = build_comment(article, build_comment(article, parent))
    assert "hide_branch" in offered(page_of(moderator_client, article), parent)
    data = {"act": f"hide_branch:{parent.pk}", "from": "page", "public_reason": "Off topic"}
    moderator_client.post(ACT, data)
    told = Comment.objects.values_list("status", "public_reason")
    assert set(told) == {("hidden", "Off topic")}
    assert offered(page_of(moderator_client, article), reply) == ["publish", "mark_spam", "lock"]


def test_form_on_the_page_carries_a_token_without_which_nothing_is_done(client, article):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(build_staff("moderator", group="Moderators"))
    comment = build_comment(article)
    data = {"act": f"hide:{comment.pk}", "from": "page"}
    assert strict.post(ACT, data).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page_of(strict, article))[1]
    assert strict.post(ACT, data | {"csrfmiddlewaretoken": token}).status_code == 302
    assert Comment.objects.get().status == "hidden"


def test_address_of_a_held_comment_leads_a_moderator_to_its_page(
    moderator_client, article, monkeypatch
):
    for module in (comment_module, read):
        monkeypatch.setattr(module, "PAGE_BYTES", 600)
    comments = [build_comment(article, status="held") for _ in range(9)]
    seen = []
    for comment in comments:
        url = moderator_client.get(comment.get_absolute_url()).url
        page = moderator_client.get(url).content.decode()
        assert offered(page, comment), url
        seen.append(url.partition("#")[0])
    assert len(set(seen)) == 2
    assert "Next page: 3 more replies" in page_of(moderator_client, article)


def test_readers_and_editors_get_the_page_as_it_was(client, article):
    comment = build_comment(article)
    held = build_comment(article, body="Still waiting.", status="held")
    before = client.get(article.get_absolute_url()).content
    assert client.get(held.get_absolute_url()).status_code == 404
    client.force_login(build_staff("moderator", group="Moderators"))
    assert offered(page_of(client, article), comment)
    client.logout()
    assert client.get(article.get_absolute_url()).content == before
    client.force_login(build_staff("editor"))
    assert page_of(client, article).encode() == before
    assert client.get(held.get_absolute_url()).status_code == 404
    for word in (b"staff", b"/admin/", b"csrf", b"Still waiting"):
        assert word not in before


def test_page_with_every_state_is_well_formed(moderator_client, article):
    parent = build_comment(article)
    for status in ("held", "hidden", "spam", "published"):
        inner = build_comment(article, parent, status=status)
        build_comment(article, inner, status="held")
    spam = build_comment(article, inner, status="spam")
    build_comment(article, build_comment(article, spam, status="spam"), status="held")
    text = page_of(moderator_client, article)
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(text)
    known = {"expected-closing-tag-but-got-eof", "unexpected-end-tag", "end-tag-too-early"}
    assert not known & {error[1] for error in parser.errors}
    thread_html = text[text.index('<ol class="thread">') : text.index('id="reply-form"')]
    for tag in ("ol", "li", "details", "form", "article"):
        opened = len(re.findall(rf"<{tag}\b", thread_html))
        assert opened == len(re.findall(rf"</{tag}>", thread_html)) + (tag == "form"), tag


def test_own_held_reply_to_one_that_nobody_answered_stands_in_a_list(client, article):
    parent = build_comment(article)
    held = build_comment(article, parent, status="held")
    page = page_of(client, article, held=viewer.held_token(held))
    thread_html = page[page.index('<ol class="thread">') : page.index('id="reply-form"')]
    assert thread_html.count("<ol") == thread_html.count("</ol>") == 2
    assert thread_html.count("<details") == thread_html.count("</details>") == 1
