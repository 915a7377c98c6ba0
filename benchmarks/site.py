"""Starts a site with a seeded database, and reads its pages and its workers' memory."""

import urllib.request
from contextlib import contextmanager
from pathlib import Path

from tests.server import Server


def fetch(url: str, **headers: str):
    request = urllib.request.Request(
        url, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.read(), response.headers


@contextmanager
def running_site(folder: Path, database: str, seed: str, **environment: str):
    """A running site whose database the seed has filled."""
    folder.mkdir(exist_ok=True)
    server = Server(folder, database, 2, DEMO="0", MALLOC_ARENA_MAX="2", **environment)
    server.manage("prepare")
    server.run(f"from benchmarks import seed; {seed}")
    server.start()
    try:
        yield server
    finally:
        server.stop()


def essay_path(server, size: int) -> str:
    return server.run(
        f"from articles.models import Article; "
        f"print(Article.objects.get(title='Thread of {size}').get_absolute_url())"
    ).strip()


def seed_threads(sizes: tuple[int, ...]) -> str:
    return f"seed.threads({', '.join(map(str, sizes))})"


def proportional_megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no Pss in smaps_rollup")
