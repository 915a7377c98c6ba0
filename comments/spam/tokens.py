"""A reply as the filter sees it: its words, its pairs of words, and signs such as a bare domain.

A sign starts with "@" and stands for something that reads differently every time: spam changes its
domains and sums from day to day, but hardly its habits.
"""

import re
import unicodedata

from comments.spam import flattery, habits
from comments.spam.words import CLASS_OF, CLASSES, FILLERS

LONGEST_TEXT = 3_000
LONGEST_WORD = 20
MOST_TOKENS = 600

UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]")
WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
# Written without spaces between words: read by pairs of letters.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{2,}")
ZONES = (
    "com net org info biz io co me us uk de fr es it nl pl ru ua cn in pk id my tr br vn eu ca au "
    "xyz top club online site shop store click live vip win bet casino icu pw cc tk ml ga work "
    "loan men space website pro fun best review deals download trade bid date stream tech app dev "
    "ai cloud fund gift expert sex porn link cheap credit tools tours market digital today lol gq "
    "one world life vin bond name mobi asia cyou buzz monster quest shopping agency media network "
    "health care fit clinic center guru ninja solutions services group social games gold finance "
    "capital academy courses training gg ly homes rent cars travel events plus blog dental "
    "su ws help escort dating chat adult singles "
    "ch se dk gr ro cz hu pt ie nz za ng ke ae sg hk tw jp kr th ph mx ar cl"
)
# Ends of sentences that lack a space look like these: a domain only with something more.
WORDS_TOO = frozenset("it me in us is to so at no one life world today name my be work".split())
ZONE = "|".join(ZONES.split())
LINK = re.compile(
    rf"(https?:/{{1,2}}|www\.)?(?<![\w@.-])([a-z0-9](?:[a-z0-9-]{{0,60}}[a-z0-9])?"
    rf"(?:\.[a-z0-9-]{{1,60}}){{0,4}}\.(?:{ZONE}|gov|edu|mil|int|[a-z]{{2}}(?=/)))"
    r"(?![\w-]|\.\w)([/?#][^\s<>\"\]]*)?"
)
MAIL = re.compile(r"[\w.+-]{1,64}@[a-z0-9.-]{1,60}\.[a-z]{2,10}")
FREE_MAIL = re.compile(r"@(gmail|yahoo|outlook|hotmail|mail|proton|protonmail|tutanota|aol)\.")
DISPOSABLE = re.compile(
    r"@[^@]*(temp|trash|mailinator|guerrilla|10min|throwaway|disposable|yopmail)"
)
CHEAP = frozenset(
    "xyz top club online site shop store click live vip win bet casino icu pw cc tk ml ga work "
    "loan men space website pro fun best review deals download trade bid date stream fund gift "
    "expert sex porn link cheap credit tools tours market today biz info cloud health care guru "
    "solutions services plus capital finance courses".split()
)
TRUSTED = re.compile(
    r"(^|\.)(wikipedia|wikimedia|archive|arxiv|doi|jstor|github|nature|gutenberg|un|oecd|europa|"
    r"bbc|theguardian|nytimes|who|science|nobelprize|reuters|apnews|economist|lrb|newyorker|"
    r"washingtonpost|lemonde|spiegel|zeit|elpais|corriere|stackoverflow|djangoproject|python|mozilla|"
    r"bmj|thelancet|stanford|pubmed)\.|\.(gov|edu|mil|int)$|\.(gov|ac|edu|nhs)\.[a-z]{2}$"
)
SHORT = re.compile(r"^(bit\.ly|tinyurl|goo\.gl|amzn\.to|cutt\.ly|is\.gd|rb\.gy|ow\.ly|t\.co)")
BAIT = re.compile(
    r"casino|slot|bet|poker|judi|togel|pill|meds|rx|pharm|loan|cash|money|credit|crypto|coin|"
    r"porn|sex|xxx|escort|cam|date|seo|rank|traffic|follow|like|hack|spell|replica|cheap|deal|"
    r"offer|free|promo|bonus|win|prize|gift|job|earn|essay|slim|diet|invest|trade|vip|kazino|zaim"
)
PHONE = re.compile(r"(?<![\w.,-])(\+|00)?\(?\d[\d\s().-]{7,20}\d(?![\w-])")
PREMIUM = re.compile(r"(?<!\d)(?:0[89]\d\d[\d ]{6,9}|1?-?8(?:00|44|88)-?\d{3}-?\d{4})(?!\d)")
SHORT_NUMBER = re.compile(r"\b(?:to|on|call|text|txt|send|sms)\s+\d{5}\b")
RATE = re.compile(r"\b\d+\s?(?:p|ppm|pence)\b(?:\s?(?:/|per)\s?\w+)?|/(?:msg|min|wk|week)\b")
MESSENGERS = (
    "whatsapp", "whats app", "telegram", "t.me/", "wa.me", "skype", "viber", "wickr", "wechat",
    " dm ", "inbox me", "hangout", "微信", "qq", "واتساب", "телеграм", "line登録", "line追加",
)  # fmt: skip
HANDLE = re.compile(r"(?<![\w.])@[a-z0-9_.]{4,32}")
MONEY = re.compile(r"[$£€₹]\s?\d[\d,.]*k?|\b\d[\d,.]*\s?(?:usd|dollars|euros?|btc|usdt|руб\w*|元)")
PERCENT = re.compile(r"\d\s?%")
NOISE = re.compile(r"([!?.$*~])\1{2,}|[!?]{2,}")
CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]{5,}")
STRANGE = re.compile(r"^(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{5,}$")


def read(name: str, email: str, text: str) -> list[str]:
    """The reply's tokens, each once, in the order of their first sight; never more than 600."""
    whole = text if len(text) <= LONGEST_TEXT else text[:2_000] + " " + text[-1_000:]
    plain = unicodedata.normalize("NFKC", UNSEEN.sub("", whole))[: 2 * LONGEST_TEXT]
    folded = plain.casefold()
    unmailed = MAIL.sub(" ", habits.SPELLED_OUT.sub(r"\1.\2", folded))
    unmailed = habits.DATE.sub(" ", habits.UNOWNED.sub(" ", unmailed))
    links = find_links(unmailed[:LONGEST_TEXT])
    rest = habits.SCHEME.sub(" ", LINK.sub(" ", unmailed))
    words = split(rest)
    signs = [
        *see_links(folded, links, words),
        *see_contacts(folded, rest),
        *habits.see_habits(folded),
        *see_manner(plain, words),
        *flattery.see_flattery(folded, words),
        *see_person(name[:200], email[:254], links),
    ]
    # What a reply lacks says little: all honest comments would be alike.
    signs = [sign for sign in signs if not sign.endswith(":0")]
    signs += pair(set(signs))
    said = [word for word in words if word not in FILLERS]
    said += [
        f"{one} {two}"
        for one, two in zip(words, words[1:], strict=False)
        if one not in FILLERS or two not in FILLERS
    ]
    return list(dict.fromkeys([*signs, *said]))[:MOST_TOKENS]


def find_links(text: str) -> list[tuple[str, str, str]]:
    """Scheme, host and path of each link, written out or not."""
    found = LINK.findall(text)
    return [
        (scheme, host, path)
        for scheme, host, path in found
        if not habits.RESERVED.search(host)
        and (
            scheme
            or path
            or host.rpartition(".")[2] not in WORDS_TOO
            or "-" in host
            or (len(host) > 11 and BAIT.search(host))
        )
    ]


def split(text: str) -> list[str]:
    """Words as they are compared: folded, with the digits of numbers left out."""
    words = []
    for word in WORD.findall(text):
        if not word.isascii() and UNSPACED.search(word):
            words += [word[at : at + 2] for at in range(min(len(word) - 1, 200))]
        elif word.isdigit():
            words.append("0" * min(len(word), 6))
        elif len(word) <= LONGEST_WORD:
            words.append(word.replace("\u2019", "'"))
    return words


def bucket(name: str, count: float, *steps: float) -> str:
    """A sign that says how many there are, in the steps given."""
    return f"@{name}:{sum(count >= step for step in steps)}"


def see_links(text: str, links: list, words: list[str]) -> list[str]:
    signs = [bucket("links", len(links), 1, 2, 3)]
    if habits.BBCODE.search(text):
        signs.append("@bbcode")
    if re.search(r"<a\s[^>]{0,200}href", text):
        signs.append("@html link")
    if links and len(words) < 12 * len(links):
        signs.append(bucket("bare link", len(words), 0, 3, 7))
    for scheme, host, path in links[:5]:
        zone = host.rpartition(".")[2]
        if TRUSTED.search(host):
            signs.append("@trusted host")
            continue
        signs.append(f"@zone {zone}")
        if zone in CHEAP:
            signs.append("@cheap zone")
        if BAIT.search(host):
            signs.append("@bait in host")
        if any(letter.isdigit() for letter in host):
            signs.append("@digits in host")
        if "-" in host:
            signs.append("@hyphen in host")
        if habits.STAGES.search(host):
            signs.append("@stage host")
        if SHORT.match(host):
            signs.append("@shortened link")
        if not scheme:
            signs.append("@domain without scheme")
        signs.append("@link to a page" if len(path) > 12 else "@link to a front page")
    return signs


def see_contacts(text: str, rest: str) -> list[str]:
    """Ways to be reached, and prices; numbers are looked for where no link stands."""
    found = {
        "@mail in text": MAIL.search(text),
        "@free mail in text": FREE_MAIL.search(text),
        "@phone": PHONE.search(rest),
        "@foreign phone": (phone := PHONE.search(rest)) and phone[1],
        "@premium number": PREMIUM.search(rest),
        "@short number": SHORT_NUMBER.search(text),
        "@rate": RATE.search(text),
        "@messenger": any(word in text for word in MESSENGERS),
        "@handle": HANDLE.search(MAIL.sub(" ", text)),
        "@blog talk": habits.BLOG_TALK.search(text),
        "@percent": PERCENT.search(text),
    }
    signs = [sign for sign, seen in found.items() if seen]
    if money := len(MONEY.findall(text)):
        signs.append(bucket("money", money, 1, 2))
    return signs


def see_manner(plain: str, words: list[str]) -> list[str]:
    letters = [letter for letter in plain[:2_000] if letter.isalpha()]
    upper = sum(map(str.isupper, letters))
    signs = []
    if len(letters) >= 8:
        signs.append(bucket("capitals", upper / len(letters), 0.12, 0.25, 0.6))
    if NOISE.search(plain):
        signs.append("@noise")
    if "?" in plain:
        signs.append("@question")
    if not plain.isascii():
        signs += see_scripts(plain[:2_000], words)
    if re.search(r"(?m)^\s*>|`|\n\s*\n", plain):
        signs.append("@laid out")
    long = [word for word in words if len(word) > 4]
    odd = [word for word in long if CONSONANTS.search(word) or STRANGE.match(word)]
    # One such word among others is a name, a version or a key.
    if odd and len(odd) / len(words) > 0.2 and (len(odd) > 1 or len(words) == 1):
        signs.append("@gibberish")
    kinds = [CLASS_OF[word] for word in words if word in CLASS_OF]
    for kind in CLASSES:
        count = kinds.count(kind)
        signs.append(bucket(kind, count, 1, 2, 4))
        if count > 1:
            signs.append(bucket(f"{kind} share", count / len(words), 0.08, 0.16))
    return signs


def see_scripts(plain: str, words: list[str]) -> list[str]:
    """The alphabets that are not Latin, letters that pass for others, and pictures."""
    signs = []
    kinds = [(letter, unicodedata.category(letter)) for letter in plain]
    if pictures := sum(kind == "So" for _letter, kind in kinds):
        signs.append(bucket("emoji", pictures, 1, 3))
    letters = {letter for letter, kind in kinds if kind[0] == "L"}
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in letters}
    if {"LATIN", "CYRILLIC"} <= scripts and any(is_mixed(word) for word in words):
        signs.append("@mixed letters")
    return [*signs, *(f"@script {script.lower()}" for script in sorted(scripts - {"LATIN"})[:3])]


def is_mixed(word: str) -> bool:
    """Whether Latin and Cyrillic letters stand in one word, as no language writes."""
    return bool(re.search("[a-z]", word) and re.search("[\u0430-\u044f]", word))


def see_person(name: str, email: str, links: list) -> list[str]:
    words = split(unicodedata.normalize("NFKC", name).casefold())[:8]
    signs = [f"@name {word}" for word in words]
    local = email.partition("@")[0].casefold()
    hosts = " ".join(host for _, host, _ in links)
    if any(len(word) > 3 and word in hosts for word in words):
        signs.append("@name in host")
    if len(words) > 3:
        signs.append("@long name")
    if any(letter.isdigit() for letter in name):
        signs.append("@digits in name")
    if LINK.search(name.casefold()):
        signs.append("@domain as name")
    if any(word in CLASS_OF and CLASS_OF[word] in ("gain", "trade", "urge") for word in words) or (
        len(words) > 1 and BAIT.search(name.casefold())
    ):
        signs.append("@trade as name")
    if len(words) > 1 and habits.TRADE_NAME.search(" ".join(words)):
        signs.append("@advertisement as name")
    if sum(map(str.isdigit, local)) > 3:
        signs.append("@digits in address")
    if DISPOSABLE.search(email.casefold()):
        signs.append("@throwaway address")
    return signs


def pair(signs: set[str]) -> list[str]:
    """Signs that say more together: a way to be reached, and a reason to reach for it."""
    links = signs & {"@links:1", "@links:2", "@links:3"} and "@trusted host" not in signs
    reach = signs & {"@messenger", "@phone", "@free mail in text", "@handle", "@premium number"}
    gain = any(sign.startswith(("@gain:", "@money")) for sign in signs)
    praise, urge = signs & {"@praise:2", "@praise:3"}, signs & {"@urge:1", "@urge:2", "@urge:3"}
    trade = signs & {"@trade:1", "@trade:2", "@trade:3"}
    foreign = any(sign.startswith("@script ") for sign in signs)
    flattered = any(sign.startswith("@flattery") for sign in signs)
    praised = flattered or any(sign.startswith("@praise:") for sign in signs)
    advertised = "@advertisement as name" in signs
    asks = links or reach or signs & habits.PATTERNS.keys()
    found = {
        "@link with praise": links and praise,
        "@link with gain": links and gain,
        "@link with urge": links and urge,
        "@link with trade": links and trade,
        "@link in another script": links and foreign,
        "@reach with gain": reach and gain,
        "@reach with urge": reach and urge,
        "@reach with trade": reach and trade,
        "@reach in another script": reach and foreign,
        "@reach twice": len(reach) > 1 or (reach and links),
        "@gain with urge": gain and urge,
        "@trade with praise": praise and trade,
        "@no way to be reached": not links and not reach,
        "@asks nothing": not (asks or flattered or advertised),
        "@praise from a trade": praised and advertised,
        "@gain, asks nothing": gain and not asks,
        "@trade, asks nothing": trade and not asks,
    }
    return [sign for sign, seen in found.items() if seen]
