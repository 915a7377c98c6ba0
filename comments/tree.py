"""The tree's own arithmetic: load many comments, verify every tree, rebuild from the parents."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max

from comments import search
from comments.models import Comment, Thread, TreeLock
from comments.models.thread import recount

BATCH = 500
# Above, the next tree's number might not fit its column.
LARGEST_TREE = 2_000_000_000


class TreePosition(NamedTuple):
    """Where a comment stands, in mptt's terms."""

    tree_id: int
    lft: int
    rght: int
    level: int


class Node(NamedTuple):
    """A stored comment's keys, and where it stands."""

    pk: int
    parent_id: int | None
    article_id: int
    ordinal: int
    number: str
    place: TreePosition


class Forest:
    """All stored comments, as their parent keys and ordinals connect them."""

    def __init__(self, nodes: list[Node]):
        self.nodes = {node.pk: node for node in nodes}
        self.children: dict[int, list[int]] = defaultdict(list)
        self.roots: list[Node] = []
        for node in nodes:
            if node.parent_id is None:
                self.roots.append(node)
            else:
                self.children[node.parent_id].append(node.pk)
        self.places = {
            key: place
            for root, tree in self.number_trees()
            for key, place in number_tree(root.pk, self.children, tree)
        }
        self.lost = sorted(self.nodes.keys() - self.places.keys())

    @classmethod
    def read(cls):
        rows = Comment.objects.order_by("article_id", "ordinal", "pk").values_list(
            *Node._fields[:-1], *TreePosition._fields
        )
        return cls(
            [Node(*row[:-4], TreePosition(*row[-4:])) for row in rows.iterator(chunk_size=5000)]
        )

    def number_trees(self) -> Iterator[tuple[Node, int]]:
        """Each root with the tree that it should have: its own, in the order of its essay.

        An essay with a root that shares its tree, or stands out of order, gets new trees.
        """
        count = Counter(root.place.tree_id for root in self.roots)
        usable = [tree for tree in count if 0 < tree <= LARGEST_TREE]
        last = max(usable, default=0)
        for _article, group in groupby(self.roots, attrgetter("article_id")):
            roots = list(group)
            trees = [root.place.tree_id for root in roots]
            sound = all(count[tree] == 1 and 0 < tree <= LARGEST_TREE for tree in trees)
            if not sound or trees != sorted(trees):
                trees = range(last + 1, last + 1 + len(roots))
                last = trees[-1]
            yield from zip(roots, trees, strict=True)


def number_tree(root: int, children: dict[int, list[int]], tree_id: int):
    """Yields each key of a tree with its Place, replies before what they answer.

    Without recursion: a thread may be deeper than Python's stack.
    """
    count = 1
    stack = [(root, count, iter(children.get(root, ())))]
    while stack:
        key, left, rest = stack[-1]
        child = next(rest, None)
        count += 1
        if child is None:
            stack.pop()
            yield key, TreePosition(tree_id, left, count, len(stack))
        else:
            stack.append((child, count, iter(children.get(child, ()))))


def find_faults() -> list[str]:
    """What is wrong, a sentence each; empty when every tree is as its parent keys say."""
    forest = Forest.read()
    shared = Counter(root.place.tree_id for root in forest.roots)
    faults = [
        f"tree {tree}: {count} roots share it" for tree, count in shared.items() if count > 1
    ]
    if forest.lost:
        lost = ", ".join(map(str, forest.lost[:20])) + (", ..." if forest.lost[20:] else "")
        faults.append(
            f"{len(forest.lost)} comments answer in a circle, or what is not there: {lost}"
        )
    for node in forest.nodes.values():
        faults += node_faults(node, forest.places.get(node.pk), forest.nodes.get(node.parent_id))
    return faults or list(count_faults())


def count_faults() -> Iterator[str]:
    """Threads that are whole, but are counted wrongly."""
    for article in Comment.objects.order_by().values_list("article", flat=True).distinct():
        thread, true = Thread.objects.filter(article=article).first(), Thread.count(article)
        kept = {name: getattr(thread, name, 0) for name in true}
        if kept != true:
            yield f"thread of essay {article}: counted {kept}, is {true}"


def node_faults(node: Node, place: TreePosition | None, parent: Node | None) -> Iterator[str]:
    if place and node.place != place:
        yield f"comment {node.pk}: stands at {node.place}, should stand at {place}"
    if parent and parent.article_id != node.article_id:
        yield f"comment {node.pk}: answers a comment under another essay"
    expected = f"{parent.number}.{node.ordinal}" if parent else str(node.ordinal)
    if place and node.number != expected:
        yield f"comment {node.pk}: has number {node.number}, should have {expected}"


def rebuild() -> int:
    """Puts every comment where its parent keys say; returns how many had stood wrongly.

    Permanent numbers are left alone: others point at them. Places may clash until the
    transaction ends, as the constraint on them is deferred.
    """
    with transaction.atomic():
        TreeLock.take()
        forest = Forest.read()
        places = forest.places | move_aside(forest)
        moved = [node for node in forest.nodes.values() if node.place != places[node.pk]]
        rows = [Comment(pk=node.pk, **places[node.pk]._asdict()) for node in moved]
        Comment.objects.bulk_update(rows, TreePosition._fields, batch_size=BATCH)
        recount({node.article_id for node in forest.nodes.values()})
    return len(moved)


def move_aside(forest: Forest) -> dict[int, TreePosition]:
    """A tree each for the lost, where they are in nobody's way."""
    last = max((place.tree_id for place in forest.places.values()), default=0)
    return {
        key: TreePosition(tree, 1, 2, 0) for tree, key in enumerate(forest.lost, start=last + 1)
    }


def load(comments: list[Comment]) -> None:
    """Stores many new comments at once, parents before their replies.

    Parents are given by `parent`, as objects of the same list; else ValueError. Orders of
    magnitude faster than saving one by one; places, numbers and HTML come out the same. Times
    and states are kept.
    """
    parents = find_parents(comments)
    for comment in comments:
        comment.render()
    with transaction.atomic():
        TreeLock.take()
        assign_numbers(comments)
        assign_positions(comments, parents)
        by_level = sorted(comments, key=attrgetter("level"))
        for _level, group in groupby(by_level, attrgetter("level")):
            store(list(group))
        recount({comment.article_id for comment in comments})


def find_parents(comments: list[Comment]) -> list[int | None]:
    """The position in the list of what each comment answers."""
    known: dict[int, int] = {}
    parents = []
    for position, comment in enumerate(comments):
        if comment.parent and id(comment.parent) not in known:
            raise ValueError("A parent must come before its replies in the same list.")
        parents.append(known[id(comment.parent)] if comment.parent else None)
        known[id(comment)] = position
    return parents


def assign_numbers(comments: list[Comment]) -> None:
    """Goes on from the last number of each essay; their parents' own are given first."""
    roots = Comment.objects.filter(parent=None, article__in={c.article_id for c in comments})
    last = roots.order_by().values_list("article").annotate(Max("ordinal"))
    ordinals = Counter({("article", article): ordinal for article, ordinal in last})
    for comment in comments:
        parent = comment.parent
        among = ("parent", id(parent)) if parent else ("article", comment.article_id)
        ordinals[among] += 1
        comment.ordinal = ordinals[among]
        comment.number = f"{parent.number}.{comment.ordinal}" if parent else str(comment.ordinal)


def assign_positions(comments: list[Comment], parents: list[int | None]) -> None:
    last = Comment.objects.aggregate(last=Max("tree_id"))["last"] or 0
    children: dict[int, list[int]] = defaultdict(list)
    for position, parent in enumerate(parents):
        if parent is not None:
            children[parent].append(position)
    roots = (position for position, parent in enumerate(parents) if parent is None)
    for tree_id, root in enumerate(roots, start=last + 1):
        for position, place in number_tree(root, children, tree_id):
            vars(comments[position]).update(place._asdict())


def store(comments: list[Comment]) -> None:
    """Stores comments of one level, whose parents are stored."""
    for comment in comments:
        comment.parent_id = comment.parent.pk if comment.parent else None
    Comment.objects.bulk_create(comments, batch_size=BATCH)
    search.index_comments(comments)
    for comment in comments:
        # Else mptt takes the parent for a new one when the object is saved again.
        comment._mptt_meta.update_mptt_cached_fields(comment)
