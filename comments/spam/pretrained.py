"""The weights that the filter has on its first day, fitted to the texts in data/texts/.

`manage.py train_spam --pretrained` writes them anew after a change of a text, of a list or of
features.py. In ham.txt and spam.txt a line is a comment and "{great|nice} post" holds variants;
"# kind: Name, Name" starts a kind of comment with names for its authors. A "mild" kind is what
people say as well, and only the name tells. In ham.jsonl and spam.jsonl a line is one comment as
name, address and text.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from comments.spam import features

TEXTS = Path(__file__).parent / "data" / "texts"
WEIGHTS = Path(__file__).parent / "data" / "weights.tsv"
BIAS = ""  # the token that every comment has
MIN_COUNT = 3
# Tokens seen less often than RARE are kept only with at least this weight.
RARE, MIN_RARE_WEIGHT = 5, 0.15
DECIMALS = 1  # so that a change of one text rewrites few lines
ROUNDS, FIRST_STEP, L2_PENALTY = 4, 0.3, 0.02
CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")
MAX_VARIANTS = 4
PEOPLE = (
    "Ada Lark|Tom|Hannah B.|Ines Moreau|Jürgen|Okafor|mike_77|Елена|محمد|李雷|Sara K|P. Novak|"
    "Anonymous|Maria Silva|dave|Yuki|Ayşe|Oliver Grant|Chidi|old teacher|Linda M. Parker|José|"
    "Mrs Alder|Dr. Quill|a reader in Hove|grumpy_old_cat|Mr. Banerji|Prof. Ito|the man next door"
).split("|")

Example = tuple[list[str], bool]  # the tokens of a comment, and whether it is spam
TokenData = tuple[float, tuple[int, int]]  # weight, counts in spam and in honest comments


class Model(NamedTuple):
    """The weight and counts of each token, the weight of every comment, and the totals."""

    tokens: dict[str, TokenData]
    bias: float
    totals: tuple[int, int]


@cache
def load() -> Model:
    """The model in weights.tsv, read on first use: most workers score no reply."""
    shared: dict[TokenData, TokenData] = {}  # rare tokens have equal data: one tuple serves all
    tokens = {}
    for line in WEIGHTS.read_text("utf-8").splitlines():
        token, weight, spam, ham = line.split("\t")
        data = float(weight), (int(spam), int(ham))
        tokens[token] = shared.setdefault(data, data)
    bias, totals = tokens.pop(BIAS)
    return Model(tokens, bias, totals)


def train() -> str:
    """The text of weights.tsv: token, weight, and its counts in spam and in honest comments."""
    examples = read_examples()
    spam = Counter(token for tokens, is_spam in examples if is_spam for token in tokens)
    ham = Counter(token for tokens, is_spam in examples if not is_spam for token in tokens)
    return "".join(
        f"{token}\t{weight:.{DECIMALS}f}\t{spam[token]}\t{ham[token]}\n"
        for token, weight in sorted(rounded_weights(examples).items())
    )


def rounded_weights(examples: list[Example]) -> dict[str, float]:
    """The fitted weights, rounded, without rare tokens that have hardly any."""
    counts = Counter(token for tokens, _is_spam in examples for token in tokens)
    return {
        token: round(weight, DECIMALS)
        for token, weight in fit(examples).items()
        if counts[token] >= RARE or abs(weight) >= MIN_RARE_WEIGHT
    }


def read_examples() -> list[Example]:
    return [(tokens, kind == "spam") for kind in ("ham", "spam") for tokens in read_texts(kind)]


def read_texts(kind: str) -> Iterator[list[str]]:
    """The tokens of each "spam" or "ham" comment. Names of people are left out: any author can
    have them.
    """
    for name, text in read_lines(f"{kind}.txt"):
        tokens = features.extract(name, text)
        yield [BIAS, *(without_name(tokens) if name in PEOPLE else tokens)]
    for line in (TEXTS / f"{kind}.jsonl").read_text("utf-8").splitlines():
        name, _email, text = json.loads(line)
        yield [BIAS, *without_name(features.extract(name, text))]


def without_name(tokens: list[str]) -> list[str]:
    return [token for token in tokens if not token.startswith("@name ")]


def fit(examples: list[Example]) -> dict[str, float]:
    """The weight of each token seen three times, by logistic regression with AdaGrad steps.

    Tokens that stand together share their weight, which plain counting would give to each.
    """
    counts = Counter(token for tokens, _is_spam in examples for token in tokens)
    known = {token for token, count in counts.items() if count >= MIN_COUNT}
    weights, squares = dict.fromkeys(known, 0.0), dict.fromkeys(known, 1.0)
    for number in range(ROUNDS):
        for tokens, is_spam in sorted(examples, key=lambda example: position(example, number)):
            found = [token for token in tokens if token in known]
            odds = math.fsum(weights[token] for token in found)
            miss = 1 / (1 + math.exp(-odds)) - is_spam
            for token in found:
                step = miss + L2_PENALTY * weights[token] * (token != BIAS)
                squares[token] += step * step
                weights[token] -= FIRST_STEP * step / math.sqrt(squares[token])
    return weights


def position(example: Example, number: int) -> bytes:
    """Shuffles the examples of a round by hash: a new text leaves the order of the others."""
    return blake2b(f"{number} {example[0]}".encode(), digest_size=8).digest()


def read_lines(file: str) -> Iterator[tuple[str, str]]:
    """The name and text of every comment that a file of lines stands for."""
    names: list[str] = []
    serial, mild = 0, False
    for line in (TEXTS / file).read_text("utf-8").splitlines():
        if line.startswith("#"):
            kind, _, listed = line.partition(":")
            names = [name.strip() for name in listed.split(",") if name.strip()]
            mild = "mild" in kind
            continue
        for text in expand_line(line):
            serial += 1
            # Half of a kind have its own names, the others people's names, as honest comments.
            pool = names if names and (mild or serial % 2) else PEOPLE
            yield pool[serial // 2 % len(pool)], text


def expand_line(line: str) -> list[str]:
    """Up to four variants of a line; each choice is in at least one if there are no more."""
    choices = [match[1].split("|") for match in CHOICE.finditer(line)]
    count = min(MAX_VARIANTS, max(map(len, choices), default=1))
    return [expand_variant(choices, line, variant) for variant in range(count)]


def expand_variant(choices: list[list[str]], line: str, variant: int) -> str:
    places = iter(range(len(choices)))

    def choose(_match):
        place = next(places)
        # Shifted from place to place, so that the first choices do not always go together.
        return choices[place][(variant + place * (variant % 2)) % len(choices[place])]

    return CHOICE.sub(choose, line)
