"""Anchors: ids of sections and points that stay the same when the essay is edited."""

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from django.utils.text import slugify

WORD = re.compile(r"\w+")
# Fewer shared words are no evidence: "Ban all cars" is not "Ban all dogs" reworded.
MIN_SHARED_WORDS = 3
MAX_CANDIDATES = 20
ANCHOR_WORDS, ANCHOR_LENGTH = 6, 48


@dataclass
class Block:
    """A section or point of an essay; `text` is plain text, without the blocks nested in it."""

    kind: str  # "heading", "list" or "point"
    text: str
    level: int = 0
    anchor: str = ""
    section: "Block | None" = None
    current: bool = True  # in the essay as last saved

    @property
    def prefix(self) -> str:
        """Keeps anchors apart from all other ids of a page."""
        return "p-" if self.kind == "point" else "s-"


def assign_anchors(blocks: Sequence[Block], known: Iterable[Block]) -> None:
    """Fills in each block's anchor.

    `known` has one block for each anchor that the essay ever used, with the last text that had it.
    A block keeps the anchor of a known block with the same text, even of one that had left the
    essay; or of a known block that is still current and shares most of its words with it. Else it
    gets a new anchor. So an earlier wording that comes back has no claim to an anchor that
    another wording has had since.
    """
    known = list(known)
    remaining = keep_unchanged(blocks, known)
    assigned = {block.anchor for block in blocks if block.anchor}
    candidates = [old for old in known if old.current and old.anchor not in assigned]
    remaining = keep_reworded(remaining, candidates)
    used = {old.anchor for old in known}
    for block in remaining:
        block.anchor = new_anchor(block, used)
        used.add(block.anchor)


def keep_unchanged(blocks: Sequence[Block], known: Sequence[Block]) -> list[Block]:
    """Gives anchors to blocks whose text is known; returns the others."""
    anchors: dict[tuple[str, str], deque[str]] = defaultdict(deque)
    for old in sorted(known, key=lambda old: not old.current):
        anchors[old.prefix, old.text].append(old.anchor)
    remaining = []
    for block in blocks:
        if same_text := anchors[block.prefix, block.text]:
            block.anchor = same_text.popleft()
        else:
            remaining.append(block)
    return remaining


def keep_reworded(blocks: Sequence[Block], known: Sequence[Block]) -> list[Block]:
    """Gives anchors to blocks that share most words with a known one, the most similar pairs
    first; returns the others."""
    bits: dict[str, int] = {}
    known_words = [word_bits(old, bits) for old in known]
    pairs = []
    for index, block in enumerate(blocks):
        words = word_bits(block, bits)
        for rank, known_index in find_similar(words, block.prefix, index, known, known_words):
            pairs.append((rank, index, known_index))
    used = set()
    for _rank, index, known_index in sorted(pairs):
        if not blocks[index].anchor and known_index not in used:
            blocks[index].anchor = known[known_index].anchor
            used.add(known_index)
    return [block for block in blocks if not block.anchor]


def word_bits(block: Block, bits: dict[str, int]) -> int:
    """The set of the block's words as an integer with one bit for each word.

    A thousand points are compared with a thousand, and integers intersect five times as fast as
    sets.
    """
    words = 0
    for word in WORD.findall(block.text.lower()):
        words |= 1 << bits.setdefault(word, len(bits))
    return words


def find_similar(
    words: int, prefix: str, index: int, known: Sequence[Block], known_words: Sequence[int]
) -> list[tuple[tuple[float, int], int]]:
    """Indexes of known blocks that share most words with these, each after a rank: first by
    similarity, then by how far the block has moved."""
    count = words.bit_count()
    min_shared = max(MIN_SHARED_WORDS, count // 2 + 1)
    shared_counts = [(words & old_words).bit_count() for old_words in known_words]
    similar = []
    for known_index in [n for n, shared in enumerate(shared_counts) if shared >= min_shared]:
        shared = shared_counts[known_index]
        longer = max(count, known_words[known_index].bit_count())
        if 2 * shared > longer and known[known_index].prefix == prefix:
            similar.append(((-shared / longer, abs(index - known_index)), known_index))
    return nsmallest(MAX_CANDIDATES, similar)


def new_anchor(block: Block, used: set[str]) -> str:
    """The block's first words, with a number where that anchor is used already."""
    words = " ".join(WORD.findall(block.text)[:ANCHOR_WORDS])
    stem = slugify(words, allow_unicode=True)[:ANCHOR_LENGTH].strip("-_") or block.kind
    anchor, number = block.prefix + stem, 1
    while anchor in used:
        number += 1
        anchor = f"{block.prefix}{stem}-{number}"
    return anchor
