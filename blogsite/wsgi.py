"""The WSGI application that gunicorn serves: Django behind the middleware of blogsite.serving."""

import os

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")


class Request(WSGIRequest):
    def _set_content_type_params(self, meta):
        """Ignores the charset in Content-Type, which Django would apply to the query too.

        A client could have a query decoded differently from the page cache, or raise an error
        before the error pages can be rendered. RejectUnreadableRequests refuses a form that is
        not in UTF-8.
        """
        try:
            content_type = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            content_type = "", {}
        self.content_type, self.content_params = content_type


django = get_wsgi_application()
django.request_class = Request

# These modules read the settings, which the environment variable above has named.
from blogsite.serving.page_cache import PageCache  # noqa: E402
from blogsite.serving.request_log import QueryCounter, RequestLog  # noqa: E402
from blogsite.serving.stamp_reader import open_stamp_readers  # noqa: E402
from blogsite.serving.thread_pools import ThreadPools  # noqa: E402

is_logged = settings.LOG_REQUESTS or settings.METRICS_DIR
application = PageCache(
    ThreadPools(QueryCounter(django) if is_logged else django), open_stamp_readers()
)
if is_logged:
    application = RequestLog(application)
