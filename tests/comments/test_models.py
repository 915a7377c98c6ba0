"""Comments as stored: permanent numbers, places in the tree, and hiding."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from comments import tree
from comments.forms import ReplyForm
from comments.models import Comment
from comments.models.comment import MAX_NUMBER_LENGTH, PAGE_BYTES, short_number
from tests.builders import build_article, build_comment, reply_data

pytestmark = pytest.mark.django_db


def hide(*comments):
    Comment.objects.filter(pk__in=[comment.pk for comment in comments]).hide()


# --- Numbers ----------------------------------------------------------------------------------


def test_numbers_count_within_their_essay_and_parent():
    one, other = build_article("One"), build_article("Other")
    first = build_comment(one)
    numbers = [build_comment(one, first).number, build_comment(one, first).number]
    assert [first.number, *numbers] == ["1", "1.1", "1.2"]
    assert (build_comment(other).number, build_comment(one).number) == ("1", "2")


def test_number_of_a_hidden_comment_is_not_given_again():
    article = build_article()
    first = build_comment(article)
    answers = [build_comment(article, first) for _ in range(2)]
    hide(first, *answers)
    assert build_comment(article).number == "2"
    assert build_comment(article, first).number == "1.3"


def test_number_survives_hiding_and_publishing():
    article = build_article()
    first, second = build_comment(article), build_comment(article)
    hide(first)
    build_comment(article)
    Comment.objects.filter(pk=first.pk).publish()
    assert list(Comment.objects.thread_order().values_list("pk", "number"))[:2] == [
        (first.pk, "1"),
        (second.pk, "2"),
    ]


def test_number_is_unique_in_its_essay_by_constraint():
    article = build_article()
    build_comment(article)
    second = build_comment(article)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=second.pk).update(number="1")


def test_digest_is_unique_in_its_essay_by_constraint():
    article, other = build_article(), build_article("Other")
    build_comment(article, content_digest="d")
    build_comment(other, content_digest="d")
    build_comment(article)
    build_comment(article)  # any number without one
    with pytest.raises(IntegrityError), transaction.atomic():
        build_comment(article, content_digest="d")


def test_long_number_is_shown_short():
    assert short_number(".".join("1" * 10)) == ".".join("1" * 10)
    assert short_number(".".join(map(str, range(1, 21)))) == "1.2.3.4.….17.18.19.20"


def chain(article, depth) -> list[Comment]:
    comments: list[Comment] = []
    for n in range(depth):
        parent = comments[-1] if comments else None
        comments.append(
            Comment(article=article, parent=parent, name="Ann", email="a@b.example", body=f"B {n}")
        )
    tree.load(comments)
    return comments


def test_reply_below_the_deepest_place_is_refused_by_the_form():
    article = build_article()
    deepest = chain(article, MAX_NUMBER_LENGTH // 2 - 1)[-1]
    assert len(deepest.number) <= MAX_NUMBER_LENGTH
    form = ReplyForm(reply_data(parent=str(deepest.pk)), article=article)
    assert not form.is_valid()
    assert "as deep as it goes" in str(form.errors["parent"])


def test_deepest_place_the_form_allows_fits_the_column():
    article = build_article()
    comments = chain(article, MAX_NUMBER_LENGTH // 2 - 2)
    parent = next(c for c in reversed(comments) if len(c.number) + 6 <= MAX_NUMBER_LENGTH)
    form = ReplyForm(reply_data(parent=str(parent.pk)), article=article)
    assert form.is_valid(), form.errors
    stored = form.save("192.0.2.1")
    stored.refresh_from_db()
    assert len(stored.number) <= MAX_NUMBER_LENGTH
    assert tree.find_faults() == []


# --- Places -----------------------------------------------------------------------------------


def test_comment_under_another_essays_comment_is_refused():
    one, other = build_article("One"), build_article("Other")
    with pytest.raises(ValidationError):
        build_comment(one, build_comment(other))
    with pytest.raises(ValidationError):
        build_comment(one, point=other.points.first())
    assert Comment.objects.filter(article=one).count() == 0


def test_stale_parent_is_read_afresh():
    article = build_article()
    first = build_comment(article)
    stale = Comment.objects.get(pk=first.pk)
    for _ in range(3):
        build_comment(article, first)
    build_comment(article, stale)
    assert tree.find_faults() == []


def test_new_comment_loads_no_address_but_its_own():
    article = build_article()
    answer = build_comment(article, build_comment(article))
    assert "email" not in answer.parent.__dict__


def test_saving_a_stored_comment_moves_nothing():
    article = build_article()
    first = build_comment(article)
    build_comment(article, first)
    stale = Comment.objects.get(pk=first.pk)
    build_comment(article, first)
    stale.save(update_fields=["status"])
    assert tree.find_faults() == []


# --- Status -----------------------------------------------------------------------------------


def placed(article) -> list[str]:
    found = Comment.objects.filter(article=article).visible_in_thread().thread_order()
    return list(found.values_list("number", flat=True))


def test_hidden_leaf_has_no_place_and_hidden_branch_keeps_its_head():
    article = build_article()
    first, leaf = build_comment(article), build_comment(article)
    build_comment(article, first)
    hide(first, leaf)
    assert placed(article) == ["1", "1.1"]


def test_chain_of_hidden_comments_keeps_what_leads_to_a_reply():
    article = build_article()
    chained = [build_comment(article)]
    for _ in range(4):
        chained.append(build_comment(article, chained[-1]))
    hide(*chained[:4])
    assert placed(article) == ["1", "1.1", "1.1.1", "1.1.1.1", "1.1.1.1.1"]
    hide(chained[4])
    assert placed(article) == []


def test_hidden_comment_with_only_hidden_and_held_replies_has_no_place():
    article = build_article()
    first = build_comment(article)
    hide(first, build_comment(article, first))
    build_comment(article, first, status="held")
    assert placed(article) == []


def test_changes_return_only_what_changed():
    article = build_article()
    first, second = build_comment(article), build_comment(article, status="hidden")
    assert Comment.objects.filter(article=article).hide() == [first.pk]
    assert Comment.objects.filter(article=article).publish() == [first.pk, second.pk]
    assert Comment.objects.none().hold() == []


def test_comments_of_a_withdrawn_essay_are_not_published():
    article = build_article()
    build_comment(article)
    type(article).objects.set_status("draft")
    assert not Comment.objects.published().exists()


# --- What is stored ---------------------------------------------------------------------------


def test_name_is_one_line_without_control_characters():
    comment = build_comment(build_article(), name="A\x01nn\nLee")
    comment.refresh_from_db()
    assert comment.name == "Ann Lee"


def test_words_are_rendered_on_save_and_the_point_is_kept_as_it_read():
    article = build_article()
    point = article.points.first()
    comment = build_comment(article, point=point, body="*Well*")
    assert comment.body_html == "<p><em>Well</em></p>"
    assert comment.point_text == point.text


def test_no_comment_weighs_more_than_a_page():
    noise = "".join(chr(0x4E00 + (n * 7919) % 20_000) for n in range(9_900))
    assert build_comment(build_article(), body=noise).size <= PAGE_BYTES


def test_text_form_of_a_comment_holds_no_address():
    comment = build_comment(build_article(), name="Ann")
    assert str(comment) == "1 Ann"
    assert "@" not in repr(comment)
