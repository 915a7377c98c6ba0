"""gunicorn's settings, for `make run` and for production alike; see docs/deployment.md."""

import ctypes
import multiprocessing
import os
import signal
from contextlib import suppress
from functools import partial

bind = (
    os.environ.get("BIND")
    or f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
)
workers = int(os.environ.get("WEB_CONCURRENCY") or min(multiprocessing.cpu_count(), 4))
worker_class = "gthread"
# In a burst of replies most of them wait (blogsite/serving/thread_pools.py): enough are left
# for readers.
threads = 48
timeout = 60
graceful_timeout = 30
keepalive = 5
BODY_SECONDS = 20
# Paths hold percent-encoded slugs in any script, queries a search of some length.
limit_request_line = 8190
limit_request_fields = 60
control_socket_disable = True
# By default a proxy on this machine may set SCRIPT_NAME by a header, and some pass on one that a
# stranger sent: every link of a page would lead where he likes.
forwarder_headers = ""
# Heartbeats are files: on a disk they would wait for it.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None


# glibc gives every few threads a heap of their own, which keeps what it once had: two heaps make
# a worker after a busy hour a third smaller. Other libraries have no such call, and need none.
M_ARENA_MAX = -8
with suppress(OSError, AttributeError):
    ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


# A worker that is told to stop before it can listen would not hear it, and be waited for until it
# is killed: so what stops a worker waits from before its birth until it can be heard.
STOPS = {signal.SIGINT, signal.SIGQUIT, signal.SIGTERM}
os.register_at_fork(
    before=partial(signal.pthread_sigmask, signal.SIG_BLOCK, STOPS),
    after_in_parent=partial(signal.pthread_sigmask, signal.SIG_UNBLOCK, STOPS),
)


def post_worker_init(worker):
    """Ctrl-C reaches every process, and gunicorn then tells its workers to stop all the same.

    A worker that gets both signals at once may wait for a lock of its own, till it is killed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)


def pre_request(worker, request):
    """A body that stops coming gives its thread back; gunicorn would wait for it for ever."""
    request.unreader.sock.settimeout(BODY_SECONDS)
