"""Gives every section and point of an essay an address that outlives its wording."""

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from django.utils.text import slugify

WORD = re.compile(r"\w+")
# Fewer shared words than this prove nothing: "Ban all cars" is not "Ban all dogs" reworded.
MIN_SHARED_WORDS = 3
MAX_CANDIDATES = 20
ANCHOR_WORDS, ANCHOR_LENGTH = 6, 48


@dataclass
class Block:
    """A section or point of an essay; `text` is plain, without the blocks inside it."""

    kind: str  # "heading", "list" or "point"
    text: str
    level: int = 0
    anchor: str = ""
    section: "Block | None" = None
    current: bool = True  # still in the essay

    @property
    def prefix(self) -> str:
        """No other id of a page starts like this, so anchors cannot clash with them."""
        return "p-" if self.kind == "point" else "s-"


def assign_anchors(blocks: Sequence[Block], known: Iterable[Block]) -> None:
    """Fills in each block's anchor.

    A block keeps a known anchor if its text is the same, even when it had left the essay, or if
    the known block was still there and most words of both are shared. Else it gets a new one.
    """
    known = list(known)
    waiting = keep_unchanged(blocks, known)
    given = {block.anchor for block in blocks if block.anchor}
    waiting = keep_reworded(waiting, [k for k in known if k.current and k.anchor not in given])
    taken = {k.anchor for k in known}
    for block in waiting:
        block.anchor = new_anchor(block, taken)
        taken.add(block.anchor)


def keep_unchanged(blocks: Sequence[Block], known: Sequence[Block]) -> list[Block]:
    """Returns the blocks whose text was never seen before."""
    by_text: dict[tuple[str, str], deque[str]] = defaultdict(deque)
    for old in sorted(known, key=lambda old: not old.current):
        by_text[old.prefix, old.text].append(old.anchor)
    waiting = []
    for block in blocks:
        if anchors := by_text[block.prefix, block.text]:
            block.anchor = anchors.popleft()
        else:
            waiting.append(block)
    return waiting


def keep_reworded(blocks: Sequence[Block], known: Sequence[Block]) -> list[Block]:
    """Pairs the most alike first; returns the blocks that are like none."""
    bits: dict[str, int] = {}
    old_words = [word_bits(old, bits) for old in known]
    pairs = []
    for new_place, block in enumerate(blocks):
        alike = find_similar(word_bits(block, bits), block.prefix, new_place, known, old_words)
        pairs += [(*likeness, new_place, old_place) for likeness, old_place in alike]
    used = set()
    for _, _, new_place, old_place in sorted(pairs):
        if not blocks[new_place].anchor and old_place not in used:
            blocks[new_place].anchor = known[old_place].anchor
            used.add(old_place)
    return [block for block in blocks if not block.anchor]


def word_bits(block: Block, bits: dict[str, int]) -> int:
    """The block's words as one number with a bit for each: a thousand points are compared with
    a thousand, and numbers are compared five times as fast as sets."""
    words = 0
    for word in WORD.findall(block.text.lower()):
        words |= 1 << bits.setdefault(word, len(bits))
    return words


def find_similar(
    words: int, prefix: str, place: int, known: Sequence[Block], old_words: Sequence[int]
) -> list[tuple[tuple[float, int], int]]:
    """The known blocks that share most words with these: how unlike and how far, and which."""
    count, found = words.bit_count(), []
    least = max(MIN_SHARED_WORDS, count // 2 + 1)
    shares = [(words & theirs).bit_count() for theirs in old_words]
    for old_place in [old_place for old_place, share in enumerate(shares) if share >= least]:
        most = max(count, old_words[old_place].bit_count())
        if 2 * shares[old_place] > most and known[old_place].prefix == prefix:
            likeness = (-shares[old_place] / most, abs(place - old_place))
            found.append((likeness, old_place))
    return nsmallest(MAX_CANDIDATES, found)


def new_anchor(block: Block, taken: set[str]) -> str:
    """The block's first words, with a number where those are taken."""
    words = " ".join(WORD.findall(block.text)[:ANCHOR_WORDS])
    stem = slugify(words, allow_unicode=True)[:ANCHOR_LENGTH].strip("-_") or block.kind
    anchor, count = block.prefix + stem, 1
    while anchor in taken:
        count += 1
        anchor = f"{block.prefix}{stem}-{count}"
    return anchor
