"""Identity: the canonical form of names, e-mail addresses and networks, and their keyed hashes.

A banned person returns with other capitals, dots, tags and look-alike letters; the canonical form
is the same for all of them. It is for comparing only: pages show what was typed. Hashes are keyed
with the site's secret key, so nobody else can compute them.
"""

import ipaddress
import re
import time
import unicodedata
from contextlib import suppress

from django.utils.crypto import salted_hmac

# Greek, Cyrillic and some Latin letters that look like another Latin letter, after case-folding.
LOOK_ALIKES = str.maketrans(
    {
        **dict(zip("авгекмнорстухіјѕԁԛԝһьґӏ", "abrekmhopctyxijsdqwhbrl", strict=True)),
        **dict(zip("αβεζηικνορτυχωϲϳγ", "abezniknoptuxwcjy", strict=True)),
        **dict(zip("ıłøđħŧɑɡɩɪʏʋƅƽ", "ilodhtagiiyvbs", strict=True)),
        **{"ß": "ss", "æ": "ae", "œ": "oe", "þ": "p", "ё": "e", "ї": "i"},
    }
)
# Digits and signs that stand for letters; applied to names only.
DIGITS_AS_LETTERS = str.maketrans("013457869@$!|€+l", "oieastbgqasiieti")
# Invisible characters that Unicode counts as letters or symbols.
INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0")
HOSTS_IGNORING_DOTS = {"gmail.com", "googlemail.com"}
HOST_ALIASES = {
    "googlemail.com": "gmail.com",
    "mac.com": "icloud.com",
    "me.com": "icloud.com",
    "pm.me": "proton.me",
    "protonmail.ch": "proton.me",
    "protonmail.com": "proton.me",
    "ymail.com": "yahoo.com",
}
# A tag in a local part begins with a plus; at Yahoo with a hyphen as well.
TAG_SEPARATORS = {"yahoo.com": "-+"}
DAY = 86_400  # seconds
# How many leading bits of an address identify a client and its network, by IP version. Every
# household has an IPv6 /64 of its own, and often a /48.
CLIENT_BITS, NETWORK_BITS = {4: 32, 6: 64}, {4: 24, 6: 48}


def fold_lookalikes(text: str) -> str:
    """The text without case, combining marks, invisible characters and look-alikes."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = unicodedata.normalize("NFD", text.translate(LOOK_ALIKES))
    visible = (
        char
        for char in text
        if char not in INVISIBLE and unicodedata.category(char) not in ("Mn", "Me", "Cf")
    )
    # Again, for letters that are look-alikes only without their marks.
    return "".join(visible).translate(LOOK_ALIKES)


def canonical_email(address: str) -> str:
    """The same for all spellings of an address that reach one mailbox, as far as is known."""
    local, _at, host = address.strip().rpartition("@")
    host = canonical_host(host)
    local = fold_lookalikes(local).strip('"')
    for separator in TAG_SEPARATORS.get(host, "+"):
        local = local.split(separator, 1)[0] or local
    if host in HOSTS_IGNORING_DOTS:
        local = local.replace(".", "")
    return f"{local}@{host}"


def canonical_host(host: str) -> str:
    """The host without case, look-alikes, punycode and aliases."""
    labels = []
    for label in host.strip().rstrip(".").split("."):
        if label.lower().startswith("xn--"):
            with suppress(UnicodeError):
                decoded = label[4:].encode("ascii").decode("punycode")
                # Punycode can spell a lone surrogate, which no database stores: keep the label.
                decoded.encode()
                label = decoded
        labels.append(fold_lookalikes(label))
    host = ".".join(labels)
    return HOST_ALIASES.get(host, host)


def canonical_name(name: str) -> str:
    """The folded letters of a name, without signs, spaces and doubled letters."""
    folded = fold_lookalikes(name).translate(DIGITS_AS_LETTERS)
    letters = re.sub(r"[\W_]", "", folded)
    # A name of nothing but signs is compared by its signs.
    return re.sub(r"(.)\1+", r"\1", letters.replace("vv", "w")) or folded


def matches_name(pattern: str, name: str) -> bool:
    """Whether a banned name fits this one; a star in it stands for any letters."""
    first, *others = [canonical_name(part) if part else "" for part in pattern.split("*")]
    name = canonical_name(name)
    if not others:
        return name == first
    *middle, last = others
    start, end = len(first), len(name) - len(last)
    # Each part at its earliest position leaves the most to the next: no backtracking.
    for part in middle:
        if (position := name.find(part, start, max(start, end))) < 0:
            return False
        start = position + len(part)
    return start <= end and name.startswith(first) and name.endswith(last)


def networks(address: str) -> tuple[str, str]:
    """The subnet of an IP address, and the wider subnet around it.

    For IPv4 both are the /24; for IPv6 the /64, which is one household, and the /48, from which
    the household may choose. Text that is no IP address is a network of its own.
    """
    try:
        parsed = ipaddress.ip_address(address.strip())
    except ValueError:
        return address, address
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    lengths = (64, 48) if parsed.version == 6 else (24, 24)
    subnet, wider_subnet = (
        str(ipaddress.ip_network((parsed, length), strict=False)) for length in lengths
    )
    return subnet, wider_subnet


def is_ip_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def keyed_hash(kind: str, text: str) -> str:
    """64 hex digits, which nobody can compute without the site's secret key."""
    return salted_hmac(f"comments.identity.{kind}", text, algorithm="sha256").hexdigest()


def email_hash(email: str) -> str:
    """The same for all spellings of an address that reach one mailbox."""
    return keyed_hash("person", canonical_email(email))


def host_hash(email: str) -> str:
    """The hash of a mail host; `email` is an address, or the host with a @ before it."""
    return keyed_hash("host", canonical_host(email.rpartition("@")[2]))


def name_hash(name: str) -> str:
    """The same for all names that look like this one."""
    return keyed_hash("name", canonical_name(name))


def network_hashes(address: str) -> tuple[str, str]:
    """The lasting hashes of an address's subnet and wider subnet."""
    subnet, wider_subnet = networks(address)
    return keyed_hash("network", subnet), keyed_hash("network", wider_subnet)


def encrypt_hash(hash: str, pad: str) -> str:
    """The hash, unreadable without the secret key and the pad; encrypted twice, itself again."""
    cover = keyed_hash("seal", pad)
    return f"{int(hash, 16) ^ int(cover, 16):064x}"


def today() -> int:
    """The number of the current day since 1970, in UTC."""
    return int(time.time()) // DAY


def daily_hash(text: str, day: int) -> str:
    """40 hex digits that change every day, so that two days cannot be linked."""
    salt = f"comments.models.rate_limit.{day}"
    return salted_hmac(salt, text, algorithm="sha256").hexdigest()[:40]


def client_hash(address: str, day: int, bits: dict[int, int] = CLIENT_BITS) -> str:
    """The daily hash of a client; an IPv6 client is its whole /64 subnet.

    The address is as blogsite.middleware.parse_address writes it: a mapped one is IPv4 already.
    """
    network = address
    if is_ip_address(address):
        length = bits[ipaddress.ip_address(address).version]
        network = str(ipaddress.ip_network((address, length), strict=False))
    return daily_hash(network, day)


def daily_client_hash(address: str) -> str:
    """Today's hash of a client."""
    return client_hash(address, today())
