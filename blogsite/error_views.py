"""The pages for what went wrong. They ask neither the database nor the session."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from blogsite import context_processors
from comments.views import flag, reply

RETRY_SECONDS = "5"
MESSAGES = {
    400: (
        _("That request could not be read"),
        _("Something in the address or the form was not as it should be."),
    ),
    405: (
        _("That cannot be done here"),
        _("This address takes no requests of that kind. To read it, open it in a browser."),
    ),
    408: (
        _("The form did not arrive whole"),
        _("The connection broke off while it was sent. Please send it again."),
    ),
    411: (
        _("The form came without its length"),
        _("Please send it with a Content-Length header, as every browser does."),
    ),
    413: (
        _("That is too much at once"),
        _("A form may hold at most 4 megabytes. A reply holds at most 10,000 characters."),
    ),
    415: (
        _("That form is in another character set"),
        _("Please send it as UTF-8, as every browser does."),
    ),
}


def error_response(status: int, **headers: str) -> HttpResponse:
    """The page for a request that was turned away before anybody could answer it."""
    title, words = MESSAGES[status]
    values = {"title": title, "words": words} | context_processors.site(None)
    response = render(None, "4xx.html", values, status=status)
    for name, value in headers.items():
        response[name] = value
    response["Content-Length"] = str(len(response.content))
    return response


def bad_request(request, exception):
    return error_response(400)


def csrf_failure(request, reason=""):
    match = request.resolver_match
    if match and match.view_name == "comments:reply":
        return reply.csrf_rejected(request, **match.kwargs)
    if match and match.view_name == "comments:flag":
        return flag.csrf_rejected(request, **match.kwargs)
    return render(request, "403.html", {"form_refused": True}, status=403)


def locked_out(request, response, credentials):
    """axes' question: the answer to a login after too many bad ones."""
    answer = render(request, "429.html", status=429)
    answer["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME * 3600))
    return answer


def server_error(request):
    """500, or 503 when it is the database that is away or cannot write; with what was typed."""
    away = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    status = 503 if away else 500
    values = {"away": away, "words": typed_text(request)} | context_processors.site(None)
    try:
        response = render(None, "500.html", values, status=status)
    except Exception:  # the page's own parts may be what broke
        words = "Something broke on our side. Please try again in a moment.\n"
        response = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    if away:
        response["Retry-After"] = RETRY_SECONDS
    return response


def typed_text(request) -> str:
    try:
        # A reply's, or what was written with a flag or in a note.
        return request.POST.get("body") or request.POST.get("text", "")
    except Exception:  # what could not be read cannot be given back
        return ""
