"""The client's address: X-Forwarded-For is trusted only as far as TRUSTED_PROXIES says."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from blogsite.middleware import (
    UNKNOWN_ADDRESS,
    ClientAddressMiddleware,
    client_address,
    parse_address,
)

pytestmark = pytest.mark.once
PROXY = "10.0.0.9"


def seen(settings, proxies, forwarded=None, remote=PROXY):
    settings.TRUSTED_PROXIES = proxies
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)
    ClientAddressMiddleware(lambda request: HttpResponse())(request)
    assert client_address(request) == request.META["REMOTE_ADDR"]
    return client_address(request)


@pytest.mark.parametrize(
    "proxies, forwarded, expected",
    [
        (0, "192.0.2.1", PROXY),
        (1, "192.0.2.1", "192.0.2.1"),
        (1, "6.6.6.6, 7.7.7.7,192.0.2.1", "192.0.2.1"),
        (2, "6.6.6.6, 192.0.2.1, 10.0.0.8", "192.0.2.1"),
        (2, "6.6.6.6", PROXY),
        (1, None, PROXY),
        (1, "", PROXY),
        (1, "192.0.2.1,", UNKNOWN_ADDRESS),
        (1, "6.6.6.6, garbage", UNKNOWN_ADDRESS),
        (1, "unknown", UNKNOWN_ADDRESS),
        (1, "192.0.2.1, " + "9" * 5000, UNKNOWN_ADDRESS),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "[2001:db8::1]", "2001:db8::1"),
        (1, "192.0.2.1:4711", "192.0.2.1"),
        (1, "::ffff:192.0.2.1", "192.0.2.1"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "2001:DB8:0:0::1", "2001:db8::1"),
    ],
)
def test_only_the_hop_that_the_trusted_proxy_wrote_counts(settings, proxies, forwarded, expected):
    assert seen(settings, proxies, forwarded) == expected


@pytest.mark.parametrize("remote", ["", "unix:", "@"])
def test_a_unix_socket_names_nobody(settings, remote):
    assert seen(settings, 0, remote=remote) == UNKNOWN_ADDRESS
    assert seen(settings, 1, "192.0.2.1", remote=remote) == "192.0.2.1"


def test_malformed_address_is_unknown():
    for text in ("", " ", "[]", "[::1", "1.2.3", "1.2.3.4.5:1", "a:b", "\0", "é"):
        assert parse_address(text) == UNKNOWN_ADDRESS
