"""The filter that learns: how likely it is that a reply is spam, and by which words.

It starts from a seed of our own and listens to what moderators decide (comments.spam.learned). The
method is Bayes': what share of the spam and of the honest comments held each word or sign.
"""

import math
from functools import cache

from comments.spam import seed, tokens
from comments.spam.habits import VAGUE

# From here on a reply is held; from PROVE_AT on its sender is asked for a proof of work.
HOLD_AT, PROVE_AT = 0.7, 0.55
MOST_HEARD = 40
STRONGEST = 2.5
DOUBT = 0.5  # added to every count: nothing is impossible
EASE = 0.5  # words come in company: each says less than it seems
PRIOR = -1.3
# How far words are believed: what a reply is about says less than its signs, and words that
# stand in any reply say least.
A_WORD, A_FILLER = 0.9, 0.4


def score(name: str, email: str, text: str) -> float:
    """The probability from 0 to 1 that a reply is spam."""
    weights = [weight for _token, weight in hear(name, email, text)]
    crowd = max(1.0, len(weights) / 10)
    return 1 / (1 + math.exp(-PRIOR - EASE * sum(weights) / math.sqrt(crowd)))


def explain(name: str, email: str, text: str) -> list[tuple[str, float]]:
    """The words and signs that count most, strongest first; a weight above 0 speaks for spam."""
    return [(describe(token), round(weight, 2)) for token, weight in hear(name, email, text)[:12]]


def describe(token: str) -> str:
    """A word as it is, a pair of words in quotation marks, a sign without its mark."""
    if token.startswith("@"):
        return token[1:].replace(":", " ")
    return f"\u201c{token}\u201d" if " " in token else token


def hear(name: str, email: str, text: str) -> list[tuple[str, float]]:
    """The tokens that say most, each with its weight, strongest first; at most 40."""
    found = tokens.read(name, email, text)
    known, totals = shipped()
    learned, lessons = ask_database(found)
    spams, hams = totals[0] + lessons[0], totals[1] + lessons[1]
    heard = []
    for token in found:
        spam, ham = known.get(token, (0, 0))
        more_spam, more_ham = learned.get(token, (0, 0))
        if seen := spam + ham + more_spam + more_ham:
            weight = weigh((spam + more_spam) / spams, (ham + more_ham) / hams, spams, hams)
            heard.append((token, weight * trust(token) * seen / (seen + 1)))
    return sorted(heard, key=lambda pair: abs(pair[1]), reverse=True)[:MOST_HEARD]


def trust(token: str) -> float:
    """How far a token's weight is believed, from 0 to 1."""
    if token.startswith("@"):
        return 1
    return A_FILLER if VAGUE.issuperset(token.split()) else A_WORD


def weigh(spam: float, ham: float, spams: int, hams: int) -> float:
    """How much more often spam holds it than honest comments do: a logarithm, bounded."""
    weight = math.log((spam + DOUBT / spams) / (ham + DOUBT / hams))
    return max(-STRONGEST, min(STRONGEST, weight))


@cache
def shipped() -> tuple[dict[str, tuple[int, int]], tuple[int, int]]:
    """What the seed holds, read when it is first asked for: most workers judge no reply."""
    return seed.read_counts()


def ask_database(found: list[str]) -> tuple[dict[str, tuple[int, int]], tuple[int, int]]:
    """What moderators taught about these tokens; nothing where there is no database to ask."""
    try:
        from comments.spam import learned

        return learned.recall(found)
    except Exception:  # noqa: BLE001 - whatever keeps us from asking, the seed can judge alone
        return {}, (0, 0)
