"""How many requests Django serves at a time: what comes in a burst waits, and readers do not.

Behind the page cache, so pages that are ready never come here. A worker has many more threads than
there are turns, and Django runs in none of them, but in a few of its own: with a connection to the
database each, which none of the others has to open.
"""

from concurrent.futures import ThreadPoolExecutor

from blogsite.serving.bodies import read_ahead

# Replies wait for one lock in any case: two at a time in one process only take longer.
REPLIES, DESK, OTHERS = 1, 1, 2


class ThreadPools:
    """WSGI middleware: replies take turns with each other, as do forms of the admin, whose work
    may be long; all else takes its own."""

    def __init__(self, application, replies=REPLIES, desk=DESK, others=OTHERS):
        self.application = application
        self.replies = ThreadPoolExecutor(replies, "replies")
        self.desk = ThreadPoolExecutor(desk, "desk")
        self.others = ThreadPoolExecutor(others, "others")

    def __call__(self, environ, start_response):
        read_ahead(environ)
        return self.pool_for(environ).submit(self.application, environ, start_response).result()

    def pool_for(self, environ) -> ThreadPoolExecutor:
        if environ["REQUEST_METHOD"] != "POST":
            return self.others
        return self.desk if environ["PATH_INFO"].startswith("/admin/") else self.replies
