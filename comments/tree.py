"""Whole trees: load many comments at once, check every tree, rebuild trees from the parents."""

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
# Above this, the next tree's number might not fit its column.
LARGEST_TREE = 2_000_000_000


class TreePosition(NamedTuple):
    """The position of a comment, in mptt's columns."""

    tree_id: int
    lft: int
    rght: int
    level: int


class Node(NamedTuple):
    """The columns of a stored comment that its tree depends on."""

    pk: int
    parent_id: int | None
    article_id: int
    ordinal: int
    number: str
    position: TreePosition


class Forest:
    """All stored comments, connected by their parent ids and ordinals.

    `positions` holds the position that each should have, by id; `unreachable` the ids of those
    that no root leads to.
    """

    def __init__(self, nodes: list[Node]):
        self.nodes = {node.pk: node for node in nodes}
        self.children: dict[int, list[int]] = defaultdict(list)
        self.roots: list[Node] = []
        for node in nodes:
            if node.parent_id is None:
                self.roots.append(node)
            else:
                self.children[node.parent_id].append(node.pk)
        self.positions = {
            pk: position
            for root, tree_id in self.number_trees()
            for pk, position in number_tree(root.pk, self.children, tree_id)
        }
        self.unreachable = sorted(self.nodes.keys() - self.positions.keys())

    @classmethod
    def read(cls):
        rows = Comment.objects.order_by("article_id", "ordinal", "pk").values_list(
            *Node._fields[:-1], *TreePosition._fields
        )
        return cls(
            [Node(*row[:-4], TreePosition(*row[-4:])) for row in rows.iterator(chunk_size=5000)]
        )

    def number_trees(self) -> Iterator[tuple[Node, int]]:
        """Each root with the tree id that it should have: its own, in the order of its essay.

        An essay with a root that shares its tree id, or is out of order, gets new ones.
        """
        count = Counter(root.position.tree_id for root in self.roots)
        usable = [tree_id for tree_id in count if 0 < tree_id <= LARGEST_TREE]
        last = max(usable, default=0)
        for _article, group in groupby(self.roots, attrgetter("article_id")):
            roots = list(group)
            tree_ids = [root.position.tree_id for root in roots]
            is_sound = all(count[id_] == 1 and 0 < id_ <= LARGEST_TREE for id_ in tree_ids)
            if not is_sound or tree_ids != sorted(tree_ids):
                tree_ids = range(last + 1, last + 1 + len(roots))
                last = tree_ids[-1]
            yield from zip(roots, tree_ids, strict=True)


def number_tree(root: int, children: dict[int, list[int]], tree_id: int):
    """Yields each node of a tree with its TreePosition, replies before their parent.

    Nodes are the keys of `children`, whatever they are. Without recursion: a thread may be deeper
    than Python's stack.
    """
    count = 1
    stack = [(root, count, iter(children.get(root, ())))]
    while stack:
        node, left, remaining = stack[-1]
        child = next(remaining, None)
        count += 1
        if child is None:
            stack.pop()
            yield node, TreePosition(tree_id, left, count, len(stack))
        else:
            stack.append((child, count, iter(children.get(child, ()))))


def find_faults() -> list[str]:
    """A sentence for each fault; empty when every tree is as its parent ids say."""
    forest = Forest.read()
    shared = Counter(root.position.tree_id for root in forest.roots)
    faults = [
        f"tree {tree_id}: {count} roots share it" for tree_id, count in shared.items() if count > 1
    ]
    if forest.unreachable:
        ids = ", ".join(map(str, forest.unreachable[:20]))
        more = ", ..." if forest.unreachable[20:] else ""
        faults.append(
            f"{len(forest.unreachable)} comments answer in a circle, or what is not there: "
            f"{ids}{more}"
        )
    for node in forest.nodes.values():
        position, parent = forest.positions.get(node.pk), forest.nodes.get(node.parent_id)
        faults += node_faults(node, position, parent)
    return faults or list(count_faults())


def count_faults() -> Iterator[str]:
    """The threads whose stored counts are wrong."""
    for article in Comment.objects.order_by().values_list("article", flat=True).distinct():
        thread, counts = Thread.objects.filter(article=article).first(), Thread.count(article)
        stored = {name: getattr(thread, name, 0) for name in counts}
        if stored != counts:
            yield f"thread of essay {article}: counted {stored}, is {counts}"


def node_faults(node: Node, position: TreePosition | None, parent: Node | None) -> Iterator[str]:
    if position and node.position != position:
        yield f"comment {node.pk}: stands at {node.position}, should stand at {position}"
    if parent and parent.article_id != node.article_id:
        yield f"comment {node.pk}: answers a comment under another essay"
    expected = f"{parent.number}.{node.ordinal}" if parent else str(node.ordinal)
    if position and node.number != expected:
        yield f"comment {node.pk}: has number {node.number}, should have {expected}"


def rebuild() -> int:
    """Moves every comment to the position that its parent ids say; returns how many moved.

    Numbers stay as they are, as others point at them. Positions may clash until the transaction
    ends: their constraint is deferred.
    """
    with transaction.atomic():
        TreeLock.take()
        forest = Forest.read()
        positions = forest.positions | positions_for_unreachable(forest)
        moved = [node for node in forest.nodes.values() if node.position != positions[node.pk]]
        rows = [Comment(pk=node.pk, **positions[node.pk]._asdict()) for node in moved]
        Comment.objects.bulk_update(rows, TreePosition._fields, batch_size=BATCH)
        recount({node.article_id for node in forest.nodes.values()})
    return len(moved)


def positions_for_unreachable(forest: Forest) -> dict[int, TreePosition]:
    """A tree of its own for each comment that no root leads to."""
    last = max((position.tree_id for position in forest.positions.values()), default=0)
    return {
        pk: TreePosition(tree_id, 1, 2, 0)
        for tree_id, pk in enumerate(forest.unreachable, start=last + 1)
    }


def load(comments: list[Comment]) -> None:
    """Stores many new comments at once, parents before their replies.

    Parents are given by `parent`, as objects of the same list; else ValueError. The same steps as
    Comment.save(), with one statement for many rows: positions, numbers and HTML come out the
    same. Times and statuses are kept.
    """
    parents = find_parents(comments)
    for comment in comments:
        comment.check_targets()
        comment.render()
    with transaction.atomic():
        TreeLock.take()
        assign_numbers(comments)
        assign_positions(comments, parents)
        by_level = sorted(comments, key=attrgetter("level"))
        for _level, group in groupby(by_level, attrgetter("level")):
            insert_level(list(group))
        recount({comment.article_id for comment in comments})


def find_parents(comments: list[Comment]) -> list[int | None]:
    """The index in the list of each comment's parent."""
    indexes: dict[int, int] = {}  # by the identity of the object: it has no id yet
    parents = []
    for index, comment in enumerate(comments):
        if comment.parent and id(comment.parent) not in indexes:
            raise ValueError("A parent must come before its replies in the same list.")
        parents.append(indexes[id(comment.parent)] if comment.parent else None)
        indexes[id(comment)] = index
    return parents


def assign_numbers(comments: list[Comment]) -> None:
    """Continues after the last number of each essay; parents get theirs before their replies."""
    roots = Comment.objects.filter(parent=None, article__in={c.article_id for c in comments})
    last = roots.order_by().values_list("article").annotate(Max("ordinal"))
    ordinals = Counter({("article", article): ordinal for article, ordinal in last})
    for comment in comments:
        parent = comment.parent
        siblings = ("parent", id(parent)) if parent else ("article", comment.article_id)
        ordinals[siblings] += 1
        comment.assign_number(ordinals[siblings])


def assign_positions(comments: list[Comment], parents: list[int | None]) -> None:
    last = Comment.objects.aggregate(last=Max("tree_id"))["last"] or 0
    children: dict[int, list[int]] = defaultdict(list)
    for index, parent in enumerate(parents):
        if parent is not None:
            children[parent].append(index)
    roots = (index for index, parent in enumerate(parents) if parent is None)
    for tree_id, root in enumerate(roots, start=last + 1):
        for index, position in number_tree(root, children, tree_id):
            vars(comments[index]).update(position._asdict())


def insert_level(comments: list[Comment]) -> None:
    """Stores comments of one level, whose parents are stored."""
    for comment in comments:
        comment.parent_id = comment.parent.pk if comment.parent else None
    Comment.objects.bulk_create(comments, batch_size=BATCH)
    search.index_comments(comments)
    for comment in comments:
        # Else mptt takes the parent for a new one when the object is saved again.
        comment._mptt_meta.update_mptt_cached_fields(comment)
