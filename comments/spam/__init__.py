"""The filter that learns: how likely it is that a reply is spam, and by which words.

Each word or sign has a weight, added up to log odds. It starts from a seed of our own
(comments.spam.seed), and shifts with what moderators decide (comments.spam.learned): by how much
more often spam than honest comments held it, as Bayes has it.
"""

import math
from functools import cache

from comments.spam import seed, tokens

# From here on a reply is held; from PROVE_AT on its sender is asked for a proof of work.
HOLD_AT, PROVE_AT = 0.7, 0.55
LEAN = 0.2  # towards holding: a moderator may publish what is held, nobody unreads spam
MOST_HEARD = 60
STRONGEST = 2.5
DOUBT = 0.5  # added to every count: nothing is impossible
EASE = 0.35  # words come in company: of what is learned, each says less than it seems


def score(name: str, email: str, text: str) -> float:
    """The probability from 0 to 1 that a reply is spam."""
    _known, (_spams, _hams, bias) = shipped()
    odds = bias + LEAN + sum(weight for _token, weight in hear(name, email, text))
    return 1 / (1 + math.exp(-odds))


def explain(name: str, email: str, text: str) -> list[tuple[str, float]]:
    """The words and signs that count most, strongest first; a weight above 0 speaks for spam."""
    return [(describe(token), round(weight, 2)) for token, weight in hear(name, email, text)[:12]]


def describe(token: str) -> str:
    """A word as it is, a pair of words in quotation marks, a sign without its mark."""
    if token.startswith("@"):
        return token[1:].replace(":", " ")
    return f"\u201c{token}\u201d" if " " in token else token


def hear(name: str, email: str, text: str) -> list[tuple[str, float]]:
    """The tokens that say most, each with its weight, strongest first; at most 60."""
    found = tokens.read(name, email, text)
    known, (spams, hams, _bias) = shipped()
    learned, (more_spams, more_hams) = ask_database(found)
    heard = []
    for token in found:
        spam, ham, weight = known.get(token, (0, 0, 0.0))
        if token in learned:
            more_spam, more_ham = learned[token]
            after = weigh(spam + more_spam, ham + more_ham, spams + more_spams, hams + more_hams)
            weight += EASE * (after - weigh(spam, ham, spams, hams))
        if weight:
            heard.append((token, weight))
    return sorted(heard, key=lambda pair: abs(pair[1]), reverse=True)[:MOST_HEARD]


def weigh(spam: int, ham: int, spams: int, hams: int) -> float:
    """How much larger a share of the spam holds it than of the honest comments: a logarithm,
    bounded, and the nearer to 0 the less it was seen.
    """
    weight = math.log((spam + DOUBT) / spams / ((ham + DOUBT) / hams))
    return max(-STRONGEST, min(STRONGEST, weight)) * (spam + ham) / (spam + ham + 1)


@cache
def shipped() -> tuple[dict[str, tuple[int, int, float]], tuple[int, int, float]]:
    """What the seed holds, read when it is first asked for: most workers judge no reply."""
    return seed.read_counts()


def ask_database(found: list[str]) -> tuple[dict[str, tuple[int, int]], tuple[int, int]]:
    """What moderators taught about these tokens; nothing where there is no database to ask."""
    try:
        from comments.spam import learned

        return learned.recall(found)
    except Exception:  # noqa: BLE001 - whatever keeps us from asking, the seed can judge alone
        return {}, (0, 0)
