"""The last weeks as drawings and as a table."""

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
        "first": days[0][0],
        "today": days[-1][0],
        # By day, the newest first, as a table is read.
        "rows": list(zip(*(one.bars for one in series), strict=True))[::-1],
    }
    return screen_response(request, "weeks", context)
