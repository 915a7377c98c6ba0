"""Who is taken for the same: addresses, names and networks in the form that comparing needs.

Whoever is banned comes back with other capitals, dots, tags and look-alike letters; what differs
by these alone is the same here. Nothing of this is shown to anybody: shown is what was typed.
"""

import ipaddress
import re
import time
import unicodedata
from contextlib import suppress

from django.utils.crypto import salted_hmac

# Letters of Greek and Cyrillic, and some of Latin, that pass for a Latin one. After case-folding.
LOOK_ALIKES = str.maketrans(
    {
        **dict(zip("авгекмнорстухіјѕԁԛԝһьґӏ", "abrekmhopctyxijsdqwhbrl", strict=True)),
        **dict(zip("αβεζηικνορτυχωϲϳγ", "abezniknoptuxwcjy", strict=True)),
        **dict(zip("ıłøđħŧɑɡɩɪʏʋƅƽ", "ilodhtagiiyvbs", strict=True)),
        **{"ß": "ss", "æ": "ae", "œ": "oe", "þ": "p", "ё": "e", "ї": "i"},
    }
)
# Digits and signs that stand for letters; in names alone, where a number means nothing else.
DIGITS_AS_LETTERS = str.maketrans("013457869@$!|€+l", "oieastbgqasiieti")
# Letters by their category that nobody sees.
INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0")
DAY = 86_400  # seconds
HOSTS_IGNORING_DOTS = {"gmail.com", "googlemail.com"}
HOST_ALIASES = {"googlemail.com": "gmail.com", "ymail.com": "yahoo.com", "pm.me": "proton.me"}
HOST_ALIASES |= {
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "me.com": "icloud.com",
}
HOST_ALIASES |= {"mac.com": "icloud.com"}
# What marks the rest of a local part as a tag: yahoo uses a hyphen, everyone else a plus.
TAG_SEPARATORS = {"yahoo.com": "-+"}


def fold_lookalikes(text: str) -> str:
    """The text without case, marks, unseen letters and look-alikes: for comparing alone."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = unicodedata.normalize("NFD", text.translate(LOOK_ALIKES))
    seen = (letter for letter in text if unicodedata.category(letter) not in ("Mn", "Me", "Cf"))
    # Once more, for letters that were look-alikes under their marks.
    return "".join(letter for letter in seen if letter not in INVISIBLE).translate(LOOK_ALIKES)


def canonical_email(address: str) -> str:
    """The address in the one form of all that lead to the same box, as far as can be known."""
    local, _at, host = address.strip().rpartition("@")
    host = canonical_host(host)
    local = fold_lookalikes(local).strip('"')
    for mark in TAG_SEPARATORS.get(host, "+"):
        local = local.split(mark, 1)[0] or local
    if host in HOSTS_IGNORING_DOTS:
        local = local.replace(".", "")
    return f"{local}@{host}"


def canonical_host(host: str) -> str:
    """The host without case and look-alikes, names in punycode read as what they show."""
    labels = []
    for label in host.strip().rstrip(".").split("."):
        if label.lower().startswith("xn--"):
            with suppress(UnicodeError):
                shown = label[4:].encode("ascii").decode("punycode")
                # Punycode can spell half a letter, which nothing can store: then as typed.
                shown.encode()
                label = shown
        labels.append(fold_lookalikes(label))
    host = ".".join(labels)
    return HOST_ALIASES.get(host, host)


def canonical_name(name: str) -> str:
    """The name's letters alone, without what makes one name look like another."""
    folded = fold_lookalikes(name).translate(DIGITS_AS_LETTERS)
    letters = re.sub(r"[\W_]", "", folded)
    # A name that is nothing but signs is compared as it stands.
    return re.sub(r"(.)\1+", r"\1", letters.replace("vv", "w")) or folded


def matches_name(pattern: str, name: str) -> bool:
    """Whether a name is one that a ban means; a star stands for any letters."""
    first, *others = [canonical_name(part) if part else "" for part in pattern.split("*")]
    name = canonical_name(name)
    if not others:
        return name == first
    *middle, last = others
    at, end = len(first), len(name) - len(last)
    # Each piece at its earliest, which leaves the most to the others: nothing is tried twice.
    for part in middle:
        if (found := name.find(part, at, max(at, end))) < 0:
            return False
        at = found + len(part)
    return at <= end and name.startswith(first) and name.endswith(last)


def networks(address: str) -> tuple[str, str]:
    """The network that an address is of, and the wider one of its neighbours.

    Of IPv4 both are the /24; of IPv6 the /64, which is one household, and the /48, which is what
    one is given to choose from. What is no address is a network of its own.
    """
    try:
        parsed = ipaddress.ip_address(address.strip())
    except ValueError:
        return address, address
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    widths = (64, 48) if parsed.version == 6 else (24, 24)
    near, wide = (str(ipaddress.ip_network((parsed, width), strict=False)) for width in widths)
    return near, wide


# The bits that name a client, and those that name its network, by the version of the protocol.
CLIENT_BITS, NETWORK_BITS = {4: 32, 6: 64}, {4: 24, 6: 48}


def is_ip_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def client_hash(address: str, day: int, widths: dict[int, int] = CLIENT_BITS) -> str:
    """A keyed value that changes daily; an IPv6 client is its whole /64 network.

    The address is as blogsite.middleware.parse_address writes it: a mapped one is IPv4 already.
    """
    network = address
    if is_ip_address(address):
        width = widths[ipaddress.ip_address(address).version]
        network = str(ipaddress.ip_network((address, width), strict=False))
    return daily_hash(network, day)


def daily_hash(text: str, day: int) -> str:
    return salted_hmac(f"comments.models.rate_limit.{day}", text, algorithm="sha256").hexdigest()[
        :40
    ]


def keyed_hash(kind: str, text: str) -> str:
    """64 hex digits, which nobody finds again without the site's secret."""
    return salted_hmac(f"comments.identity.{kind}", text, algorithm="sha256").hexdigest()


def email_hash(email: str) -> str:
    """The same for every spelling of an address that leads to the same box."""
    return keyed_hash("person", canonical_email(email))


def host_hash(email: str) -> str:
    """For everybody at one host: `email` is an address, or the host with a @ before it."""
    return keyed_hash("host", canonical_host(email.rpartition("@")[2]))


def name_hash(name: str) -> str:
    """The same for every name that looks like this one."""
    return keyed_hash("name", canonical_name(name))


def network_hashes(address: str) -> tuple[str, str]:
    """The lasting keys of an address's network, and of the one with its neighbours."""
    near, wide = networks(address)
    return keyed_hash("network", near), keyed_hash("network", wide)


def daily_client_hash(address: str) -> str:
    """The client's key of today, by which no two days can be put together."""
    return client_hash(address, today())


def today() -> int:
    return int(time.time()) // DAY


def encrypt_hash(key: str, pad: str) -> str:
    """The key, unreadable without the site's secret and the pad; sealed twice, itself again."""
    cover = keyed_hash("seal", pad)
    return f"{int(key, 16) ^ int(cover, 16):064x}"
