"""Points keep their identity: no edit of an essay moves a reply to another point."""

from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from articles.text.anchors import Block, assign_anchors
from tests.builders import build_article

EDITS = st.lists(
    st.tuples(
        st.sampled_from("reword rewrite move swap split merge remove restore add".split()),
        st.integers(0, 50),
        st.integers(0, 50),
    ),
    min_size=1,
    max_size=12,
)


class Essay:
    """An oracle: every word names the point that it was first written in."""

    def __init__(self):
        self.serial, self.families = count(), count()
        self.points = [self.fresh() for _ in range(4)]
        self.removed = []

    def fresh(self):
        return self.words(next(self.families), 12)

    def words(self, family, number):
        return [f"{chr(97 + family % 26)}{family}x{next(self.serial)}" for _ in range(number)]

    def edit(self, kind, first, second):
        """Does the edit; returns the text that must keep its anchor, as it was and as it is."""
        points = self.points
        if kind == "add" or len(points) < 2:
            points.insert(first % (len(points) + 1), self.fresh())
        elif kind == "restore" and self.removed:
            points.insert(first % len(points), self.removed.pop(second % len(self.removed)))
        else:
            here, there = first % len(points), second % len(points)
            if kind == "reword":
                old = points[here]
                family = int(old[0].split("x")[0][1:])
                lost = (len(old) - 1) // 3
                points[here] = old[lost:] + self.words(family, lost)
                return text(old), text(points[here])
            if kind == "rewrite":
                points[here] = self.fresh()
            elif kind == "move":
                points.insert(there, points.pop(here))
            elif kind == "swap":
                points[here], points[there] = points[there], points[here]
            elif kind == "split" and len(points[here]) > 3:
                words = points[here]
                middle = len(words) // 2
                points[here : here + 1] = [words[:middle], words[middle:]]
            elif kind == "merge" and here != there:
                points[here] = points[here] + points[there]
                del points[there]
            elif kind == "remove":
                self.removed.append(points.pop(here))
        return None


def text(words):
    return " ".join(words)


def families(sentence):
    return {word.split("x")[0] for word in sentence.split()}


# The third point absorbs the first and is then cut off it again: by now its anchor's text is the
# merged one, and half of the words is not most of them.
MERGED_AND_SPLIT = [("split", 0, 0), ("merge", 23, 0), ("merge", 2, 0), ("split", 1, 0)]


class Watch:
    """Checks after each edit where the anchors went."""

    def __init__(self):
        self.owners = {}  # anchor -> the families of the text it was given to
        self.texts = {}  # anchor -> the last text that it was given to
        self.anchors = {}  # the same by text

    def check(self, before, after, kept):
        """`before` and `after` are each text's anchor."""
        assert len(set(after.values())) == len(after)
        for sentence, anchor in after.items():
            owners = self.owners.setdefault(anchor, families(sentence))
            assert owners & families(sentence), "an anchor went to another point"
            assert self.anchors.get(sentence, anchor) == anchor, "an old text lost its anchor"
        self.texts |= {anchor: sentence for sentence, anchor in after.items()}
        self.anchors = {sentence: anchor for anchor, sentence in self.texts.items()}
        assert len(self.anchors) == len(self.texts), "two anchors have the same text"
        if kept and kept[0] in before and kept[0] not in after:
            assert after[kept[1]] == before[kept[0]], "a reworded point lost its anchor"


@given(EDITS)
@example(MERGED_AND_SPLIT)
@settings(deadline=None, max_examples=150)
def test_no_edit_moves_an_anchor_to_another_point(edits):
    essay, watch, known, before = Essay(), Watch(), {}, {}
    for kind, first, second in [("move", 0, 0), *edits]:
        kept = essay.edit(kind, first, second)
        blocks = [Block("point", text(words)) for words in essay.points]
        assign_anchors(blocks, list(known.values()))
        for old in known.values():
            old.current = False
        known |= {block.anchor: block for block in blocks}
        after = {block.text: block.anchor for block in blocks}
        watch.check(before, after, kept)
        before = after


@pytest.mark.django_db
@given(EDITS)
@example(MERGED_AND_SPLIT)
@settings(
    deadline=None,
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_edit_moves_a_saved_point(edits):
    essay, watch, before, rows = Essay(), Watch(), {}, {}
    article = build_article(body="Nothing yet.")
    for kind, first, second in [("move", 0, 0), *edits]:
        kept = essay.edit(kind, first, second)
        article.body = "The points:\n\n" + "".join(f"- {text(words)}\n" for words in essay.points)
        article.save()
        after = dict(article.points.current().values_list("text", "anchor"))
        watch.check(before, after, kept)
        for anchor, pk in article.points.values_list("anchor", "pk"):
            assert rows.setdefault(anchor, pk) == pk, "a point got another row"
        assert set(rows) == set(article.points.values_list("anchor", flat=True))
        before = after
