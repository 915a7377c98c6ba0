"""Very deep and very wide comment trees are loaded, verified and repaired."""

import pytest

from comments import tree
from comments.models import Comment
from tests.builders import build_article, build_comment
from tests.comments.test_tree import load_forest, place_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_a_chain_of_a_thousand_replies_is_loaded_verified_and_repaired():
    load_forest([build_article()], [(0, None)] + [(0, parent) for parent in range(999)])
    assert tree.find_faults() == []
    Comment.objects.filter(level__gt=500).update(level=0)
    assert tree.rebuild() == 499
    last = Comment.objects.order_by("-level").first()
    assert (last.level, last.lft, last.rght) == (999, 1000, 1001)
    build_comment(last.article, last)
    assert tree.find_faults() == []


def test_ten_thousand_replies_to_one_comment_are_loaded_and_verified():
    [root, *_replies] = load_forest([build_article()], [(0, None)] + [(0, 0)] * 10_000)
    assert place_of(root.pk)["rght"] == 20_002
    assert tree.find_faults() == []
    reply = build_comment(root.article, root)
    assert (reply.number, reply.lft) == ("1.10001", 20_002)
    assert tree.find_faults() == []
