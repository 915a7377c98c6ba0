"""`make bench`: what the site costs, each figure beside a limit measured in the same run.

Writes its table to docs/benchmarks.md. Takes under ten minutes on two cores.
"""

import json
import sys
import tempfile
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from benchmarks import limits, load
from benchmarks.load import Load, in_turns
from benchmarks.table import Table
from tests.nginx import find_nginx, running_nginx
from tests.postgres import running_postgres
from tests.server import Server

SIZES = (7, 1_000, 10_000)
# The database makes most of a difference for the largest: the others, and a whole burst, once.
SHAPES = {
    "SQLite": ("100,000 comments", "10,000 replies to one comment", "a chain 1,000 deep"),
    "PostgreSQL": ("100,000 comments",),
}
BURST = {"SQLite": 1_000, "PostgreSQL": 300}
# Pages that only a large site has, and the first of the same list.
DEEP = {f"{path}?page=400": path for path in ("/", "/tags/towns/", "/authors/ada-lark/")}
AS_FROM_NGINX = {"Host": "essays.example", "X_Forwarded_Proto": "https"}
ROUNDS_OF_LISTS = 2
GZIP = {"Accept_Encoding": "gzip"}


def fetch(url: str, **headers: str):
    request = urllib.request.Request(
        url, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read(), answer.headers


@contextmanager
def site(folder: Path, database: str, seed: str, **environment: str):
    """A started site whose database the seed has filled."""
    folder.mkdir(exist_ok=True)
    server = Server(folder, database, 2, DEMO="0", **environment)
    server.manage("prepare")
    server.run(f"from benchmarks import seed; {seed}")
    server.start()
    try:
        yield server
    finally:
        server.stop()


def essay_path(server, size: int) -> str:
    return server.run(
        f"from articles.models.article import Article; "
        f"print(Article.objects.get(title='Thread of {size}').get_absolute_url())"
    ).strip()


def warm_pages(table: Table, folder: Path, server, paths: dict[int, str], name: str):
    table.section(f"Warm page, gunicorn alone, {name}")
    for size, path in paths.items():
        url = server.url + path
        body, headers = fetch(url, **GZIP)
        what = f"{size:,} comments, {len(body) / 1000:.0f} KB"
        for clients in (1, 16):
            with limits.ready_body(folder, body) as ready:
                ours, limit = in_turns(Load(url, clients, GZIP), Load(ready, clients))
            table.ratio(f"{what}, {clients} at once", ours, limit, 0.6, "a second")
        with limits.empty_view(folder) as empty:
            ours, bare = in_turns(Load(url, 16, GZIP), Load(empty, 16))
        table.ratio(f"{what}, against an empty Django view", ours, bare, 1, "a second")
    unchanged = Load(url, 16, GZIP | {"If_None_Match": headers["ETag"]})
    ours, full = in_turns(unchanged, Load(url, 16, GZIP))
    table.ratio(f"{what}, its 304 against its 200", ours, full, 1, "a second")


def cold_pages(table: Table, server, paths: dict[int, str], name: str):
    table.section(f"Cold page, {name}: CPU to render and compress it, Django and all")
    costs = {}
    for size, path in paths.items():
        printed = server.run(f"from benchmarks import cold; cold.show({path!r})")
        for line, change in zip(printed.splitlines(), ("a reply", "an edit"), strict=True):
            shown, cost, bar = line.split()
            costs.setdefault(size, float(cost))
            what = f"{size:,} comments, {shown} shown, after {change}"
            table.ratio(what, float(cost), float(bar), 1, "ms", most=True)
    table.ratio(
        "first page of 10,000 against that of 1,000",
        costs[10_000],
        costs[1_000],
        1.3,
        "ms",
        most=True,
    )


def posting(table: Table, server, paths: dict[int, str], name: str):
    table.section(f"Posting, {name}")
    commits = float(server.run("from benchmarks import posting; posting.commits()"))
    few, many = (
        float(server.run(f"from benchmarks import posting; posting.one({paths[size]!r})"))
        for size in (7, 10_000)
    )
    table.ratio(
        "a reply under 10,000 comments against one under 7", many, few, 1.5, "ms", most=True
    )
    worst = float(server.run("from benchmarks import posting; posting.one_tree(10_000)"))
    table.add("a reply in one tree of 10,000, at its start", f"{worst:.1f} ms", "", "worst case")
    from benchmarks import posting as here

    seconds, slowest = here.many(server.url, paths[10_000])
    table.ratio("200 replies from 20 clients", seconds, 1.3, 1, "s", most=True)
    table.add("slowest of these (p99)", f"{slowest * 1000:.0f} ms", "", "< 1,000 ms", slowest < 1)
    table.add(
        "replies a second, beside single-row commits a second",
        f"{200 / seconds:.0f}",
        f"{200 / seconds / commits:.2f} of {commits:,.0f}",
    )
    here.readers_while_posting(table, server.url, paths[10_000])
    here.readers_in_a_burst(table, server.url, paths[10_000], BURST[name])


def shapes(table: Table, server, name: str):
    table.section(f"Threads of any length and shape, {name}")
    for shape in SHAPES[name]:
        printed = server.run(f"from benchmarks import shapes; shapes.measure({shape!r})")
        found = json.loads(printed)
        whole = found["sampled"] < found["pages"] or found["seen"] == found["size"]
        read = f"{found['seen']:,} read on {found['sampled']} of {found['pages']} pages"
        strays = f"{found['strays']} lasting addresses lead astray"
        table.add(f"{shape}: {read}", strays, "", "all, none", whole and not found["strays"])
        table.add(f"{shape}: queries for a page", f"{found['queries']} at most")
        small = found["most"] <= 300 and found["bytes"] <= 60_000
        largest = f"{found['most']} comments, {found['bytes'] / 1000:.0f} KB"
        table.add(f"{shape}: largest page", largest, "", "\u2264 300, 60 KB", small)
        ends = f"{found['first']} ms, {found['last']} ms"
        table.add(f"{shape}: CPU of the first and the last page", ends)


def read_desk(server) -> dict:
    server.run("from benchmarks import desk; desk.fill()")
    return json.loads(server.run("from benchmarks import desk; desk.measure()"))


def desk(table: Table, small: dict, large: dict, name: str):
    table.section(f"The moderators' desk at over 100,000 comments, {name}")
    for screen, (cost, queries) in large.items():
        few = small.get(screen, (0, queries))[1]
        what = f"{screen}, {queries} queries" + ("" if queries == few else f", few had {few}")
        met = cost <= 300 and queries <= few
        table.add(what, f"{cost:.0f} ms", "", "\u2264 300 ms, as many queries", met)


def lists(table: Table, folder: Path, databases: tuple[str, str], name: str):
    table.section(f"Lists at 10,000 essays against 100, {name}")
    with (
        site(folder / "few", databases[0], "seed.essays(100)") as few_essays,
        site(folder / "many", databases[1], "seed.essays(10_000)") as many_essays,
    ):
        few_costs, costs, searches = {}, {}, {}
        # In turns, so that both meet the same machine.
        for _ in range(ROUNDS_OF_LISTS):
            keep_least(few_costs, read_lists(few_essays, "cold.LISTS"))
            keep_least(costs, read_lists(many_essays, "cold.LISTS + cold.DEEP"))
        keep_least(searches, read_lists(many_essays, "cold.SEARCHES"))
    for path, (cost, queries) in costs.items():
        few, few_queries = few_costs[DEEP.get(path, path)]
        table.ratio(f"{path}, {queries} queries", cost, few, 1.5, "ms", most=True)
        if queries != few_queries:
            table.add(f"{path}: queries grew from {few_queries}", str(queries), met=False)
    for path, (cost, queries) in searches.items():
        table.add(f"{path}, {queries} queries", f"{cost:.2f} ms")


def keep_least(kept: dict, measured: dict):
    for path, (cost, queries) in measured.items():
        kept[path] = min(cost, kept.get(path, (cost,))[0]), queries


def read_lists(server, paths: str) -> dict:
    return eval(server.run(f"from benchmarks import cold; cold.lists({paths})"))  # noqa: S307


def memory(table: Table, server, name: str, when: str, bar: int):
    pss = [proportional(pid) for pid in server.worker_pids()]
    table.add(
        f"memory of a worker {when}, {name}",
        f"{max(pss):.0f} MB",
        "",
        f"\u2264 {bar} MB",
        max(pss) <= bar,
    )


def proportional(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no Pss in smaps_rollup")


def behind_nginx(table: Table, folder: Path, server, paths: dict[int, str]):
    table.section("Behind the shipped nginx, over TLS")
    static = folder / "static"
    for size, path in paths.items():
        body, _ = fetch(server.url + path, **GZIP, **AS_FROM_NGINX)
        (static / f"page-{size}.bin").write_bytes(body)
    with running_nginx(
        folder / "nginx", [server.url.removeprefix("http://")], static, any_name=True
    ) as ports:
        base, host = f"https://127.0.0.1:{ports[443]}", {"Host": "essays.example"}
        for size, path in paths.items():
            static_file = Load(f"{base}/static/page-{size}.bin", 16, host)
            ours, limit = in_turns(Load(base + path, 16, GZIP | host), static_file)
            table.ratio(
                f"{size:,} comments, 16 at once, against a static file",
                ours,
                limit,
                0.8,
                "a second",
            )


def markup_growth(table: Table, server):
    table.section("Cost of eight times the text")
    for line in server.run("from benchmarks import growth; growth.show()").splitlines():
        what, times = line.split("\t")
        table.add(what, f"{times} times", "", "\u2264 25", float(times) <= 25)


def measure(table: Table, folder: Path, database: str, name: str):
    seed = f"seed.threads({', '.join(map(str, SIZES))})"
    with site(folder, database, seed) as server:
        paths = {size: essay_path(server, size) for size in SIZES}
        memory(table, server, name, "at rest", 60)
        warm_pages(table, folder, server, paths, name)
        cold_pages(table, server, paths, name)
        posting(table, server, paths, name)
        memory(table, server, name, "after all this", 110)
        small = read_desk(server)
        shapes(table, server, name)
        desk(table, small, read_desk(server), name)


def main() -> int:
    if not load.find_wrk() or not find_nginx():
        print("The benchmarks need wrk and nginx: apt-get install wrk nginx-light")
        return 1
    table = Table()
    try:
        with tempfile.TemporaryDirectory() as name, running_postgres() as postgres:
            folder = Path(name)
            folder.chmod(0o755)
            measure_all(table, folder, postgres)
    finally:
        # What was measured before something broke is written down too.
        table.write()
    return 0


def measure_all(table: Table, folder: Path, postgres: str):
    table.section("Memory")
    measure(table, folder, f"sqlite:///{folder / 'site.sqlite3'}", "SQLite")
    measure(table, folder, postgres, "PostgreSQL")
    databases = f"sqlite:///{folder / 'few.sqlite3'}", f"sqlite:///{folder / 'many.sqlite3'}"
    lists(table, folder, databases, "SQLite")
    tls = {"SITE_URL": "https://essays.example", "TRUSTED_PROXIES": "1"}
    seed = f"seed.threads({', '.join(map(str, SIZES))})"
    with site(folder, f"sqlite:///{folder / 'tls.sqlite3'}", seed, **tls) as server:
        markup_growth(table, server)
        behind_nginx(table, folder, server, {size: essay_path(server, size) for size in SIZES})


if __name__ == "__main__":
    sys.exit(main())
