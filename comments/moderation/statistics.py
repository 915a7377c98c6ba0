"""What has come in over the last weeks, by day, and what has become of it."""

from datetime import UTC, timedelta
from typing import NamedTuple

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.models import Comment

DAYS = 28
# The units of a drawing: a day's width with the gap beside it, and the height of the most.
DAY_WIDTH, GAP, HEIGHT = 10, 2, 40


class Bar(NamedTuple):
    """One day of one series; the places are in the drawing's units."""

    day: object
    count: int
    x: int
    y: float
    height: float


class Series(NamedTuple):
    name: str
    label: str
    total: int
    most: int
    bars: list[Bar]


def count_days(days=DAYS) -> list[tuple]:
    """A date (in UTC) and its comments by status, for each of the last days, the oldest first."""
    today = timezone.now().astimezone(UTC).date()
    dates = [today - timedelta(days=back) for back in reversed(range(days))]
    cells = [(date, status) for date in dates for status in Comment.Status.values]
    counts = dict(zip(cells, count_by_status(cells), strict=True))
    return [(date, {s: counts[date, s] for s in Comment.Status.values}) for date in dates]


def count_by_status(cells) -> list[int]:
    """How many comments there are of each day and status.

    One query that counts a stretch of the index on status and time for each: put into groups, the
    comments of a month would be read and sorted one by one.
    """
    stretch = f"(SELECT COUNT(*) FROM {Comment._meta.db_table} WHERE status = %s AND posted_at "
    stretch += ">= %s AND posted_at < %s)"
    parameters: list = []
    for date, status in cells:
        start = timezone.datetime(*date.timetuple()[:3], tzinfo=UTC)
        ends = start, start + timedelta(days=1)
        parameters += (status, *map(connection.ops.adapt_datetimefield_value, ends))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([stretch] * len(cells))}", parameters)
        return list(cursor.fetchone())


def draw(days) -> list[Series]:
    """Five series, each with the bars of its own drawing."""
    labels = {
        "published": _("Published"),
        "held": _("Held"),
        "hidden": _("Hidden"),
        "spam": _("Spam"),
    }
    counts = [(day, sum(by_status.values())) for day, by_status in days]
    series = [draw_series("received", _("Received"), counts)]
    for status, label in labels.items():
        series.append(draw_series(status, label, [(day, by[status]) for day, by in days]))
    return series


def draw_series(name: str, label: str, counts) -> Series:
    most = max(count for _day, count in counts)
    bars = []
    for place, (day, count) in enumerate(counts):
        # One comment can be seen, however many there were on another day.
        height = max(1.0, round(HEIGHT * count / most, 1)) if count else 0
        bars.append(Bar(day, count, place * DAY_WIDTH + GAP // 2, HEIGHT - height, height))
    return Series(name, label, sum(count for _day, count in counts), most, bars)
