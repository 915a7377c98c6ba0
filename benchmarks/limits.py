"""Servers whose rates are the limits for the site, measured in the same run.

gunicorn serves a prepared body, or an empty Django view with the default middleware.
"""

import os
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from tests.server import ROOT, free_port

PREPARED = """
BODY = open({path!r}, "rb").read()
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(BODY)))]

def application(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
"""
EMPTY = """
import django
from django.conf import settings
from django.core.management.utils import get_random_secret_key
from django.http import HttpResponse
from django.urls import path

settings.configure(
    SECRET_KEY=get_random_secret_key(),
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes",
                    "django.contrib.sessions", "django.contrib.messages"],
    MIDDLEWARE=["django.middleware.security.SecurityMiddleware",
                "django.contrib.sessions.middleware.SessionMiddleware",
                "django.middleware.common.CommonMiddleware",
                "django.middleware.csrf.CsrfViewMiddleware",
                "django.contrib.auth.middleware.AuthenticationMiddleware",
                "django.contrib.messages.middleware.MessageMiddleware",
                "django.middleware.clickjacking.XFrameOptionsMiddleware"],
)
django.setup()
urlpatterns = [path("", lambda request: HttpResponse(b""))]
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
"""


def wait_for(url: str):
    for _ in range(200):
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{url} does not respond")


@contextmanager
def gunicorn(folder: Path, name: str, source: str):
    """Serves a WSGI application, given as source code, with the site's gunicorn settings."""
    (folder / f"{name}.py").write_text(source)
    port = free_port()
    environment = os.environ | {
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        "MALLOC_ARENA_MAX": "2",
        "PYTHONPATH": str(folder),
    }
    config = str(ROOT / "deploy/gunicorn.conf.py")
    command = [sys.executable, "-m", "gunicorn", "--config", config, name]
    process = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/"
    try:
        wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def prepared_body(folder: Path, body: bytes):
    file = folder / f"body-{len(body)}"
    file.write_bytes(body)
    return gunicorn(folder, f"prepared_{len(body)}", PREPARED.format(path=str(file)))


def empty_view(folder: Path):
    return gunicorn(folder, "empty_view", EMPTY)
