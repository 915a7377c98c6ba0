"""Renders the error pages, without asking the database or the session."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from blogsite import context_processors
from comments.views import flag, reply

RETRY_SECONDS = "5"
# Title and message of each page.
MESSAGES = {
    400: (
        _("That request could not be read"),
        _("The address or the form contains an error."),
    ),
    405: (
        _("That cannot be done here"),
        _("This address does not accept that kind of request. To read it, open it in a browser."),
    ),
    408: (
        _("The form did not arrive whole"),
        _("The connection was interrupted. Please send the form again."),
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
    """The page for a request that is refused before it reaches a view."""
    title, message = MESSAGES[status]
    context = {"title": title, "message": message} | context_processors.site(None)
    response = render(None, "4xx.html", context, status=status)
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


def locked_out(request, original_response, credentials):
    """The response of django-axes to a login after too many failed ones."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME * 3600))
    return response


def server_error(request):
    """503 when the database does not respond or cannot write, else 500; shows the typed text."""
    is_database_error = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    status = 503 if is_database_error else 500
    context = {"is_database_error": is_database_error, "typed_text": typed_text(request)}
    context |= context_processors.site(None)
    try:
        response = render(None, "500.html", context, status=status)
    except Exception:  # the error may be in the templates
        message = "Something broke on our side. Please try again in a moment.\n"
        response = HttpResponse(message, status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    if is_database_error:
        response["Retry-After"] = RETRY_SECONDS
    return response


def typed_text(request) -> str:
    """The text of a reply, a flag or a note; empty if the form cannot be read."""
    try:
        return request.POST.get("body") or request.POST.get("text", "")
    except Exception:
        return ""
