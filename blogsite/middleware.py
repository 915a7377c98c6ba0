"""Headers on every answer, the client's address, and forms that are safe without a token."""

import ipaddress
import re

from django.conf import settings
from django.http import HttpResponseNotAllowed, UnreadablePostError
from django.middleware.csrf import CsrfViewMiddleware, RejectRequest

from blogsite import error_views
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
    """Stands outermost, so that error pages and static files carry the headers too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


# --- What is no request of ours ---------------------------------------------------------------

METHODS = ("GET", "HEAD", "POST")


class RejectUnreadableRequests:
    """Turns away what nothing behind it could read, with a page that says why."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if fault := find_fault(request):
            return error_views.error_response(
                fault, **({"Allow": ", ".join(METHODS)} if fault == 405 else {})
            )
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return error_views.error_response(405, Allow=response["Allow"])
        return response

    def process_view(self, request, *_view):
        """Reads the form here, so that one that breaks off ends in a page of ours."""
        if request.method == "POST":
            try:
                request.POST  # noqa: B018 - reading is what it is for
            except UnreadablePostError:
                return error_views.error_response(408)
        return None


def find_fault(request) -> int | None:
    """The status for a request that cannot be read; None for one that can."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    charset = request.content_params.get("charset", "utf-8").lower()
    if request.method not in METHODS:
        return 405
    if "HTTP_TRANSFER_ENCODING" in request.META:
        # Django takes a body of no stated length for an empty one (PEP 3333).
        return 411
    if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return 413
    if request.method == "POST" and charset not in ("utf-8", "utf8"):
        return 415
    return None


# --- Who asks ---------------------------------------------------------------------------------

# Stands for an address that nobody trusted has named; valid, so that any column takes it.
UNKNOWN_ADDRESS = "0.0.0.0"
WITH_PORT = re.compile(r"\[([^\[\]]*)\](?::\d+)?|([\d.]+):\d+")


def client_address(request) -> str:
    return request.META.get("REMOTE_ADDR") or UNKNOWN_ADDRESS


def login_address(request) -> str:
    """Stands for the client wherever logins are written down: its key of today.

    Written as an address of a network that is nobody's (RFC 4193), for columns that take no other.
    """
    key = bytes.fromhex(identity.daily_client_hash(client_address(request)))
    return str(ipaddress.IPv6Address(b"\xfd" + key[:15]))


def login_name(request, credentials=None):
    """Whom a login names, as much of it as axes has room for: a form takes any length."""
    name = (credentials or request.POST).get("username")
    return name and name[:255]


class ClientAddressMiddleware:
    """Puts the address that the outermost trusted proxy saw into REMOTE_ADDR.

    Each proxy appends to X-Forwarded-For the address that it was called from, so with N trusted
    proxies the N-th from the right is the first that no stranger could have written.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        seen = request.META.get("REMOTE_ADDR", "")
        if settings.TRUSTED_PROXIES:
            hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            if len(hops) >= settings.TRUSTED_PROXIES and any(hops):
                seen = hops[-settings.TRUSTED_PROXIES]
        request.META["REMOTE_ADDR"] = parse_address(seen)
        return self.get_response(request)


def parse_address(text: str) -> str:
    """The address without the brackets, port and zone that some proxies add, or UNKNOWN."""
    text = text.strip().strip('"')
    if match := WITH_PORT.fullmatch(text):
        text = match[1] or match[2] or ""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return UNKNOWN_ADDRESS
    return str(getattr(address, "ipv4_mapped", None) or address)


# --- Whether a form is ours -------------------------------------------------------------------


class SameOriginCsrfMiddleware(CsrfViewMiddleware):
    """For views marked `same_origin`, the browser's own word replaces the token.

    A page without a token is the same for everybody and can be cached. Browsers name the origin
    of a form in Sec-Fetch-Site and Origin, and no page can forge either (Fetch standard, 3.1 and
    4.5; Fetch Metadata). A client that sends neither falls back to Django's token.
    """

    def process_request(self, request):
        super().process_request(request)
        # Django answers a malformed cookie with a new one, on any page; ours hold no token, and
        # are kept for all. Where a page does hold one, get_token() asks for the cookie.
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
            # The token alone: over TLS Django would ask for a Referer too, which a browser that
            # hides the other two may well hide, and then no try would ever pass.
            self._check_token(request)
        except RejectRequest as refusal:
            return self._reject(request, refusal.reason)
        return None
