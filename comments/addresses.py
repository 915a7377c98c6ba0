"""The addresses of a thread's parts, and the keys of comments that stand in addresses."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Moment:
    """A Unix time in an address, to the microsecond: "1764077866.25"."""

    regex = r"[0-9]{1,10}(?:\.[0-9]{1,6})?"

    def to_python(self, value: str) -> datetime:
        seconds, _, fraction = value.partition(".")
        return EPOCH + timedelta(seconds=int(seconds), microseconds=int(fraction.ljust(6, "0")))

    def to_url(self, value: datetime) -> str:
        microseconds = (value - EPOCH) // timedelta(microseconds=1)
        return f"{microseconds // 1_000_000}.{microseconds % 1_000_000:06}"


def read_key(text: str | None) -> int | None:
    """A key as it stands in a form or an address; None for what is none or fits no column."""
    is_key = text and text.isascii() and text.isdecimal() and len(text) < 19
    return int(text) if text and is_key else None


def newest_path(article) -> str:
    """Where the thread stands with its newest branch first."""
    return f"{article.get_absolute_url()}newest/"


def answers_path(essay: str, anchor: str) -> str:
    """Where the replies to one point stand by themselves, under the essay's own address."""
    return f"{essay}points/{quote(anchor)}/"


def since_path(article, moment: datetime) -> str:
    """Where the replies stand that came after a time."""
    return f"{article.get_absolute_url()}since/{Moment().to_url(moment)}/"
