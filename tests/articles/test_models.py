"""Essays as stored: their outline and their stamp."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Author, ListStamp, Point, Section
from tests.builders import BODY, build_article, build_author, build_comment

pytestmark = pytest.mark.django_db


def edit(article, old, new):
    article.body = article.body.replace(old, new)
    article.save()


def anchors(article) -> list[str]:
    return list(article.points.current().values_list("anchor", flat=True))


# --- Outline ----------------------------------------------------------------------------------


def test_rows_mirror_the_outline_in_reading_order():
    article = build_article(
        body=f"## First\n\n{BODY}\n## Second\n\n- A lone point\n    - below it"
    )
    sections = article.sections.current().values_list("kind", "level", "text")
    assert list(sections) == [
        ("heading", 2, "First"),
        ("list", 0, "The demands are these:"),
        ("heading", 2, "Second"),
        ("list", 0, "A lone point"),
    ]
    points = article.points.current().values_list("level", "text", "section__text")
    assert list(points) == [
        (1, "Benches belong in every street of the town.", "The demands are these:"),
        (1, "Clocks ought to be seen from the market square.", "The demands are these:"),
        (1, "A lone point", "A lone point"),
        (2, "below it", "A lone point"),
    ]


def test_every_row_is_in_the_html_with_its_anchor():
    article = build_article(body=f"## First\n\n{BODY}")
    for row in (*article.sections.current(), *article.points.current()):
        assert article.body_html.count(f'id="{row.anchor}"') == 1


def test_point_that_left_keeps_its_row_without_a_position():
    article = build_article()
    bench, clock = article.points.current()
    edit(article, "- Benches belong in every street of the town.\n", "")
    bench.refresh_from_db()
    assert (bench.position, bench.text[:7]) == (None, "Benches")
    assert list(article.points.current()) == [clock]


def test_point_that_is_put_back_has_its_old_row():
    article = build_article()
    before = list(article.points.current().values_list("pk", "anchor"))
    body = article.body
    edit(article, body, "Nothing left.")
    assert not article.points.current().exists()
    edit(article, "Nothing left.", body)
    assert list(article.points.current().values_list("pk", "anchor")) == before


def test_reworded_and_moved_points_keep_their_rows():
    article = build_article()
    bench, clock = article.points.current()
    article.body = (
        "The demands are these:\n\n- Clocks ought to be seen from the whole market square.\n"
        "- Benches belong in each street of our town.\n"
    )
    article.save()
    assert list(article.points.current()) == [clock, bench]


def test_point_that_was_replaced_leaves_its_anchor_to_nobody():
    article = build_article()
    old = anchors(article)[0]
    edit(article, "Benches belong in every street of the town.", "Cats sleep where they like.")
    assert old not in anchors(article)
    assert article.points.get(anchor=old).position is None


def test_edited_point_keeps_its_replies():
    article = build_article()
    bench = article.points.current().first()
    comment = build_comment(article, point=bench)
    edit(article, "every street", "each street")
    comment.refresh_from_db()
    assert comment.point == bench and "each street" in comment.point.text
    assert "every street" in comment.point_text


def test_anchor_is_unique_in_its_essay_by_constraint():
    article = build_article()
    for model in (Point, Section):
        with pytest.raises(IntegrityError), transaction.atomic():
            for _ in range(2):
                model.objects.create(article=article, anchor="same", text="x")


def test_essay_of_sixty_points_saves_in_under_ten_queries():
    body = "\n\n".join(
        f"## Part {part}\n\nLead {part}:\n\n"
        + "\n".join(f"- Claim {n} of part {part} in words" for n in range(10))
        for part in range(6)
    )
    article = build_article(body=body)
    assert article.points.current().count() == 60
    article.body = body.replace("Claim 3", "Assertion 3")
    with CaptureQueriesContext(connection) as queries:
        article.save()
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) < 10


def test_save_of_a_stale_copy_does_not_break_the_outline():
    article = build_article()
    mine, theirs = Article.objects.get(), Article.objects.get()
    edit(theirs, "Closing words.", "- A third point stands here now.")
    edit(mine, "- Benches belong in every street of the town.\n", "")
    stored = Article.objects.get()
    assert stored.body == mine.body
    for row in stored.points.current():
        assert f'id="{row.anchor}"' in stored.body_html
    assert stored.points.current().count() == 1
    assert article.points.count() == 3


# --- Stamps -----------------------------------------------------------------------------------


def stamp_of(article) -> int:
    return Article.objects.values_list("stamp", flat=True).get(pk=article.pk)


CHANGES = {
    "an edit": lambda article, comment: article.save(),
    "a reply": lambda article, comment: build_comment(article, comment),
    "a reply to a point": lambda article, comment: build_comment(
        article, point=article.points.first()
    ),
    "hiding": lambda article, comment: type(comment).objects.filter(pk=comment.pk).hide(),
    "holding": lambda article, comment: type(comment).objects.filter(pk=comment.pk).hold(),
    "one comment's save": lambda article, comment: comment.save(),
    "the author's new name": lambda article, comment: article.author.save(),
    "closing": lambda article, comment: setattr(article, "discussion", "closed") or article.save(),
    "withdrawing": lambda article, comment: Article.objects.set_status("draft"),
    "rendering again": lambda article, comment: article.rerender(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_stamps_grow_with(change):
    article = build_article()
    comment = build_comment(article)
    # A clock that was set back must not make a stamp come twice.
    ahead = stamp_of(article) + 10**12
    Article.objects.update(stamp=ahead)
    ListStamp.objects.update(stamp=ahead)
    lists = ListStamp.current()
    CHANGES[change](article, comment)
    assert stamp_of(article) > ahead
    assert ListStamp.current() > lists


def test_publishing_a_hidden_comment_again_grows_the_stamp():
    article = build_article()
    comment = build_comment(article, status="hidden")
    before = stamp_of(article)
    type(comment).objects.filter(pk=comment.pk).publish()
    assert stamp_of(article) > before


def test_change_under_one_essay_leaves_another_alone():
    article, other = build_article(), build_article("Other")
    before = stamp_of(other)
    build_comment(article)
    article.save()
    assert stamp_of(other) == before


def test_rendering_again_is_no_change_for_readers():
    article = build_article()
    changed_at = article.changed_at
    article.rerender()
    assert Article.objects.get().changed_at == changed_at


# --- What is stored ---------------------------------------------------------------------------


def test_control_characters_are_not_stored():
    author = build_author("Ada\x07 Lark")
    article = build_article(
        "On\x01 \x85clocks", "Some\x02 text\x0b.", dek="A\x1f dek", author=author
    )
    article.refresh_from_db()
    assert (article.title, article.dek, article.body) == ("On clocks", "A dek", "Some text\n.")
    assert Author.objects.get().name == "Ada Lark"


def test_text_that_cannot_be_rendered_is_not_stored():
    article = build_article()
    with pytest.raises(ValidationError):
        edit(article, article.body, "> " * 500)
    assert Article.objects.get().body == BODY
    assert article.points.current().count() == 2


def test_slug_is_unique_by_constraint():
    build_article(slug="same")
    with pytest.raises(IntegrityError), transaction.atomic():
        build_article(slug="same")


def test_draft_is_public_nowhere():
    build_article(published=False)
    assert not Article.objects.published().exists()


def test_years_of_address_and_essay_agree():
    article = build_article()
    assert article.get_absolute_url() == f"/{article.published_at.year}/on-benches/"
