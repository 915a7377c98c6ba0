"""Settings of tests without a server: the site's own, made fast and without a manifest."""

import os

os.environ.setdefault("SECRET_KEY", "for tests only")
os.environ.setdefault("SITE_URL", "http://testserver")

from blogsite.settings import *  # noqa: E402, F403

# The storage with a manifest needs collectstatic first.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver"]
# Tests of the limits set their own.
REPLIES_PER_MINUTE = REPLIES_PER_HOUR = 0
