"""Counts requests and their durations for Prometheus; off unless METRICS_DIR is set.

prometheus_client keeps a file for each worker in that folder and adds the files up on request.
"""

import os

from django.conf import settings
from django.http import Http404, HttpResponse

if settings.METRICS_DIR:
    os.makedirs(settings.METRICS_DIR, exist_ok=True)
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", settings.METRICS_DIR)
    from prometheus_client import (
        CONTENT_TYPE_LATEST,
        CollectorRegistry,
        Histogram,
        generate_latest,
    )
    from prometheus_client.multiprocess import MultiProcessCollector

    REQUESTS = Histogram(
        "blogsite_request_seconds",
        "Requests by method and status, and the time to answer them.",
        ["method", "status"],
        buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
    )

METHODS = {"GET", "HEAD", "POST"}


def count(method: str, status: int, seconds: float) -> None:
    if settings.METRICS_DIR:
        # Each label value starts a time series, and a client can invent methods.
        label = method if method in METHODS else "other"
        REQUESTS.labels(label, str(status)).observe(seconds)


def show(request):
    """The numbers of all workers, in Prometheus's text format."""
    if not settings.METRICS_DIR:
        raise Http404("Metrics are off.")
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
