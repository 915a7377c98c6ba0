"""The last weeks as drawings and as a table."""

from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comments import weeks
from comments.admin.queue import answer


@require_safe
def show_weeks(request):
    days = weeks.count_days()
    series = weeks.draw(days)
    context = {
        "title": _("The last weeks"),
        "series": series,
        "width": len(days) * weeks.STEP,
        "height": weeks.HEIGHT,
        "bar_width": weeks.STEP - weeks.GAP,
        "first": days[0][0],
        "today": days[-1][0],
        # By day, the newest first, as a table is read.
        "rows": list(zip(*(one.bars for one in series), strict=True))[::-1],
    }
    return answer(request, "weeks", context)
