"""Statistics: the comments of the last weeks by day and status, and their bar charts."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.models import Comment

DAYS = 28
# In the units of a chart: the width of a day with its gap, the gap, and the height.
DAY_WIDTH, GAP, HEIGHT = 10, 2, 40


class Bar(NamedTuple):
    """One day of one series; x, y and height in the chart's units."""

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
    """(date in UTC, number of comments by status) for each of the last days, the oldest first."""
    today = timezone.now().astimezone(UTC).date()
    dates = [today - timedelta(days=back) for back in reversed(range(days))]
    cells = [(date, status) for date in dates for status in Comment.Status.values]
    counts = dict(zip(cells, count_by_status(cells), strict=True))
    return [(date, {s: counts[date, s] for s in Comment.Status.values}) for date in dates]


def count_by_status(cells) -> list[int]:
    """The number of comments of each date and status, in one query with a sub-select for each.

    Each sub-select counts a range of the index on status and time: 5 ms at 100,000 comments, half
    of them in these days, on SQLite. Grouping by TruncDate reads every row: 183 ms.
    """
    sub_select = (
        f"(SELECT COUNT(*) FROM {Comment._meta.db_table}"
        " WHERE status = %s AND posted_at >= %s AND posted_at < %s)"
    )
    params: list = []
    for date, status in cells:
        start = datetime(date.year, date.month, date.day, tzinfo=UTC)
        ends = (start, start + timedelta(days=1))
        params += (status, *map(connection.ops.adapt_datetimefield_value, ends))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([sub_select] * len(cells))}", params)
        return list(cursor.fetchone())


def draw(days) -> list[Series]:
    """Five series, each with the bars of its own chart."""
    labels = {
        "published": _("Published"),
        "held": _("Held"),
        "hidden": _("Hidden"),
        "spam": _("Spam"),
    }
    counts = [(day, sum(by_status.values())) for day, by_status in days]
    series = [draw_series("received", _("Received"), counts)]
    for status, label in labels.items():
        series.append(
            draw_series(status, label, [(day, by_status[status]) for day, by_status in days])
        )
    return series


def draw_series(name: str, label: str, counts) -> Series:
    most = max(count for _day, count in counts)
    bars = []
    for index, (day, count) in enumerate(counts):
        # A single comment stays visible beside a day with thousands.
        height = max(1.0, round(HEIGHT * count / most, 1)) if count else 0
        bars.append(Bar(day, count, index * DAY_WIDTH + GAP // 2, HEIGHT - height, height))
    return Series(name, label, sum(count for _day, count in counts), most, bars)
