"""Runs nginx with the shipped nginx.conf; only paths, ports and the certificate are replaced."""

import http.client
import re
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from tests.server import ROOT, free_port

HOST = "essays.example"
BEHIND = {
    "SITE_URL": f"https://{HOST}",
    "TRUSTED_PROXIES": "1",
    "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
}


def find_nginx() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def make_certificate(folder: Path):
    """A self-signed certificate for the host of the shipped file."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    files = ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
    names = ["-nodes", "-days", "2", "-subj", "/CN=essays.example"]
    subprocess.run([*command, *files, *names], check=True, capture_output=True)


def adapt(folder: Path, backends: list[str], ports: dict[int, int], any_name: bool) -> Path:
    """Writes the shipped file with this folder for the system's and with free ports.

    With `any_name` it also accepts clients that send no server name over TLS, such as wrk.
    """
    text = (ROOT / "deploy/nginx.conf").read_text()
    text = re.sub(r"user www-data;", "user root;", text)
    for path in ("/etc/blogsite/tls", "/var/log/nginx", "/var/cache/nginx", "/srv/blogsite/var"):
        text = text.replace(path, str(folder))
    text = text.replace("/srv/blogsite/deploy", str(ROOT / "deploy"))
    text = text.replace("pid /run/nginx.pid", f"pid {folder}/nginx.pid")
    text = re.sub(
        r"server unix:\S+( .*;)",
        lambda shipped: "".join(f"server {backend}{shipped[1]}" for backend in backends),
        text,
    )
    text = re.sub(r"\n\s*listen \[::\].*;", "", text)
    if any_name:
        text = re.sub(r"listen 443 ssl default_server;\n\s*ssl_reject_handshake on;", "", text)
    for shipped, free in ports.items():
        text = re.sub(rf"listen {shipped}\b", f"listen 127.0.0.1:{free}", text)
    file = folder / "nginx.conf"
    file.write_text(text)
    return file


@contextmanager
def running_nginx(
    folder: Path, backends: list[str], static: Path | None = None, *, any_name: bool = False
):
    """Yields the https port of a started nginx in front of these backends ("127.0.0.1:8001")."""
    folder.mkdir(exist_ok=True)
    make_certificate(folder)
    (folder / "blogsite").mkdir(exist_ok=True)
    if static and not (folder / "static").exists():
        (folder / "static").symlink_to(static)
    ports = {80: free_port(), 443: free_port()}
    file = adapt(folder, backends, ports, any_name)
    process = subprocess.Popen(
        [find_nginx(), "-c", str(file), "-e", str(folder / "error.log"), "-g", "daemon off;"]
    )
    try:
        for _ in range(100):
            if (folder / "nginx.pid").exists() and process.poll() is None:
                break
            time.sleep(0.05)
        yield ports
    finally:
        process.terminate()
        process.wait(timeout=20)


def connect(port: int, host: str = HOST, source: str = "127.0.0.1") -> http.client.HTTPSConnection:
    """A TLS connection to nginx that names this host and accepts its self-signed certificate."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection(host, port, timeout=30, context=context)
    raw = socket.create_connection(("127.0.0.1", port), timeout=30, source_address=(source, 0))
    connection.sock = context.wrap_socket(raw, server_hostname=host)
    return connection


def ask(port: int, path: str, method="GET", body=None, **headers: str):
    """The response to a request over TLS, and its body as text."""
    connection = connect(port)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, {"Host": HOST} | named)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response, text
