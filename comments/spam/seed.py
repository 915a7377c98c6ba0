"""What the filter knows on its first day: texts of our own, in the folder seed/.

Their tokens are counted and weighed beforehand: `manage.py train_spam --seed`, after changing a
text or how it is read (comments/spam/tokens.py, habits.py, flattery.py). A line is one comment;
"{great|nice} post" holds the ways to put it. "# kind: Name, Name" starts a kind of comment, with
names that go with it; what is of a "mild" kind people say as well, and only the name tells.
In spam.jsonl and ham.jsonl stand whole comments by other hands: a name, an address, the words.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from comments.spam import tokens

FOLDER = Path(__file__).parent / "seed"
COUNTS = FOLDER / "counts.json"
TOTALS = ""
LEAST_SEEN = 3
# How often all texts are gone through, the first step, and the pull of each weight to nothing.
ROUNDS, STEP, PULL = 4, 0.3, 0.02
CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")
MOST_WAYS = 4
PEOPLE = (
    "Ada Lark|Tom|Hannah B.|Ines Moreau|Jürgen|Okafor|mike_77|Елена|محمد|李雷|Sara K|P. Novak|"
    "Anonymous|Maria Silva|dave|Yuki|Ayşe|Oliver Grant|Chidi|old teacher|Linda M. Parker|José|"
    "Mrs Alder|Dr. Quill|a reader in Hove|grumpy_old_cat|Mr. Banerji|Prof. Ito|the man next door"
).split("|")


Counts = tuple[int, int, float]


def read_counts() -> tuple[dict[str, Counts], Counts]:
    """How many of the seed's spam and honest comments hold each token, and its weight; and how
    many comments there are, with the weight that all have.
    """
    # Rare tokens share their numbers: one tuple is enough for all of them.
    same: dict[Counts, Counts] = {}
    known = {}
    for token, spam, ham, weight in json.loads(COUNTS.read_text("utf-8")):
        known[token] = same.setdefault((spam, ham, weight), (spam, ham, weight))
    return known, known.pop(TOTALS)


def write_counts() -> str:
    """What belongs into counts.json: a token, its spam and honest comments and its weight on
    each line.
    """
    comments = [(found, False) for found in read_tokens("ham")]
    comments += [(found, True) for found in read_tokens("spam")]
    spam = Counter(token for found, is_spam in comments if is_spam for token in found)
    ham = Counter(token for found, is_spam in comments if not is_spam for token in found)
    seen = [token for token, count in (spam + ham).items() if count >= LEAST_SEEN]
    weights = weigh(comments, set(seen))
    rows = [[token, spam[token], ham[token], round(weights[token], 2)] for token in sorted(seen)]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"[\n{lines}\n]\n"


def read_tokens(kind: str) -> Iterator[list[str]]:
    """The tokens of each comment of a file; what people are called says nothing."""
    for _line, name, email, text in read_comments(f"{kind}.txt"):
        found = tokens.read(name, email, text)
        if name in PEOPLE:
            found = [token for token in found if not token.startswith("@name ")]
        yield [TOTALS, *found]
    for line in (FOLDER / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines():
        found = tokens.read(*json.loads(line))
        yield [TOTALS, *(token for token in found if not token.startswith("@name "))]


def weigh(comments: list[tuple[list[str], bool]], seen: set[str]) -> dict[str, float]:
    """How much each token speaks for spam next to all others that stand with it.

    Counts alone would hear a token as often as others say the same. So each comment is judged by
    the weights as they are, and these take a step towards what it is: a large step at first, a
    smaller one the more often they were moved (logistic regression, by AdaGrad).
    """
    weights, moved = dict.fromkeys(seen, 0.0), dict.fromkeys(seen, 1.0)
    for number in range(ROUNDS):
        for found, is_spam in Random(number).sample(comments, len(comments)):
            heard = [token for token in found if token in seen]
            odds = math.fsum(weights[token] for token in heard)
            miss = 1 / (1 + math.exp(-odds)) - is_spam
            for token in heard:
                pull = miss + PULL * weights[token] * (token != TOTALS)
                moved[token] += pull * pull
                weights[token] -= STEP * pull / math.sqrt(moved[token])
    return weights


def read_comments(file: str) -> Iterator[tuple[int, str, str, str]]:
    """Every comment of a file of the seed: its line, and a name, an address and the words."""
    names: list[str] = []
    serial, mild = 0, False
    for number, line in enumerate((FOLDER / file).read_text(encoding="utf-8").splitlines()):
        if line.startswith("#"):
            kind, _, listed = line.partition(":")
            names = [name.strip() for name in listed.split(",") if name.strip()]
            mild = "mild" in kind
            continue
        for text in write_out(line):
            serial += 1
            # Half of a kind come under its own names, the others under people's, as honest ones.
            pool = names if names and (mild or serial % 2) else PEOPLE
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
