"""The files in deploy/: valid systemd units, socket activation, and every setting named."""

import ast
import re
import shutil
import socket
import subprocess
import sys

import pytest
from django.core.management import get_commands

from blogsite.env import Environment
from tests.databases import ROOT, prepared_database
from tests.nginx import BEHIND, ask, find_nginx, running_nginx
from tests.server import Server

pytestmark = [pytest.mark.once, pytest.mark.server]
UNITS = ROOT / "deploy/systemd"


@pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="no systemd-analyze: apt-get install systemd"
)
def test_systemd_understands_every_unit(tmp_path):
    for unit in UNITS.iterdir():
        # The programs that they start are not installed here.
        text = re.sub(r"^(Exec\w+=)\S+", r"\1/bin/true", unit.read_text(), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text)
    command = ["systemd-analyze", "verify", "--man=no", *sorted(tmp_path.iterdir())]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, done.stderr


def test_every_timer_has_its_service_which_starts_a_command_of_ours():
    started = {}
    for timer in UNITS.glob("*.timer"):
        service = timer.with_suffix(".service").read_text()
        started[timer.stem] = re.search(r"manage\.py (\w+)", service)[1]
    assert started == {"blogsite-backup": "backup", "blogsite-expire": "expire"}
    assert set(started.values()) <= set(get_commands())


@pytest.mark.skipif(not find_nginx(), reason="no nginx: apt-get install nginx-light")
def test_site_is_read_over_the_socket_that_systemd_hands_over(tmp_path):
    path = tmp_path / "gunicorn.sock"
    # As systemd does (sd_listen_fds): the socket is file 3, and two variables say so.
    start = (
        'LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" -m gunicorn --config deploy/gunicorn.conf.py "$@"'
    )
    with (
        prepared_database(tmp_path, demo=True) as database,
        socket.socket(socket.AF_UNIX) as listening,
    ):
        listening.bind(str(path))
        listening.listen()
        server = Server(tmp_path, database, DEMO="1", **BEHIND)
        with server.log.open("ab") as log:
            process = subprocess.Popen(
                [
                    "/bin/sh",
                    "-c",
                    f"exec 3<&0 0</dev/null; {start}",
                    sys.executable,
                    "blogsite.wsgi",
                ],
                cwd=ROOT,
                env=server.environment,
                stdin=listening,
                stdout=log,
                stderr=log,
            )
        try:
            with running_nginx(tmp_path / "nginx", [f"unix:{path}"], tmp_path / "static") as ports:
                # No waiting: what comes before gunicorn is ready stays in the socket.
                response, text = ask(ports[443], "/")
                assert response.status == 200 and "<h1" in text, server.log.read_text()
        finally:
            process.terminate()
            process.wait(timeout=40)


# --- Settings ---------------------------------------------------------------------------------


def read_settings() -> dict[str, str | None]:
    """What settings.py reads from the environment, with the default as it would be written there;
    None where that is made up of other things."""
    found = {}
    for call in ast.walk(ast.parse((ROOT / "blogsite/settings.py").read_text())):
        match call:
            case ast.Call(ast.Attribute(ast.Name("env"), kind), [ast.Constant(name), *rest]):
                values = [*rest, *(word.value for word in call.keywords)]
                found[name] = read_default(values[0]) if values else "" if kind == "text" else None
    return found


def read_default(node: ast.expr) -> str | None:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    # Of choices the first is the default; a flag is 1 or 0.
    value = value[0] if isinstance(value, tuple) else value
    return str(int(value) if isinstance(value, bool) else value)


def read_environment_file() -> dict[str, tuple[str, bool]]:
    """The value of each variable, and whether its line is commented out."""
    lines = (ROOT / "deploy/environment").read_text().splitlines()
    matches = (re.fullmatch(r"(#?)([A-Z_]+)=(.*)", line) for line in lines)
    return {match[2]: (match[3], bool(match[1])) for match in matches if match}


def test_every_setting_is_in_the_readme_and_in_the_environment_file():
    readme = (ROOT / "README.md").read_text().split("## Settings")[1].split("\n## ")[0]
    explained = set()
    for row in re.findall(r"^\| (`.*?) \|", readme, flags=re.MULTILINE):
        explained |= set(re.findall(r"`([A-Z_]+)`", row))
    assert {"SITE_URL", "METRICS_DIR"} <= set(read_settings()) <= explained
    assert explained <= set(read_environment_file())


def test_commented_lines_of_the_environment_file_are_defaults():
    defaults = read_settings()
    for name, (value, commented) in read_environment_file().items():
        if commented and value:
            assert defaults[name] in (value, None), name


def test_a_shell_reads_the_environment_file_as_it_stands():
    file = ROOT / "deploy/environment"
    command = ["env", "-i", "/bin/sh", "-c", f"set -a; . {file}; env"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    read = dict(line.split("=", 1) for line in printed.splitlines())
    given = {name: value for name, (value, off) in read_environment_file().items() if not off}
    assert {name: read[name] for name in given} == {
        name: value.strip("'") for name, value in given.items()
    }
    assert Environment(read).flag("DEMO", default=True) is False
