"""Django middleware: security headers, unreadable requests, the client's address and CSRF."""

import ipaddress
import re

from django.conf import settings
from django.http import HttpResponseNotAllowed, UnreadablePostError
from django.middleware.csrf import CsrfViewMiddleware, RejectRequest

from blogsite import error_views
from blogsite.serving.thread_pools import body_fault
from comments import identity

POLICY = "; ".join(f"{name} {' '.join(values)}" for name, values in settings.SECURE_CSP.items())
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
    "browsing-topics=(), interest-cohort=()",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
}


class SecurityHeadersMiddleware:
    """The outermost middleware, so that error pages and static files have the headers too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


# --- Unreadable requests ----------------------------------------------------------------------

METHODS = ("GET", "HEAD", "POST")


class RejectUnreadableRequests:
    """Answers a request that Django cannot read with an error page that says why."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in METHODS:
            return error_views.error_response(405, Allow=", ".join(METHODS))
        if status := body_fault(request.META) or charset_fault(request):
            return error_views.error_response(status)
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return error_views.error_response(405, Allow=response["Allow"])
        return response

    def process_view(self, request, *_view):
        """Parses the form before the view does, so that a truncated body gets an error page."""
        if request.method == "POST":
            try:
                request.POST  # noqa: B018 - parses the body
            except UnreadablePostError:
                return error_views.error_response(408)
        return None


def charset_fault(request) -> int | None:
    """415 for a form that is not in UTF-8, else None."""
    charset = request.content_params.get("charset", "utf-8").lower()
    return 415 if request.method == "POST" and charset not in ("utf-8", "utf8") else None


# --- The client's address ---------------------------------------------------------------------

# The value when no trusted proxy names an address; valid, so that any column takes it.
UNKNOWN_ADDRESS = "0.0.0.0"
WITH_PORT = re.compile(r"\[([^\[\]]*)\](?::\d+)?|([\d.]+):\d+")


def client_address(request) -> str:
    return request.META.get("REMOTE_ADDR") or UNKNOWN_ADDRESS


def login_address(request) -> str:
    """Today's hash of the client's address, which django-axes stores instead of the address.

    It has the form of a unique local IPv6 address (RFC 4193), because the column takes no other.
    """
    digest = bytes.fromhex(identity.daily_client_hash(client_address(request)))
    return str(ipaddress.IPv6Address(b"\xfd" + digest[:15]))


def login_name(request, credentials=None):
    """The user name of a login, cut to the length of the column in django-axes."""
    name = (credentials or request.POST).get("username")
    return name and name[:255]


class ClientAddressMiddleware:
    """Sets REMOTE_ADDR to the client's address as the outermost trusted proxy saw it.

    Each proxy appends its client's address to X-Forwarded-For. With N trusted proxies a client can
    forge every entry but the last N, so the N-th from the right is the one to believe.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        address = request.META.get("REMOTE_ADDR", "")
        if settings.TRUSTED_PROXIES:
            hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            if len(hops) >= settings.TRUSTED_PROXIES and any(hops):
                address = hops[-settings.TRUSTED_PROXIES]
        request.META["REMOTE_ADDR"] = parse_address(address)
        return self.get_response(request)


def parse_address(text: str) -> str:
    """The address without the brackets, port and zone that some proxies add.

    UNKNOWN_ADDRESS for a text that is no address.
    """
    text = text.strip().strip('"')
    if match := WITH_PORT.fullmatch(text):
        text = match[1] or match[2] or ""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return UNKNOWN_ADDRESS
    return str(getattr(address, "ipv4_mapped", None) or address)


# --- CSRF -------------------------------------------------------------------------------------


class SameOriginCsrfMiddleware(CsrfViewMiddleware):
    """Checks Sec-Fetch-Site and Origin instead of a token, for views marked `same_origin`.

    A page without a token is the same for everybody and can be cached. Browsers set both headers,
    and no page can forge them (Fetch standard, 3.1 and 4.5; Fetch Metadata). A client that sends
    neither needs Django's token.
    """

    def process_request(self, request):
        super().process_request(request)
        # Django would answer a malformed cookie with a new one on any page, also on a page that
        # is cached for everybody. A page with a token sets its cookie by get_token().
        request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False

    def process_view(self, request, callback, callback_args, callback_kwargs):
        if request.method != "POST" or not getattr(callback, "same_origin", False):
            return super().process_view(request, callback, callback_args, callback_kwargs)
        if getattr(request, "_dont_enforce_csrf_checks", False):
            return None
        site, origin = request.META.get("HTTP_SEC_FETCH_SITE"), request.META.get("HTTP_ORIGIN")
        if site not in (None, "same-origin"):
            return self._reject(request, "The form was sent from another site.")
        if origin is not None:
            if self._origin_verified(request):
                return None
            return self._reject(request, "The form was sent from another site.")
        if site == "same-origin":
            return None
        try:
            # The token alone: over TLS Django would check the Referer too, and a browser that
            # hides the other two headers may hide this one.
            self._check_token(request)
        except RejectRequest as error:
            return self._reject(request, error.reason)
        return None
