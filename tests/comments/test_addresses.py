"""Primary keys that are read from URLs and forms."""

import pytest

from articles.pagination import parse_id

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("7", 7),
        ("0", 0),
        ("9" * 18, int("9" * 18)),
        ("9" * 19, None),
        ("", None),
        (None, None),
        ("-7", None),
        ("7.0", None),
        (" 7", None),
        ("\u0667", None),  # a seven, in Arabic
        ("\u00b2", None),
    ],
)
def test_key_is_read_where_it_is_one(text, key):
    assert parse_id(text) == key
