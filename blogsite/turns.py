"""How many requests Django serves at a time: what comes in a burst waits, and readers do not.

Behind the page cache, so pages that are ready never come here. A worker has many more threads than
there are turns; those that wait for one hold no connection to the database.
"""

from threading import Semaphore, local

from django.db import connections

POSTS, OTHERS = 2, 2


class Turns:
    """WSGI middleware: replies take turns with each other, and all else takes its own."""

    def __init__(self, application, posts=POSTS, others=OTHERS):
        self.application = application
        self.posts, self.others = Semaphore(posts), Semaphore(others)
        self.keepers, self.thread = Semaphore(posts + others), local()

    def __call__(self, environ, start_response):
        with self.posts if environ["REQUEST_METHOD"] == "POST" else self.others:
            try:
                return self.application(environ, start_response)
            finally:
                if not self.keeps_connection():
                    connections.close_all()

    def keeps_connection(self) -> bool:
        """Whether this thread is one of the first; all others open one for each of their turns."""
        if not hasattr(self.thread, "keeps"):
            self.thread.keeps = self.keepers.acquire(blocking=False)
        return self.thread.keeps
