"""What the filter knows on its first day: texts of our own, in seed/spam.txt and seed/ham.txt.

Their tokens are counted beforehand: `manage.py train_spam --seed`, after changing a text or
comments/spam/tokens.py. A line is one comment; "{great|nice} post" holds the ways to put it.
"# kind: Name, Name" starts a kind of comment, with names that go with it.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from comments.spam import tokens

FOLDER = Path(__file__).parent / "seed"
COUNTS = FOLDER / "counts.json"
TOTALS = ""
LEAST_SEEN = 2
CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")
MOST_WAYS = 4
PEOPLE = (
    "Ada Lark|Tom|Hannah B.|Ines Moreau|Jürgen|Okafor|mike_77|Елена|محمد|李雷|Sara K|P. Novak|"
    "Anonymous|Maria Silva|dave|Yuki|Ayşe|Oliver Grant|Chidi|old teacher|Linda M. Parker|José|"
    "Mrs Alder|Dr. Quill|a reader in Hove|grumpy_old_cat|Mr. Banerji|Prof. Ito|the man next door"
).split("|")


def read_counts() -> tuple[dict[str, tuple[int, int]], tuple[int, int]]:
    """How many of the seed's spam and honest comments hold each token, and how many there are."""
    known = {token: (spam, ham) for token, spam, ham in json.loads(COUNTS.read_text("utf-8"))}
    return known, known.pop(TOTALS)


def write_counts() -> str:
    """What belongs into counts.json: a token, its spam and its honest comments on each line."""
    spam, ham = count_tokens("spam.txt"), count_tokens("ham.txt")
    rows = [
        [token, spam[token], ham[token]]
        for token in sorted(spam.keys() | ham.keys())
        if spam[token] + ham[token] >= LEAST_SEEN
    ]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"[\n{lines}\n]\n"


def count_tokens(file: str) -> Counter:
    """The comments that hold each token; under "" the number of all comments."""
    counts: Counter = Counter()
    for _line, name, email, text in read_comments(file):
        counts.update([TOTALS, *tokens.read(name, email, text)])
    return counts


def read_comments(file: str) -> Iterator[tuple[int, str, str, str]]:
    """Every comment of a file of the seed: its line, and a name, an address and the words."""
    names: list[str] = []
    serial = 0
    for number, line in enumerate((FOLDER / file).read_text(encoding="utf-8").splitlines()):
        if line.startswith("#"):
            names = [name.strip() for name in line.partition(":")[2].split(",") if name.strip()]
            continue
        for text in write_out(line):
            serial += 1
            # Half of a kind come under its own names, the others under people's, as honest ones.
            pool = names if names and serial % 2 else PEOPLE
            name = pool[serial // 2 % len(pool)]
            yield number, name, f"{name.split()[0].lower()}{serial % 7 or ''}@example.org", text


def write_out(line: str) -> list[str]:
    """A line in several ways, each choice of each slot at least once (up to four)."""
    slots = [match[1].split("|") for match in CHOICE.finditer(line)]
    ways = min(MOST_WAYS, max(map(len, slots), default=1))
    return [write_way(slots, line, way) for way in range(ways)]


def write_way(slots: list[list[str]], line: str, way: int) -> str:
    place = iter(range(len(slots)))

    def choose(match):
        at = next(place)
        # Shifted from slot to slot, so that the first choices do not always stand together.
        return slots[at][(way + at * (way % 2)) % len(slots[at])]

    return CHOICE.sub(choose, line)
