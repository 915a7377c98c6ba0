"""Comment trees stay valid; damage is found and repaired."""

from collections import defaultdict

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments import tree
from comments.models import Comment
from tests.builders import build_article, build_comment

pytestmark = pytest.mark.django_db
# Every example undoes what it stored.
EXAMPLES = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
PLACE = ("tree_id", "lft", "rght", "level")

# A forest: for each comment, its essay and which of the earlier ones it answers, if any.
forests = st.lists(st.tuples(st.integers(0, 2), st.none() | st.integers(0, 30)), max_size=25)
# A damage is a row, a column, and either a row to copy or swap with, or a new value.
damages = st.lists(
    st.tuples(
        st.integers(0, 99),
        st.sampled_from(PLACE),
        st.one_of(
            st.tuples(st.just("copy"), st.integers(0, 99)),
            st.tuples(st.just("swap"), st.integers(0, 99)),
            st.tuples(st.just("set"), st.sampled_from([0, 1, 2, 3, 7, 2_147_483_647])),
        ),
    ),
    min_size=1,
    max_size=8,
)


@pytest.fixture
def articles(db):
    return [build_article(f"Essay {number}") for number in range(3)]


def draft(article, parent=None, body="Words."):
    return Comment(
        article=article, parent=parent, name="Ben", email="ben@private.example", body=body
    )


def plan(forest):
    """The forest as pairs of an essay's position and a parent's, both under the same essay."""
    mine, planned = defaultdict(list), []
    for position, (article, parent) in enumerate(forest):
        earlier = mine[article]
        known = bool(earlier) and parent is not None
        planned.append((article, earlier[parent % len(earlier)] if known else None))
        earlier.append(position)
    return planned


def load_forest(articles, forest):
    comments = []
    for article, parent in plan(forest):
        comments.append(draft(articles[article], None if parent is None else comments[parent]))
    tree.load(comments)
    return comments


def save_forest(articles, forest):
    comments = []
    for article, parent in plan(forest):
        comments.append(draft(articles[article], None if parent is None else comments[parent]))
        comments[-1].save()
    return comments


def shape():
    """Every thread in reading order: what a comment is, and where it stands in its tree."""
    fields = ("article_id", "number", "parent__number", "level", "lft", "rght", "body_html")
    return list(Comment.objects.order_by("article_id", "tree_id", "lft").values_list(*fields))


def is_whole():
    """Checks every row against the rules of MPTT, independently of tree.py."""
    trees, rows = defaultdict(list), {row["pk"]: row for row in all_places()}
    for row in rows.values():
        trees[row["tree_id"]].append(row)
        parent = rows.get(row["parent_id"])
        if parent is None:
            inside = row["level"] == 0
        else:
            inside = parent["lft"] < row["lft"] < row["rght"] < parent["rght"]
            inside = inside and parent["tree_id"] == row["tree_id"]
            inside = inside and parent["level"] + 1 == row["level"]
        if not inside:
            return False
    return all(is_one_tree(members) for members in trees.values())


def is_one_tree(members):
    bounds = sorted(row[bound] for row in members for bound in ("lft", "rght"))
    roots = [row for row in members if row["parent_id"] is None]
    return len(roots) == 1 and bounds == list(range(1, 2 * len(members) + 1))


def all_places():
    return Comment.objects.order_by("pk").values("pk", "parent_id", *PLACE)


def damage(comments, damages):
    for row, column, (kind, value) in damages:
        one, other = comments[row % len(comments)], comments[value % len(comments)]
        mine, theirs = ({column: place_of(key)[column]} for key in (one.pk, other.pk))
        Comment.objects.filter(pk=one.pk).update(**{column: value} if kind == "set" else theirs)
        if kind == "swap":
            Comment.objects.filter(pk=other.pk).update(**mine)


def place_of(key):
    return Comment.objects.values(*PLACE).get(pk=key)


def test_numbers_follow_the_tree():
    article = build_article()
    first = build_comment(article)
    build_comment(article)
    answer = build_comment(article, first)
    build_comment(article, answer)
    build_comment(article, first)
    numbers = Comment.objects.thread_order().values_list("number", flat=True)
    assert list(numbers) == ["1", "1.1", "1.1.1", "1.2", "2"]
    assert tree.find_faults() == []


@pytest.mark.slow
@EXAMPLES
@given(forest=forests, before=forests)
def test_bulk_load_makes_the_same_trees_as_saving_one_by_one(articles, forest, before):
    shapes = []
    for store in (save_forest, load_forest):
        with transaction.atomic():
            save_forest(articles, before)
            store(articles, forest)
            shapes.append(shape())
            assert tree.find_faults() == []
            connection.check_constraints()
            transaction.set_rollback(True)
    assert shapes[0] == shapes[1]


@pytest.mark.slow
@EXAMPLES
@given(forest=forests.filter(bool), damages=damages)
def test_repair_restores_what_the_parent_keys_say(articles, forest, damages):
    with transaction.atomic():
        comments = load_forest(articles, forest)
        whole = shape()
        assert is_whole()
        damage(comments, damages)
        assert bool(tree.find_faults()) >= (shape() != whole or not is_whole())
        tree.rebuild()
        connection.check_constraints()
        assert is_whole() and tree.find_faults() == []
        assert shape() == whole
        assert tree.rebuild() == 0
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "broken",
    [
        {"lft": 0},
        {"rght": 99},
        {"level": 3},
        {"lft": 2, "rght": 3},
        {"tree_id": 0},
        {"tree_id": 2_147_483_647},
    ],
)
def test_every_kind_of_damage_is_named_and_repaired(broken, capsys):
    article = build_article()
    build_comment(article)
    comment = build_comment(article, build_comment(article, build_comment(article)))
    whole = shape()
    Comment.objects.filter(pk=comment.pk).update(**broken)
    with pytest.raises(CommandError, match="--repair"):
        call_command("check_threads")
    assert f"comment {comment.pk}: " in capsys.readouterr().err
    call_command("check_threads", repair=True)
    assert shape() == whole


def test_roots_that_share_a_tree_are_parted():
    article, other = build_article(), build_article("Other")
    first, second, elsewhere = (build_comment(a) for a in (article, article, other))
    build_comment(article, second)
    whole = shape()
    Comment.objects.filter(tree_id__in=[second.tree_id, elsewhere.tree_id]).update(
        tree_id=first.tree_id
    )
    assert any("3 roots share it" in fault for fault in tree.find_faults())
    tree.rebuild()
    connection.check_constraints()
    assert shape() == whole and tree.find_faults() == []


def test_a_tree_with_a_number_that_leaves_no_room_for_the_next_gets_another():
    article = build_article()
    root = build_comment(article)
    Comment.objects.filter(pk=root.pk).update(tree_id=2_147_483_647)
    assert tree.find_faults() != []
    tree.rebuild()
    assert build_comment(article).number == "2"
    assert tree.find_faults() == []


def test_whole_trees_that_changed_places_are_put_back():
    article = build_article()
    first, second = build_comment(article), build_comment(article)
    build_comment(article, first)
    whole = shape()
    Comment.objects.filter(tree_id=first.tree_id).update(tree_id=second.tree_id + 1)
    assert tree.find_faults() != []
    tree.rebuild()
    assert shape() == whole


def test_a_circle_of_parents_is_reported_and_the_rest_repaired(capsys):
    article = build_article()
    root = build_comment(article)
    one = build_comment(article, root)
    other = build_comment(article, one)
    beside = build_comment(article, root)
    Comment.objects.filter(pk=one.pk).update(parent=other)
    with pytest.raises(CommandError, match="cannot be repaired"):
        call_command("check_threads", repair=True)
    assert f"circle, or what is not there: {one.pk}, {other.pk}" in capsys.readouterr().err
    connection.check_constraints()
    assert place_of(root.pk)["rght"] == 4
    assert place_of(beside.pk) == {"tree_id": root.tree_id, "lft": 2, "rght": 3, "level": 1}


def test_a_comment_that_answers_itself_is_reported():
    comment = build_comment(build_article())
    Comment.objects.filter(pk=comment.pk).update(parent=comment)
    assert "circle" in tree.find_faults()[0]


def test_wrong_numbers_are_reported_but_never_changed():
    comment = build_comment(build_article())
    Comment.objects.filter(pk=comment.pk).update(number="5")
    tree.rebuild()
    assert tree.find_faults() == [f"comment {comment.pk}: has number 5, should have 1"]


def test_a_reply_under_another_essay_than_its_parent_is_reported():
    article = build_article()
    comment = build_comment(article, build_comment(article))
    Comment.objects.filter(pk=comment.pk).update(article=build_article("Other"))
    assert "another essay" in " ".join(tree.find_faults())
    assert str(comment.pk) in " ".join(tree.find_faults())


def test_thousands_of_faults_are_counted_not_listed(capsys):
    load_forest([build_article()], [(0, None)] * 300)
    Comment.objects.update(level=5)
    with pytest.raises(CommandError, match="Faults: 300"):
        call_command("check_threads")
    assert "and 200 more" in capsys.readouterr().err


def test_a_repaired_page_is_served_anew():
    comment = build_comment(build_article())
    Comment.objects.update(level=5)
    before = type(comment.article).objects.get(pk=comment.article_id).stamp
    tree.rebuild()
    assert type(comment.article).objects.get(pk=comment.article_id).stamp > before


def test_a_loaded_comment_can_be_saved_again():
    _root, answer = load_forest([build_article()], [(0, None), (0, 0)])
    answer.name = "Another name"
    answer.save()
    assert tree.find_faults() == []
    assert Comment.objects.get(pk=answer.pk).name == "Another name"


def test_a_parent_from_elsewhere_is_refused():
    article = build_article()
    with pytest.raises(ValueError, match="same list"):
        tree.load([draft(article, build_comment(article))])
    root = draft(article)
    with pytest.raises(ValueError, match="before its replies"):
        tree.load([draft(article, root), root])
