"""What each part of the spam filter adds: the table in docs/spam-filter.md.

Each part is left out in turn, the weights are fitted again, and the comments in
tests/comments/unseen are scored: `.venv/bin/python -m benchmarks.spam_parts`.
"""

import math
import os
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from comments import spam  # noqa: E402
from comments.spam import features, pretrained, vocabulary  # noqa: E402
from tests.comments import unseen  # noqa: E402

# The share of honest comments held at which parts are compared; an average over some, as one
# comment more or less would decide otherwise.
HONEST_RATES = [held / 1000 for held in range(4, 16)]
# Features by what they are made from; the rest of a feature's name follows.
FAMILIES = {
    "number of links": "links: bare_link:",
    "top level domain": "top_level_domain",
    "list: trusted hosts": "trusted_host",
    "link to a page or a front page": "link_to",
    "e-mail address": "mail_in_text",
    "telephone number": "phone",
    "sums of money": "money:",
    "repeated punctuation": "noise",
    "other scripts": "script",
    "words of the name": "name",
    "list: trade names": "advertisement_as_name",
}

Test = Callable[[str], bool]


def parts() -> dict[str, Test]:
    """A test for each part: whether a token belongs to it."""
    solicitation = vocabulary.patterns("solicitation.txt")
    found: dict[str, Test] = {
        "nothing": lambda token: False,
        "words": lambda token: bool(token) and token[0] != "@" and " " not in token,
        "pairs of words": lambda token: token[:1] != "@" and " " in token,
        "all lists of solicitation.txt": lambda token: token in solicitation,
    }
    for family, names in FAMILIES.items():
        starts = tuple(f"@{name.replace('_', ' ')}" for name in names.split())
        found[family] = lambda token, starts=starts: token.startswith(starts)
    for feature in solicitation:
        found[f"list: {feature[1:]}"] = lambda token, feature=feature: token == feature
    return found


def log_odds(weights: dict[str, float], tokens: list[str]) -> float:
    found = sorted((weights.get(token, 0.0) for token in tokens), key=abs, reverse=True)
    return weights[pretrained.BIAS] + spam.HOLD_BIAS + sum(found[: spam.MAX_WEIGHED])


def share(scores: list[float], least: float) -> float:
    return 100 * sum(score >= least for score in scores) / len(scores)


def caught(spam_scores: list[float], ham_scores: list[float]) -> float:
    """The percentage of spam held, where as many honest comments are held as HONEST_RATES say."""
    ranked = sorted(ham_scores, reverse=True)
    levels = [ranked[round(rate * len(ranked))] for rate in HONEST_RATES]
    return sum(share(spam_scores, math.nextafter(level, 9)) for level in levels) / len(levels)


def main():
    examples = pretrained.read_examples()
    tokens = {
        kind: [features.extract(name, text) for name, _email, text in unseen.read_all(kind)]
        for kind in ("spam", "ham")
    }
    limits = [math.log(at / (1 - at)) for at in (spam.HOLD_AT, spam.PROVE_AT)]
    whole = 0.0
    print("| without | adds | spam held | honest held | spam at 0.55 | honest at 0.55 |")
    print("| --- | --- | --- | --- | --- | --- |")
    for part, is_part in parts().items():
        rest = [
            ([token for token in found if not is_part(token)], is_spam)
            for found, is_spam in examples
        ]
        weights = pretrained.rounded_weights(rest)
        scores = {kind: [log_odds(weights, found) for found in tokens[kind]] for kind in tokens}
        figure = caught(scores["spam"], scores["ham"])
        whole = whole or figure
        shares = [share(scores[kind], limit) for limit in limits for kind in ("spam", "ham")]
        columns = " | ".join(f"{value:.2f}" for value in shares)
        print(f"| {part} | {whole - figure:.1f} | {columns} |", flush=True)
    print(f"\nSpam held with every part, at the compared honest rates: {whole:.1f} %")


if __name__ == "__main__":
    main()
