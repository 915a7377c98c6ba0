"""Reads what a request brings before its turn comes: who sends slowly keeps nobody waiting."""

import time
from contextlib import suppress
from io import BytesIO

from django.conf import settings

DRAIN_BYTES, DRAIN_SECONDS, PIECE = 64 * 1024 * 1024, 20, 4096


def read_ahead(environ) -> None:
    """Leaves in `environ` a form that can be read at once.

    One that broke off says so to whoever reads it. What Django takes no notice of, or refuses, is
    read and thrown away: a client that is still sending would not see the answer.
    """
    length = environ.get("CONTENT_LENGTH") or "0"
    whole = length.isdecimal() and int(length) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if environ["REQUEST_METHOD"] == "POST" and whole and "HTTP_TRANSFER_ENCODING" not in environ:
        environ["wsgi.input"] = read_form(environ["wsgi.input"], int(length))
    elif length != "0" or "HTTP_TRANSFER_ENCODING" in environ:
        discard(environ["wsgi.input"], int(length) if length.isdecimal() else 0)
        environ["wsgi.input"] = BytesIO()


def read_form(source, length: int):
    try:
        form = source.read(length)
    except OSError as error:
        return UnreadableBody(error)
    # A connection that was closed in the middle ends like one whose form is complete.
    return BytesIO(form) if len(form) == length else UnreadableBody(OSError("The form broke off."))


def discard(source, length: int) -> None:
    """Reads on for a while; a length of 0 is one that is not known."""
    end = time.monotonic() + DRAIN_SECONDS
    left = min(length or DRAIN_BYTES, DRAIN_BYTES)
    with suppress(Exception):  # a server's own kinds, for a body that is no body
        while left > 0 and time.monotonic() < end:
            piece = source.read(min(left, PIECE))
            left = left - len(piece) if piece else 0


class UnreadableBody:
    """Stands for a form that could not be read, and says so to whoever reads it."""

    def __init__(self, error: OSError):
        self.error = error

    def read(self, *_size):
        raise self.error

    readline = read
