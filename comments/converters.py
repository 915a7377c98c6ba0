"""The URL converter for the timestamp in the address of new replies."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TimestampConverter:
    """A Unix time with up to six decimals: "1764077866.25"."""

    regex = r"[0-9]{1,10}(?:\.[0-9]{1,6})?"

    def to_python(self, value: str) -> datetime:
        seconds, _, fraction = value.partition(".")
        return EPOCH + timedelta(seconds=int(seconds), microseconds=int(fraction.ljust(6, "0")))

    def to_url(self, value: datetime) -> str:
        microseconds = (value - EPOCH) // timedelta(microseconds=1)
        return f"{microseconds // 1_000_000}.{microseconds % 1_000_000:06}"
