"""How many requests Django serves at a time: what comes in a burst waits, and readers do not.

Behind the page cache, so pages that are ready never come here. A worker has many more threads than
there are turns, and Django runs in none of them, but in a few of its own: with a connection to the
database each, which none of the others has to open.
"""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from django.conf import settings

# Replies wait for one lock in any case: two at a time in one process only take longer.
REPLIES, OTHERS = 1, 2


class Turns:
    """WSGI middleware: replies take turns with each other, and all else takes its own."""

    def __init__(self, application, replies=REPLIES, others=OTHERS):
        self.application = application
        self.replies = ThreadPoolExecutor(replies, "replies")
        self.others = ThreadPoolExecutor(others, "others")

    def __call__(self, environ, start_response):
        pool = self.others
        if environ["REQUEST_METHOD"] == "POST":
            read_ahead(environ)
            # What a moderator does to many comments takes long, and nobody's reply waits for it.
            pool = self.others if environ["PATH_INFO"].startswith("/admin/") else self.replies
        return pool.submit(self.application, environ, start_response).result()


def read_ahead(environ) -> None:
    """Reads a form before its turn: who sends slowly, or breaks off, keeps nobody waiting."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdecimal() and int(length) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        try:
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
        except OSError as error:
            environ["wsgi.input"] = Broken(error)


class Broken:
    """Stands for a form that could not be read, and says so to who reads it in its turn."""

    def __init__(self, error: OSError):
        self.error = error

    def read(self, *_size):
        raise self.error

    readline = read
