"""What is kept in place of an address: keyed values that tell whether two are the same.

An e-mail address has one that lasts. A network has one that changes daily, and no other that
could be read from the database: the lasting one, which a ban needs, is kept sealed, and for the
day of the reply alone (see comments.traces).
"""

import time

from django.utils.crypto import salted_hmac

from comments import identity
from comments.limits import DAY, client_key


def lasting_key(kind: str, text: str) -> str:
    """64 hex digits, which nobody finds again without the site's secret."""
    return salted_hmac(f"comments.keys.{kind}", text, algorithm="sha256").hexdigest()


def person_key(email: str) -> str:
    """The same for every spelling of an address that leads to the same box."""
    return lasting_key("person", identity.canonical_email(email))


def host_key(email: str) -> str:
    """For everybody at one host: `email` is an address, or the host with a @ before it."""
    return lasting_key("host", identity.canonical_host(email.rpartition("@")[2]))


def name_key(name: str) -> str:
    """The same for every name that looks like this one."""
    return lasting_key("name", identity.canonical_name(name))


def network_keys(address: str) -> tuple[str, str]:
    """The lasting keys of an address's network, and of the one with its neighbours."""
    near, wide = identity.networks(address)
    return lasting_key("network", near), lasting_key("network", wide)


def daily_key(address: str) -> str:
    """The client's key of today, by which no two days can be put together."""
    return client_key(address, today())


def today() -> int:
    return int(time.time()) // DAY


def seal(key: str, pad: str) -> str:
    """The key, unreadable without the site's secret and the pad; sealed twice, itself again."""
    cover = lasting_key("seal", pad)
    return f"{int(key, 16) ^ int(cover, 16):064x}"
