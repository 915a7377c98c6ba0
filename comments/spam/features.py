"""Turns a reply into tokens: its words, its pairs of words, and features such as "@phone".

A feature starts with "@". It stands for something that is worded differently every time, as spam
changes its domains, numbers and sums from day to day.
"""

import re
import unicodedata
from functools import cache

from comments.spam import vocabulary
from comments.spam.solicitation import solicitation_features

MAX_TEXT = 3_000
MAX_WORD = 20
MAX_TOKENS = 600

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]")
WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
# Scripts without spaces between words are read by pairs of letters.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{2,}")
# Reserved domains cannot be advertised (RFC 2606, RFC 6761).
RESERVED = re.compile(r"(^|\.)example\.(com|net|org)$")
RESERVED_LINK = re.compile(
    r"https?://(?:[\w-]+\.)*(?:example|test|invalid|localhost)(?![\w.-])[^\s<>\"\])]*"
)
# "cheapshoes dot shop", "cheapshoes . com", "cheapshoes,com"
SPELLED_OUT = re.compile(
    r"\b([a-z0-9-]{3,40})(?:\s?[(\[]dot[)\]]\s?|\sdot\s|\s+\.\s?|,(?=\w))"
    r"(com|net|org|info|xyz|shop|store|live|site|online|club)\b"
)
SCHEME = re.compile(r"https?:/*")
# A date is no telephone number.
DATE = re.compile(r"\b\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d)?)?\b")
MAIL = re.compile(r"[\w.+-]{1,64}@[a-z0-9.-]{1,60}\.[a-z]{2,10}")
PHONE = re.compile(r"(?<![\w.,-])(\+|00)?\(?\d[\d\s().-]{7,20}\d(?![\w-])")
MONEY = re.compile(r"[$£€₹]\s?\d[\d,.]*k?|\b\d[\d,.]*\s?(?:usd|dollars|euros?|btc|usdt|руб\w*|元)")
NOISE = re.compile(r"([!?.$*~])\1{2,}|[!?]{2,}")
PUBLIC_HOST = re.compile(r"\.(gov|edu|mil|int)$|\.(gov|ac|edu|nhs)\.[a-z]{2}$")
TRADE_AND_PLACE = r"^(?!an? |the ).{1,60}\b(?:in|for|to|near) \w+$"


def extract(name: str, text: str) -> list[str]:
    """The reply's tokens, each once, features first; at most 600."""
    cut = text if len(text) <= MAX_TEXT else text[:2_000] + " " + text[-1_000:]
    plain = unicodedata.normalize("NFKC", INVISIBLE.sub("", cut))[: 2 * MAX_TEXT]
    folded = plain.casefold()
    without_mail = MAIL.sub(" ", SPELLED_OUT.sub(r"\1.\2", folded))
    linked = DATE.sub(" ", RESERVED_LINK.sub(" ", without_mail))
    links = find_links(linked[:MAX_TEXT])
    unlinked = SCHEME.sub(" ", link_pattern().sub(" ", linked))
    words = split(unlinked)
    tokens = [
        *link_features(links, words),
        *contact_features(folded, unlinked),
        *solicitation_features(folded),
        *style_features(plain),
        *author_features(name[:200]),
        *specific_words(words),
    ]
    return list(dict.fromkeys(tokens))[:MAX_TOKENS]


def split(text: str) -> list[str]:
    """Folded words; numbers become zeros, so that only their length counts."""
    words = []
    for word in WORD.findall(text):
        if not word.isascii() and UNSPACED.search(word):
            words += [word[at : at + 2] for at in range(min(len(word) - 1, 200))]
        elif word.isdigit():
            words.append("0" * min(len(word), 6))
        elif len(word) <= MAX_WORD:
            words.append(word.replace("\u2019", "'"))
    return words


def specific_words(words: list[str]) -> list[str]:
    """The words that are not common ones, and the pairs of neighbours that are not both common."""
    common = vocabulary.words("common words")
    specific = [word for word in words if word not in common]
    pairs = zip(words, words[1:], strict=False)
    return specific + [f"{a} {b}" for a, b in pairs if a not in common or b not in common]


@cache
def link_pattern() -> re.Pattern:
    """Scheme, host and path of a link, written out or not."""
    domains = "|".join(vocabulary.entries("top level domains"))
    return re.compile(
        rf"(https?:/{{1,2}}|www\.)?(?<![\w@.-])([a-z0-9](?:[a-z0-9-]{{0,60}}[a-z0-9])?"
        rf"(?:\.[a-z0-9-]{{1,60}}){{0,4}}\.(?:{domains}|gov|edu|mil|int|[a-z]{{2}}(?=/)))"
        r"(?![\w-]|\.\w)([/?#][^\s<>\"\]]*)?"
    )


def find_links(text: str) -> list[tuple[str, str, str]]:
    return [link for link in link_pattern().findall(text) if is_link(*link)]


def is_link(scheme: str, host: str, path: str) -> bool:
    """Not a reserved domain, nor the end of a sentence without a space, as in "see.it is"."""
    if RESERVED.search(host):
        return False
    is_word = host.rpartition(".")[2] in vocabulary.words("domains that are words")
    return bool(scheme or path or "-" in host or not is_word)


def link_features(links: list, words: list[str]) -> list[str]:
    features = at_least("links", len(links), 1, 2, 3)
    if links and len(words) < 12 * len(links):
        features += at_least("bare link", len(words), 0, 3, 7)
    for _scheme, host, path in links[:5]:
        if is_trusted(host):
            features.append("@trusted host")
            continue
        features.append(f"@top level domain {host.rpartition('.')[2]}")
        features.append("@link to a page" if len(path) > 12 else "@link to a front page")
    return features


def is_trusted(host: str) -> bool:
    return bool(
        vocabulary.pattern("trusted hosts", r"(^|\.){}\.").search(host) or PUBLIC_HOST.search(host)
    )


def contact_features(text: str, unlinked: str) -> list[str]:
    """Ways to be reached, and sums of money. A number within a link is no telephone number."""
    features = ["@mail in text"] if MAIL.search(text) else []
    if PHONE.search(unlinked):
        features.append("@phone")
    return features + at_least("money", len(MONEY.findall(text)), 1, 2)


def style_features(plain: str) -> list[str]:
    """Repeated punctuation, and at most three of the scripts besides Latin."""
    features = ["@noise"] if NOISE.search(plain) else []
    letters = {letter for letter in plain[:2_000] if letter.isalpha()}
    scripts = {unicodedata.name(letter, "?").split()[0].lower() for letter in letters}
    return features + [f"@script {script}" for script in sorted(scripts - {"latin"})[:3]]


def author_features(name: str) -> list[str]:
    """The words of the name, and whether it is an advertisement: "best plumber in Austin"."""
    words = split(unicodedata.normalize("NFKC", name).casefold())[:8]
    features = [f"@name {word}" for word in words]
    trades = vocabulary.pattern("trade names", rf"\b{{}}\b|{TRADE_AND_PLACE}")
    if len(words) > 1 and trades.search(" ".join(words)):
        features.append("@advertisement as name")
    return features


def at_least(name: str, count: float, *steps: float) -> list[str]:
    """A feature with the number of steps that the count reaches; none below the first step."""
    reached = sum(count >= step for step in steps)
    return [f"@{name}:{reached}"] if reached else []
