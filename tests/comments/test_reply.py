"""The reply form: a reply is stored, or comes back with all its words and the errors."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.models import Article
from comments.forms import ReplyForm
from comments.models import Comment
from tests.builders import build_article, build_comment, reply_data

pytestmark = pytest.mark.django_db
WORDS = "Kept to the last letter."


def errors_of(html: str) -> str:
    return re.search(r'id="reply-errors".*?</div>', html, re.DOTALL)[0]


def post(client, article, **fields):
    return client.post(article.get_reply_url(), reply_data(**fields))


def test_a_reply_is_answered_with_its_place_and_shown_there_at_once(client):
    article = build_article()
    response = post(client, article)
    comment = Comment.objects.get()
    assert response.status_code == 303
    assert response["Location"] == f"{article.get_absolute_url()}#comment-{comment.pk}"
    page = client.get(article.get_absolute_url()).content.decode()
    assert f'id="comment-{comment.pk}"' in page and "I beg to differ." in page
    assert "cleo@private.example" not in page


def test_a_reply_on_a_later_page_of_the_thread_is_answered_with_that_page(client, monkeypatch):
    monkeypatch.setattr("comments.thread_page.read.PAGE_BYTES", 300)
    article = build_article()
    for _ in range(4):
        build_comment(article)
    comment = Comment.objects.get(pk=int(post(client, article)["Location"].split("-")[-1]))
    place = post(client, article)["Location"]
    assert place == f"/comments/{comment.pk}/#comment-{comment.pk}"
    response = client.get(place, follow=True)
    assert response.redirect_chain[-1][0].startswith(f"{article.get_absolute_url()}?page=2#")
    assert f'id="comment-{comment.pk}"' in response.content.decode()


@pytest.mark.parametrize("count, taken", [(0, False), (1, True), (80, True), (81, False)])
def test_names_have_up_to_80_characters(client, count, taken):
    response = post(client, build_article(), name="\N{FACE WITH TEARS OF JOY}" * count)
    assert response.status_code == (303 if taken else 422)


def test_a_name_is_measured_as_it_would_be_stored(client):
    # One Hebrew letter that composition takes apart into three.
    response = post(client, build_article(), name="\ufb2c" * 30)
    assert response.status_code == 422
    assert "this one has 90" in response.content.decode()


@pytest.mark.parametrize("body", ["a" * 10_000, "\r\n".join(["a" * 19] * 500) + "a"])
def test_bodies_have_up_to_10_000_characters_whatever_ends_their_lines(client, body):
    assert post(client, build_article(), body=body).status_code == 303
    assert len(Comment.objects.get().body) == 10_000


def test_a_longer_body_is_given_back_whole(client):
    body = "word " * 2_001
    response = post(client, build_article(), body=body)
    assert response.status_code == 422
    assert body.rstrip() in response.content.decode()
    assert "maxlength" not in re.search("<textarea[^>]*>", response.content.decode())[0]


@pytest.mark.parametrize(
    "body", ["", " \n\t ", "\u200b\u2060", "\u2800", "\u0301\u0302", "&nbsp;"]
)
def test_a_body_with_nothing_to_see_is_refused(client, body):
    response = post(client, build_article(), body=body)
    assert response.status_code == 422
    assert "Please write something." in errors_of(response.content.decode())


def test_each_error_stands_beside_its_field_and_in_the_summary(client):
    response = post(client, build_article(), name=" ", email="nowhere", body=WORDS)
    html = response.content.decode()
    assert response.status_code == 422
    for field in ("name", "email"):
        widget = re.search(rf'<input[^>]*name="{field}"[^>]*>', html)[0]
        assert 'aria-invalid="true"' in widget
        assert f"reply-{field}_error" in re.search('aria-describedby="([^"]*)"', widget)[1]
        assert f'id="reply-{field}_error"' in html
        assert f'href="#reply-{field}"' in errors_of(html)
    assert "aria-invalid" not in re.search("<textarea[^>]*>", html)[0]
    assert WORDS in html and 'value="nowhere"' in html
    assert Comment.objects.count() == 0


def test_help_is_tied_to_its_field(client):
    html = client.get(build_article().get_reply_url()).content.decode()
    for field in ("email", "body"):
        assert f'aria-describedby="reply-{field}_helptext"' in html
        assert f'id="reply-{field}_helptext"' in html


def test_the_same_reply_sent_again_is_stored_once_and_answered_alike(client):
    article = build_article()
    first, second = post(client, article), post(client, article)
    assert first["Location"] == second["Location"]
    assert (first.status_code, second.status_code, Comment.objects.count()) == (303, 303, 1)


@pytest.mark.parametrize("status", ["held", "hidden"])
def test_a_parent_that_is_not_shown_cannot_be_answered(client, status):
    article = build_article()
    parent = build_comment(article, status=status)
    response = post(client, article, parent=parent.pk, body=WORDS)
    html = response.content.decode()
    assert response.status_code == 422
    assert "is no longer shown" in errors_of(html) and WORDS in html
    assert parent.body not in html


def test_a_parent_hidden_while_the_reply_was_on_its_way_is_an_error_too():
    article = build_article()
    parent = build_comment(article)
    form = ReplyForm(reply_data(parent=parent.pk), article=article)
    assert form.is_valid()
    Comment.objects.filter(pk=parent.pk).hide()
    with pytest.raises(ValidationError, match="no longer shown"):
        form.save("192.0.2.1")
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("field", ["parent", "point"])
def test_parent_or_point_of_another_essay_is_refused(client, field):
    article = build_article()
    other = build_article("Another", "Its demands:\n\n- Something else entirely, and at length.\n")
    target = {"parent": build_comment(other).pk, "point": other.points.get().anchor}[field]
    response = post(client, article, **{field: target}, body=WORDS)
    assert response.status_code == 422
    assert f"The {'comment' if field == 'parent' else 'point'} that this answers" in (
        errors_of(response.content.decode())
    )
    assert WORDS in response.content.decode() and Comment.objects.count() == 1
    asked = client.get(article.get_reply_url(), {field: target})
    assert asked.status_code == 404


@pytest.mark.parametrize("parent", ["0", "-1", "x", "٣", "9" * 19, "9" * 300, "1 or 1=1"])
def test_a_parent_that_is_no_comment_is_an_error(client, parent):
    response = post(client, build_article(), parent=parent, body=WORDS)
    assert response.status_code == 422 and WORDS in response.content.decode()


def test_a_closed_essay_gives_the_words_back(client):
    article = build_article(discussion=Article.Discussion.CLOSED)
    response = post(client, article, body=WORDS)
    html = response.content.decode()
    assert response.status_code == 422
    assert "takes no replies any more" in html and WORDS in html
    assert 'id="reply-form"' not in html


@pytest.mark.parametrize("kind", ["draft", "scheduled", "none"])
def test_an_essay_that_nobody_may_see_is_as_one_that_does_not_exist(client, kind):
    article = build_article("A secret title", slug="a-secret")
    address = article.get_reply_url()
    later = timezone.now() + timedelta(days=1)
    if kind == "draft":
        Article.objects.update(status=Article.Status.DRAFT)
    elif kind == "scheduled":
        Article.objects.update(published_at=later)
        address = Article.objects.get().get_reply_url()
    else:
        address = address.replace("a-secret", "b-secret")
    response = client.post(address, reply_data(body=WORDS))
    html = response.content.decode()
    assert response.status_code == 404 and WORDS in html
    assert "secret" not in html.lower().replace(address, "")
    assert client.get(address).status_code == 404
    assert Comment.objects.count() == 0


def test_a_wrong_year_leads_to_the_right_one_and_keeps_the_words(client):
    article = build_article()
    wrong = f"/1999/{article.slug}/reply/"
    response = client.post(wrong, reply_data(body=WORDS))
    html = response.content.decode()
    assert response.status_code == 404
    assert "has another address now" in errors_of(html) and WORDS in html
    assert f'action="{article.get_reply_url()}"' in html and Comment.objects.count() == 0
    asked = client.get(wrong + "?point=x")
    assert (asked.status_code, asked["Location"]) == (301, article.get_reply_url() + "?point=x")


def test_a_link_cannot_put_words_into_a_readers_mouth(client):
    page = client.get(build_article().get_reply_url(), {"body": "Planted", "email": "x@y.example"})
    assert "Planted" not in page.content.decode() and "x@y.example" not in page.content.decode()


def test_a_preview_stores_nothing_and_keeps_the_words(client):
    response = post(client, build_article(), preview="1", body="So *much*")
    html = response.content.decode()
    assert response.status_code == 200 and Comment.objects.count() == 0
    assert "<em>much</em>" in html and "So *much*" in html


@pytest.mark.parametrize(
    "given, stored",
    [
        ("  Ann \t Other\r\nBcc: x ", "Ann Other Bcc: x"),
        ("A\u202enn\u200b\u2066", "Ann"),
        ("A\x07nn", "Ann"),
        ("زهرا\u200cکریمی", "زهرا\u200cکریمی"),
        ("שרה", "שרה"),
        ("e\u0301", "é"),
        ("<b>Bo</b> & Co", "<b>Bo</b> & Co"),
        ("J." + "\u0316" * 50, "J." + "\u0316" * 8),
        ("J." + "\u0316\u200d" * 50, "J." + "\u0316\u200d" * 8 + "\u200d" * 0),
    ],
)
def test_names_are_stored_as_they_can_be_read(client, given, stored):
    assert post(client, build_article(), name=given).status_code == 303
    name = Comment.objects.get().name
    assert name.rstrip("\u200d") == stored.rstrip("\u200d")


@pytest.mark.parametrize(
    "name", ["\u200b\u200d", "\u3164", "\u2800", "\u202e", "\u0301" * 3, "\x01"]
)
def test_a_name_that_cannot_be_seen_is_refused(client, name):
    assert post(client, build_article(), name=name).status_code == 422


def test_a_tower_of_marks_is_cut_in_the_body_and_real_scripts_are_not(client):
    biblical = "\u05d1\u05bc\u05b0\u05e8\u05b5\u05d0\u05e9\u05c1\u05b4\u0596\u05d9\u05ea"
    post(client, build_article(), body=f"h{chr(0x334) * 500}i {biblical}")
    body = Comment.objects.get().body
    assert body.count(chr(0x334)) == 8 and len(body) == 11 + len(biblical)


@pytest.mark.parametrize(
    "email, taken",
    [
        ("ann+tag@mail.example", True),
        ("ann@müller.example", True),
        ("ann@xn--mller-kva.example", True),
        (
            "a" * 60 + "@" + ("b" * 60 + ".") * 3 + "example",
            True,
        ),
        ("a" * 70 + "@" + ("b" * 60 + ".") * 3 + "example", False),
        ("ann@mail.example\r\nBcc: all@mail.example", False),
        ('"ann\x08"@mail.example', False),
        ('"ann smith"@mail.example', False),
        ("ann", False),
        ("ann@", False),
    ],
)
def test_addresses_that_mail_can_reach_are_taken(client, email, taken):
    response = post(client, build_article(), email=email)
    assert response.status_code == (303 if taken else 422)
