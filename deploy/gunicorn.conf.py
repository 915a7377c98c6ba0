"""gunicorn's settings, for `make run` and for production; docs/deployment.md explains them."""

import multiprocessing
import os
import signal
from functools import partial

bind = (
    os.environ.get("BIND")
    or f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
)
workers = int(os.environ.get("WEB_CONCURRENCY") or min(multiprocessing.cpu_count(), 4))
worker_class = "gthread"
# In a burst of replies most of these threads wait for a pool (blogsite/serving/thread_pools.py);
# the rest serve readers.
threads = 48
timeout = 60
graceful_timeout = 30
keepalive = 5
BODY_SECONDS = 20
# Paths hold percent-encoded slugs in any script, and queries hold searches.
limit_request_line = 8190
limit_request_fields = 60
control_socket_disable = True
# By default a proxy on this machine may set SCRIPT_NAME by a header. A proxy that passes on the
# client's headers would let the client choose where every link leads.
forwarder_headers = ""
# Workers write their heartbeats to files, which must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None


# A worker loses a signal that arrives between its fork and the installation of its handlers, and
# gunicorn then waits for it until the timeout: https://github.com/benoitc/gunicorn/issues/1910
# So these signals are blocked from the fork until the worker has its handlers.
STOP_SIGNALS = {signal.SIGINT, signal.SIGQUIT, signal.SIGTERM}
os.register_at_fork(
    before=partial(signal.pthread_sigmask, signal.SIG_BLOCK, STOP_SIGNALS),
    after_in_parent=partial(signal.pthread_sigmask, signal.SIG_UNBLOCK, STOP_SIGNALS),
)


def post_worker_init(worker):
    """Leaves Ctrl-C to the main process, which then sends SIGQUIT to its workers.

    Ctrl-C reaches every process. A worker that handles both signals at once can deadlock.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def pre_request(worker, request):
    """Limits each read of the request body, which gunicorn would wait for without end."""
    request.unreader.sock.settimeout(BODY_SECONDS)
