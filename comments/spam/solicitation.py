"""Features of texts that ask for something: a look at one's channel, a share, a download."""

from comments.spam import vocabulary

MAX_TEXT = 1_500


def solicitation_features(text: str) -> list[str]:
    """The lists of solicitation.txt that match a folded text."""
    begin = text[:MAX_TEXT]
    patterns = vocabulary.patterns("solicitation.txt")
    return [feature for feature, pattern in patterns.items() if pattern.search(begin)]
