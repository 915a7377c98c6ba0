"""Lines as they are drawn: from left to right, whatever side they are read from.

What titles need of the Unicode Bidirectional Algorithm (UAX 9): one paragraph, no embeddings.
"""

from collections.abc import Iterator
from unicodedata import bidirectional

MIRRORED = dict(zip("()[]{}<>«»‹›", ")(][}{><»«›‹", strict=True))
# A letter that is read from the right or from the left, and a number among the former.
RIGHT, LEFT, NUMBER = "R", "L", "N"
LETTERS = {"R": RIGHT, "AL": RIGHT, "L": LEFT}
NUMBERS, SEPARATORS = {"EN", "AN"}, {"CS", "ES"}


def reads_from_right(text: str) -> bool:
    """Whether the first letter that has a direction does (rule P2)."""
    letters = (LETTERS[kind] for kind in map(bidirectional, text) if kind in LETTERS)
    return next(letters, LEFT) == RIGHT


def in_visual_order(line: str, base: str) -> str:
    """The characters from left to right, brackets turned round; `base` is the line's own side."""
    depths = {RIGHT: 1, NUMBER: 2, LEFT: 0 if base == LEFT else 2}
    levels = [depths[side] for side in find_sides(line, base)]
    order = list(range(len(line)))
    for depth in range(max(levels, default=0), 0, -1):
        order = list(turn_runs(order, levels, depth))
    return "".join(MIRRORED.get(line[n], line[n]) if levels[n] == 1 else line[n] for n in order)


def find_sides(line: str, base: str) -> list[str]:
    """The side of each character. Spaces and signs between two of one side are of that side,
    others of the line's (rules N1 and N2)."""
    known = list(read_sides(line, base))
    following, behind = [base] * len(known), base
    for index in range(len(known) - 1, -1, -1):
        following[index] = behind
        behind = known[index] or behind
    sides, before = [], base
    for side, after in zip(known, following, strict=True):
        same = (before == LEFT) == (after == LEFT)
        sides.append(side or ((LEFT if before == LEFT else RIGHT) if same else base))
        before = side or before
    return sides


def read_sides(line: str, base: str) -> Iterator[str | None]:
    """The sides of letters and numbers, and of a sign inside a number; None for all others."""
    kinds = [bidirectional(mark) for mark in line]
    letter = base
    for index, kind in enumerate(kinds):
        letter = LETTERS.get(kind, letter)
        neighbours = kinds[max(index - 1, 0) : index + 2 : 2]
        inside = kind in SEPARATORS and len(neighbours) == 2 and NUMBERS.issuperset(neighbours)
        if kind in NUMBERS or inside:
            yield NUMBER if letter == RIGHT else LEFT
        else:
            yield LETTERS.get(kind)


def turn_runs(order: list[int], levels: list[int], depth: int) -> Iterator[int]:
    """Reverses each run of characters that are at least so deep (rule L2)."""
    run: list[int] = []
    for index in order:
        if levels[index] >= depth:
            run.append(index)
        else:
            yield from reversed(run)
            yield index
            run = []
    yield from reversed(run)
