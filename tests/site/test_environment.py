"""Environment variables: all errors are reported at once, and no secret with them."""

import os
import stat
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from blogsite.env import Environment
from tests.server import ROOT

pytestmark = pytest.mark.once
SECRET = "hunter2-and-more"


def complaint(env: Environment) -> str:
    with pytest.raises(ImproperlyConfigured) as caught:
        env.raise_errors()
    return str(caught.value)


def test_every_fault_is_named_at_once():
    env = Environment(
        {"DEBUG": "perhaps", "PORT": "-1", "PROXIES": "٣", "HOLD": "some", "DATABASE_URL": "x:y"}
    )
    env.flag("DEBUG", default=False)
    env.number("PORT", 8000)
    env.number("PROXIES", 0)
    env.choice("HOLD", ("none", "first", "all"))
    env.url("DATABASE_URL", "sqlite:///x", ("sqlite", "postgresql"))
    text = complaint(env)
    for name in env.variables:
        assert name in text
    assert "none, first, all" in text and "sqlite, postgresql" in text


def test_no_secret_is_printed(tmp_path):
    address = f"mysql://ann:{SECRET}@db.example/site"
    env = Environment({"DATABASE_URL": address, "EMAIL_URL": address})
    env.url("DATABASE_URL", "sqlite:///x", ("sqlite",))
    env.url("EMAIL_URL", "console:", ("console", "smtp"))
    assert SECRET not in complaint(env)


@pytest.mark.parametrize("secret", ["pa/ss-word", "pa#ss-word", "pa?ss-word", "[pass-word"])
def test_a_password_that_breaks_its_address_is_not_quoted(secret):
    env = Environment({"DATABASE_URL": f"postgresql://ann:{secret}@db.example/site"})
    env.url("DATABASE_URL", "sqlite:///x", ("sqlite", "postgresql"))
    text = complaint(env)
    assert "DATABASE_URL" in text and "pa" not in text.replace("password", "")


def test_empty_variable_counts_as_unset():
    env = Environment(dict.fromkeys("ABCDE", " "))
    assert env.text("A", "x") == "x"
    assert env.flag("B", default=True) is True
    assert env.number("C", 7) == 7
    assert env.items("D", ["x"]) == ["x"]
    assert env.choice("E", ("first", "second")) == "first"
    env.raise_errors()


@pytest.mark.parametrize("text, value", [("1", True), ("On", True), ("no", False), ("0", False)])
def test_flags_are_read_in_any_usual_spelling(text, value):
    assert Environment({"A": text}).flag("A", default=not value) is value


def test_items_are_stripped_and_empty_ones_left_out():
    assert Environment({"A": " a , b,,"}).items("A", []) == ["a", "b"]


def test_a_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    file = tmp_path / "folder" / "key"
    first = Environment({}).secret("SECRET_KEY", file)
    assert len(first) >= 50 and Environment({}).secret("SECRET_KEY", file) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Environment({"SECRET_KEY": SECRET}).secret("SECRET_KEY", file) == SECRET


def test_an_empty_key_file_is_a_fault(tmp_path):
    file = tmp_path / "key"
    file.touch()
    env = Environment({})
    env.secret("SECRET_KEY", file)
    assert "SECRET_KEY" in complaint(env)


def manage(*arguments, **variables):
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "blogsite.settings"}
    return subprocess.run(
        [sys.executable, "-W", "error", "manage.py", *arguments],
        cwd=ROOT,
        env=environment | variables,
        capture_output=True,
        text=True,
    )


@pytest.mark.server
def test_the_deployment_check_is_silent_over_tls():
    key = {"SECRET_KEY": "".join(map(chr, range(48, 120))), "SITE_URL": "https://essays.example"}
    done = manage("check", "--deploy", "--fail-level", "WARNING", **key)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout and "WARNING" not in done.stderr


@pytest.mark.server
def test_a_command_with_a_wrong_environment_names_all_of_it_and_stops():
    wrong = {"DATABASE_URL": f"mysql://ann:{SECRET}@db.example/", "REPLIES_PER_HOUR": "many"}
    done = manage("check", SECRET_KEY=SECRET, **wrong)
    assert done.returncode != 0
    assert "DATABASE_URL" in done.stderr and "REPLIES_PER_HOUR" in done.stderr
    assert SECRET not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "url, backend, host, port, tls",
    [
        ("console:", "console", "localhost", 25, False),
        ("smtp://mail.example", "smtp", "mail.example", 25, False),
        ("smtp+tls://a%40b:p%2Fw@mail.example", "smtp", "mail.example", 587, True),
        ("smtp+ssl://mail.example:4650", "smtp", "mail.example", 4650, False),
    ],
)
def test_mail_goes_where_its_address_says(url, backend, host, port, tls):
    mail = Environment({"EMAIL_URL": url}).mail("EMAIL_URL")
    assert f".{backend}." in mail["EMAIL_BACKEND"]
    assert (mail["EMAIL_HOST"], mail["EMAIL_PORT"], mail["EMAIL_USE_TLS"]) == (host, port, tls)
    if "@" in url:
        assert (mail["EMAIL_HOST_USER"], mail["EMAIL_HOST_PASSWORD"]) == ("a@b", "p/w")
