"""Identity of commenters: spellings that hide a person match; names that people share do not."""

import pytest

from comments import identity
from comments.identity import canonical_email, canonical_name, matches_name, networks

pytestmark = pytest.mark.once
TRICKS_WITH_ADDRESSES = {
    "capitals": "Joe.Troll@Gmail.COM",
    "dots": "j.o.e.t.r.o.l.l@gmail.com",
    "a tag": "joetroll+new@gmail.com",
    "a tag and dots": "joe.troll+a+b@gmail.com",
    "the host's other name": "joetroll@googlemail.com",
    "a Cyrillic letter": "j\u043eetroll@gmail.com",
    "a Greek letter": "j\u03bfetroll@gmail.com",
    "wide letters": "\uff4a\uff4f\uff45troll@gmail.com",
    "an unseen letter": "joe\u200btroll@gmail.com",
    "an accent": "jo\u00e9troll@gmail.com",
    "a look-alike host": "joetroll@gm\u0430il.com",
    "the same host in punycode": "joetroll@xn--gmil-63d.com",
    "a host's last dot": "joetroll@gmail.com.",
    "blanks around": " joetroll@gmail.com ",
}
TRICKS_WITH_NAMES = {
    "capitals": "JOE TROLL",
    "blanks": " Joe   Troll",
    "no blank": "JoeTroll",
    "signs between": "J.o.e_Troll!",
    "Cyrillic letters": "J\u043e\u0435 Tr\u043ell",
    "Greek letters": "J\u03bfe Tr\u03bfll",
    "wide letters": "\uff2a\uff4f\uff45 Troll",
    "digits for letters": "J03 Tr0ll",
    "one for l": "Joe Tro11",
    "an accent": "Jo\u00eb Tr\u00f6ll",
    "unseen letters": "Joe\u200b Tro\u00adll",
    "letters doubled": "Joe Trollll",
}
TRICKS_WITH_NETWORKS = {
    "a neighbour": "192.0.2.200",
    "as a mapped address": "::ffff:192.0.2.9",
}


@pytest.mark.parametrize("trick", TRICKS_WITH_ADDRESSES)
def test_address_is_known_again_under(trick):
    assert canonical_email(TRICKS_WITH_ADDRESSES[trick]) == "joetroll@gmail.com"


@pytest.mark.parametrize("trick", TRICKS_WITH_NAMES)
def test_name_is_known_again_under(trick):
    assert canonical_name(TRICKS_WITH_NAMES[trick]) == canonical_name("Joe Troll")
    assert matches_name("joe tr*", TRICKS_WITH_NAMES[trick])


@pytest.mark.parametrize("trick", TRICKS_WITH_NETWORKS)
def test_network_is_known_again_from(trick):
    assert networks(TRICKS_WITH_NETWORKS[trick]) == networks("192.0.2.1")


def test_ipv6_household_is_one_and_its_neighbours_are_told_apart():
    near, wide = networks("2001:db8:1:2::3")
    assert networks("2001:db8:1:2:ffff::9") == (near, wide)
    neighbour = networks("2001:db8:1:9::3")
    assert neighbour[0] != near and neighbour[1] == wide
    assert networks("2001:db8:2:2::3")[1] != wide


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("joe.troll@example.org", "joetroll@example.org"),  # dots count there
        ("joe@example.org", "joe@example.com"),
        ("joe@example.org", "jo@example.org"),
        ("joe1@example.org", "joe2@example.org"),
        ("+joe@example.org", "+jane@example.org"),
    ],
)
def test_different_addresses_stay_different(one, other):
    assert canonical_email(one) != canonical_email(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ann", "Anna"), ("Joe Troll", "Joe Toll"), ("Ben", "Bert"), ("!!!", "???"), ("李", "王")],
)
def test_different_names_stay_different(one, other):
    assert canonical_name(one) != canonical_name(other)


def test_pattern_of_a_name_means_the_whole_name():
    assert matches_name("joe", "J0e") and not matches_name("joe", "Joel")
    assert matches_name("*troll", "The Troll") and not matches_name("*troll", "Troll hunter")
    assert not matches_name("a.c", "abc")


def test_pattern_of_many_pieces_is_answered_in_one_go():
    # A search that tries all ways to lay the pieces out does not come back from this.
    assert not matches_name("*a" * 38 + "*z", "ab" * 40)
    assert matches_name("*a" * 38 + "*b", "ab" * 40)
    assert not matches_name("ab*ba", "aba") and matches_name("ab*ba", "abcba")
    assert matches_name("a*b*c", "axbxc") and not matches_name("a*c*b", "axbxc")


def test_host_in_punycode_that_spells_half_a_letter_has_a_key():
    half = "a@xn--ib9b.com"
    assert identity.email_hash(half) != identity.email_hash("a@xn--ib9c.com")
    assert canonical_email(half) == half and identity.host_hash(half)


def test_keys_tell_no_address_and_a_seal_opens_with_its_pad_alone():
    key = identity.email_hash("ann@private.example")
    assert len(key) == 64 and key == identity.email_hash("ANN@private.example")
    sealed = identity.encrypt_hash(key, "near 1")
    assert sealed != key and identity.encrypt_hash(sealed, "near 1") == key
    assert identity.encrypt_hash(sealed, "near 2") != key
