"""Django's settings, read from the environment. The README's table explains the variables."""

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from psycopg import IsolationLevel

from blogsite.env import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
env = Environment()

# --- The site ---------------------------------------------------------------------------------

HOST, PORT = env.text("HOST", "127.0.0.1"), env.number("PORT", 8000)
SITE_URL = env.url("SITE_URL", f"http://{HOST}:{PORT}", ("http", "https")).rstrip("/")
SITE_NAME = env.text("SITE_NAME", "The Letters Page")
SECRET_KEY = env.secret("SECRET_KEY", VAR / "secret_key")
DEBUG = env.flag("DEBUG", default=False)
DEMO = env.flag("DEMO", default=True)

site = urlsplit(SITE_URL)
OVER_TLS = site.scheme == "https"
LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.items(
    # Health checks on this machine use the local names; nginx refuses them from outside.
    "ALLOWED_HOSTS",
    [site.hostname or HOST, *LOCAL_HOSTS],
)
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)

# The size of each worker's page cache.
PAGE_CACHE_BYTES = env.number("PAGE_CACHE_MB", 12) * 1024 * 1024

# --- Replies ----------------------------------------------------------------------------------

REPLIES_PER_MINUTE = env.number("REPLIES_PER_MINUTE", 5)
REPLIES_PER_HOUR = env.number("REPLIES_PER_HOUR", 30)
HOLD_REPLIES = env.choice("HOLD_REPLIES", ("none", "first", "all"))
# `manage.py expire` drops a commenter's e-mail address after so many days; 0 keeps them all.
EMAIL_DAYS = env.number("EMAIL_DAYS", 365)

# --- Django -----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "mptt",
    "articles",
    "comments",
    "blogsite",
]

MIDDLEWARE = [
    "blogsite.middleware.SecurityHeadersMiddleware",
    "blogsite.middleware.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "blogsite.middleware.RejectUnreadableRequests",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "blogsite.middleware.SameOriginCsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "blogsite.urls"
WSGI_APPLICATION = "blogsite.wsgi.application"
CSRF_FAILURE_VIEW = "blogsite.error_views.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "blogsite.context_processors.site",
            ]
        },
    }
]

# --- Database ---------------------------------------------------------------------------------

VAR.mkdir(exist_ok=True)
DATABASE_URL = env.url(
    "DATABASE_URL", f"sqlite:///{VAR / 'blogsite.sqlite3'}", ("sqlite", "postgresql", "postgres")
)
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=600)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at the start of each transaction, so that none fails halfway.
    # FULL syncs a commit to the disk before it is acknowledged.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A server that stops responding is noticed in seconds instead of a quarter of an hour.
    DATABASES["default"]["OPTIONS"] = {
        # Stricter isolation would read a snapshot from before the lock was taken.
        "isolation_level": IsolationLevel.READ_COMMITTED,
        "connect_timeout": 2,
        "tcp_user_timeout": 5000,  # milliseconds
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
    } | DATABASES["default"].get("OPTIONS", {})
# In each process's memory, for parts of pages: their keys change with what they show.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 400},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Staff ------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# The address itself is not stored anywhere; this is a hash that changes daily.
AXES_CLIENT_IP_CALLABLE = "blogsite.middleware.login_address"
AXES_USERNAME_CALLABLE = "blogsite.middleware.login_name"
AXES_LOCKOUT_CALLABLE = "blogsite.error_views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# --- Security ---------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OVER_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_TRUSTED_ORIGINS = [f"{site.scheme}://{site.netloc}".lower()]
SECURE_SSL_REDIRECT = OVER_TLS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if OVER_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = OVER_TLS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# The name and form of Django 6, whose own middleware can replace ours.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}

SILENCED_SYSTEM_CHECKS = [
    # SameOriginCsrfMiddleware is a subclass of Django's CSRF middleware.
    "security.W003",
    # HSTS preloading binds a whole domain for years, which only its owner can decide.
    "security.W021",
    # SQLite ignores the deferrable constraint of comments.Comment; its writers run one by one.
    "models.W038",
]

# Replies have at most 10,000 characters and essays 300,000; percent-encoding enlarges both.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- Mail, media, language --------------------------------------------------------------------

globals().update(env.mail("EMAIL_URL"))
MEDIA_ROOT = env.text("MEDIA_ROOT", str(VAR / "media"))

# The whole site has one language: cached pages are the same for every reader.
LANGUAGE_CODE = env.choice("SITE_LANGUAGE", ("en-gb", "de"))
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "blogsite/locale"]
FORMAT_MODULE_PATH = "blogsite.formats"
TIME_ZONE = env.text("TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = True

# --- Static files -----------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "blogsite.serving.static_files.HashedStaticFiles"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG


def fingerprint() -> str:
    """Ten hex digits that change with any file or setting that affects a page.

    They are the same on every machine.
    """
    digest = hashlib.sha256(f"{SITE_URL} {SITE_NAME} {LANGUAGE_CODE} {TIME_ZONE}".encode())
    for folder in ("articles", "blogsite", "comments", "static", "templates"):
        for file in sorted((BASE_DIR / folder).rglob("*.*")):
            if file.suffix in {".py", ".html", ".css", ".js", ".svg", ".woff2", ".otf", ".mo"}:
                digest.update(file.read_bytes())
    # Libraries render pages too.
    digest.update((BASE_DIR / "requirements.txt").read_bytes())
    return digest.hexdigest()[:10]


RELEASE = fingerprint()

# --- Logs and metrics -------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"redacting": {"()": "blogsite.serving.request_log.RedactingFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "redacting"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Django's default handler mails whole requests, including e-mail fields.
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # 4xx responses are in the request log.
        "django.request": {"level": "ERROR"},
    },
}

LOG_REQUESTS = env.flag("LOG_REQUESTS", default=False)
METRICS_DIR = env.text("METRICS_DIR")

env.raise_errors()
