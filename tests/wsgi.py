"""The site's WSGI application, with a header that names the worker process of each answer."""

import os

from blogsite.wsgi import application as site


def application(environ, start_response):
    def start(status, headers, *rest):
        return start_response(status, [*headers, ("X-Worker", str(os.getpid()))], *rest)

    return site(environ, start)
