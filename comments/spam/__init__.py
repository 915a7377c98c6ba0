"""The spam filter: the probability that a reply is spam, and the words and features behind it.

Each token of a reply has a weight, and the weights add up to log odds. The weights are fitted to
texts that ship with the code (comments.spam.pretrained) and shift with the counts of what
moderators decide (comments.spam.feedback). docs/spam-filter.md explains it.
"""

import math

from comments.spam import features, feedback, pretrained
from comments.spam.feedback import Counts

# From HOLD_AT a reply is held; from PROVE_AT its sender is asked for a proof of work.
HOLD_AT, PROVE_AT = 0.7, 0.55
HOLD_BIAS = 0.3  # a moderator can publish a held comment, but nobody can unread spam
MAX_WEIGHED = 60
MAX_EXPLAINED = 12
MAX_WEIGHT = 2.5
SMOOTHING = 0.5  # added to every count, so that no count is zero
LEARNED_DAMPING = 0.35  # tokens are correlated, so each learned weight says too much


def score(name: str, email: str, text: str) -> float:
    """The probability from 0 to 1 that a reply is spam. The address has no influence."""
    weights = (weight for _token, weight in weigh_tokens(name, text))
    odds = pretrained.load().bias + HOLD_BIAS + sum(weights)
    return 1 / (1 + math.exp(-odds))


def explain(name: str, email: str, text: str) -> list[tuple[str, float]]:
    """The tokens with the largest weights, strongest first; a weight above 0 speaks for spam."""
    strongest = weigh_tokens(name, text)[:MAX_EXPLAINED]
    return [(describe_token(token), round(weight, 2)) for token, weight in strongest]


def describe_token(token: str) -> str:
    """A word as it is, a pair of words in quotation marks, a feature without its "@"."""
    if token.startswith("@"):
        return token[1:].replace(":", " ")
    return f"\u201c{token}\u201d" if " " in token else token


def weigh_tokens(name: str, text: str) -> list[tuple[str, float]]:
    """The tokens with the largest weights, each with its weight, strongest first; at most 60."""
    tokens = features.extract(name, text)
    model = pretrained.load()
    learned, learned_totals = stored_counts(tokens)
    weights = []
    for token in tokens:
        weight, counts = model.tokens.get(token, (0.0, (0, 0)))
        if token in learned:
            before = log_odds(counts, model.totals)
            after = log_odds(add(counts, learned[token]), add(model.totals, learned_totals))
            weight += LEARNED_DAMPING * (after - before)
        if weight:
            weights.append((token, weight))
    return sorted(weights, key=lambda pair: abs(pair[1]), reverse=True)[:MAX_WEIGHED]


def stored_counts(tokens: list[str]) -> tuple[dict[str, Counts], Counts]:
    """The counts of moderators' decisions; none without a database or its tables."""
    try:
        return feedback.stored_counts(tokens)
    except Exception:  # noqa: BLE001 - without the database, the pretrained weights judge alone
        return {}, (0, 0)


def log_odds(counts: Counts, totals: Counts) -> float:
    """How much larger the share of spam with a token is than that of honest comments, as a
    logarithm. It is bounded, and nearer to 0 the less often the token was seen.
    """
    (spam, ham), (all_spam, all_ham) = counts, totals
    ratio = (spam + SMOOTHING) / all_spam / ((ham + SMOOTHING) / all_ham)
    return max(-MAX_WEIGHT, min(MAX_WEIGHT, math.log(ratio))) * (spam + ham) / (spam + ham + 1)


def add(one: Counts, other: Counts) -> Counts:
    return one[0] + other[0], one[1] + other[1]
