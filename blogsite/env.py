"""Reads settings from the environment and reports all of their errors together."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
MAIL_PORTS = {"smtp+tls": 587, "smtp+ssl": 465}


class Environment:
    """The process's variables by type. An empty variable counts as unset."""

    def __init__(self, variables=os.environ):
        self.variables = variables
        self.errors = []

    def text(self, name: str, default: str = "") -> str:
        return self.variables.get(name, "").strip() or default

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name).lower()
        if value and value not in TRUE | FALSE:
            self.errors.append(f"{name} must be 1 or 0, not {value!r}")
        return value in TRUE if value else default

    def number(self, name: str, default: int) -> int:
        """A non-negative whole number."""
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and len(value) < 10):
            self.errors.append(f"{name} must be a whole number from 0, not {value[:40]!r}")
            return default
        return int(value)

    def items(self, name: str, default: Iterable[str]) -> list[str]:
        """A comma-separated list, its items stripped."""
        items = [item.strip() for item in self.text(name).split(",") if item.strip()]
        return items or list(default)

    def choice(self, name: str, options: tuple[str, ...]) -> str:
        """One of the options; the first when unset."""
        value = self.text(name, options[0])
        if value not in options:
            self.errors.append(f"{name} must be one of {', '.join(options)}, not {value!r}")
        return value

    def url(self, name: str, default: str, schemes: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if not value.startswith(tuple(f"{scheme}:" for scheme in schemes)):
            # The message does not quote the value, because URLs can hold passwords.
            self.errors.append(f"{name} must start with one of {', '.join(schemes)}")
            return default
        try:
            urlsplit(value).port  # noqa: B018 - raises ValueError
        except ValueError:
            # Usually a password with a / or # in it, which Python's own message would quote.
            self.errors.append(
                f"{name} is not a URL: special characters of a password must be percent-encoded"
            )
            return default
        return value

    def mail(self, name: str) -> dict:
        """Django's mail settings from `smtp://user:password@host:port` (or smtp+tls, smtp+ssl).

        `console:` prints mails instead of sending them.
        """
        url = urlsplit(self.url(name, "console:", ("console", "smtp", "smtp+tls", "smtp+ssl")))
        kind = "console" if url.scheme == "console" else "smtp"
        return {
            "EMAIL_BACKEND": f"django.core.mail.backends.{kind}.EmailBackend",
            "EMAIL_HOST": url.hostname or "localhost",
            "EMAIL_PORT": url.port or MAIL_PORTS.get(url.scheme, 25),
            "EMAIL_HOST_USER": unquote(url.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
            "EMAIL_USE_TLS": url.scheme == "smtp+tls",
            "EMAIL_USE_SSL": url.scheme == "smtp+ssl",
            "EMAIL_TIMEOUT": 10,
        }

    def secret(self, name: str, file: Path) -> str:
        """The variable, else the content of the file, which is created on first use."""
        if value := self.text(name):
            return value
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return self.read_secret(name, file)
        except OSError as error:
            self.errors.append(f"{name} is not set and {file} cannot be created: {error.strerror}")
            return ""
        value = secrets.token_urlsafe(50)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(value)
        return value

    def read_secret(self, name: str, file: Path) -> str:
        try:
            value = file.read_text().strip()
        except OSError as error:
            self.errors.append(f"{name} is not set and {file} cannot be read: {error.strerror}")
            return ""
        if not value:
            self.errors.append(f"{name} is not set and {file} is empty: delete it")
        return value

    def raise_errors(self):
        """Raises ImproperlyConfigured with every error found so far."""
        if self.errors:
            raise ImproperlyConfigured(
                "The environment has errors:\n  " + "\n  ".join(self.errors)
            )
