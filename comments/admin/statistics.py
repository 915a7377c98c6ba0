"""The statistics screen: the last weeks as bar charts and as a table."""

from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comments.admin.queue import screen_response
from comments.moderation import statistics


@require_safe
def statistics_page(request):
    days = statistics.count_days()
    series = statistics.draw(days)
    context = {
        "title": _("The last weeks"),
        "series": series,
        "width": len(days) * statistics.DAY_WIDTH,
        "height": statistics.HEIGHT,
        "bar_width": statistics.DAY_WIDTH - statistics.GAP,
        "first_day": days[0][0],
        "today": days[-1][0],
        # The rows of the table: a bar of each series for each day, the newest first.
        "bars_by_day": list(zip(*(chart.bars for chart in series), strict=True))[::-1],
    }
    return screen_response(request, "statistics", context)
