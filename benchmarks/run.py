"""`make bench`: measures the site, and in the same run a limit for each figure.

Writes its table to docs/benchmarks.md.
"""

import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from benchmarks import limits, load, posting
from benchmarks.load import Load, alternate
from benchmarks.site import essay_path, fetch, proportional_megabytes, running_site, seed_threads
from benchmarks.table import Table
from tests.nginx import find_nginx, running_nginx
from tests.postgres import running_postgres

SIZES = (7, 1_000, 10_000)
# The first pages of 1,000 and of 10,000 comments are equally large, so a rate needs one of them.
WARM_SIZES, TLS_SIZES = (7, 10_000), (7, 1_000)
# The database matters most for the largest thread: the others, and a long burst, on one database.
SHAPES = {
    "SQLite": ("100,000 comments", "10,000 replies to one comment", "a chain 1,000 deep"),
    "PostgreSQL": ("100,000 comments",),
}
BURST = {"SQLite": 1_000, "PostgreSQL": 300}
# Pages that only a large site has, each with the first page of its list.
DEEP = {f"{path}?page=400": path for path in ("/", "/tags/towns/", "/authors/ada-lark/")}
AS_FROM_NGINX = {"Host": "essays.example", "X_Forwarded_Proto": "https"}
LIST_ROUNDS = 2
GZIP = {"Accept_Encoding": "gzip"}


def warm_pages(table: Table, folder: Path, server, paths: dict[int, str], name: str):
    table.section(f"Warm page, gunicorn alone, {name}")
    for size in WARM_SIZES:
        url = server.url + paths[size]
        body, headers = fetch(url, **GZIP)
        page = f"{size:,} comments, {len(body) / 1000:.0f} KB"
        for clients in (1, 16):
            with limits.prepared_body(folder, body) as prepared:
                ours, limit = alternate(Load(url, clients, GZIP), Load(prepared, clients))
            table.ratio(f"{page}, {clients} at once", ours, limit, 0.6, "a second")
        with limits.empty_view(folder) as empty:
            ours, bare = alternate(Load(url, 16, GZIP), Load(empty, 16))
        table.ratio(f"{page}, against an empty Django view", ours, bare, 1, "a second")
    unchanged = Load(url, 16, GZIP | {"If_None_Match": headers["ETag"]})
    ours, full = alternate(unchanged, Load(url, 16, GZIP))
    table.ratio(f"{page}, its 304 against its 200", ours, full, 1, "a second")


def cold_pages(table: Table, server, paths: dict[int, str], name: str):
    table.section(f"Cold page, {name}: CPU time to render and compress it in Django")
    costs = {}
    for size, path in paths.items():
        printed = server.run(f"from benchmarks import cold; cold.show({path!r})")
        for line, change in zip(printed.splitlines(), ("a reply", "an edit"), strict=True):
            shown, cost, bar = line.split()
            costs.setdefault(size, float(cost))
            page = f"{size:,} comments, {shown} shown, after {change}"
            table.ratio(page, float(cost), float(bar), 1, "ms", at_most=True)
    table.ratio(
        "first page of 10,000 against that of 1,000",
        costs[10_000],
        costs[1_000],
        1.3,
        "ms",
        at_most=True,
    )


def replies(table: Table, server, paths: dict[int, str], name: str):
    table.section(f"Posting, {name}")
    commits = float(server.run("from benchmarks import posting; posting.commits()"))
    few, many = (
        float(server.run(f"from benchmarks import posting; posting.one({paths[size]!r})"))
        for size in (7, 10_000)
    )
    table.ratio(
        "a reply under 10,000 comments against one under 7", many, few, 1.5, "ms", at_most=True
    )
    worst = float(server.run("from benchmarks import posting; posting.one_tree(10_000)"))
    table.add("a reply in one tree of 10,000, at its start", f"{worst:.1f} ms", "", "worst case")
    seconds, slowest = posting.many(server.url, paths[10_000])
    table.ratio("200 replies from 20 clients", seconds, 1.3, 1, "s", at_most=True)
    table.add("slowest of these (p99)", f"{slowest * 1000:.0f} ms", "", "< 1,000 ms", slowest < 1)
    table.add(
        "replies a second, beside single-row commits a second",
        f"{200 / seconds:.0f}",
        f"{200 / seconds / commits:.2f} of {commits:,.0f}",
    )
    posting.readers_while_posting(table, server.url, paths[10_000])
    posting.readers_in_a_burst(table, server.url, paths[10_000], BURST[name])


def shapes(table: Table, server, name: str):
    table.section(f"Long, wide and deep threads, {name}")
    for shape in SHAPES[name]:
        printed = server.run(f"from benchmarks import shapes; shapes.measure({shape!r})")
        figures = json.loads(printed)
        is_sample = figures["sampled"] < figures["pages"]
        is_complete = is_sample or figures["seen"] == figures["size"]
        seen = f"{figures['seen']:,} seen on {figures['sampled']} of {figures['pages']} pages"
        wrong = figures["wrong_permalinks"]
        reached = is_complete and not wrong
        table.add(f"{shape}: {seen}", f"{wrong} wrong permalinks", "", "all, none", reached)
        table.add(f"{shape}: queries for a page", f"{figures['queries']} at most")
        is_small = figures["most"] <= 300 and figures["bytes"] <= 60_000
        largest = f"{figures['most']} comments, {figures['bytes'] / 1000:.0f} KB"
        table.add(f"{shape}: largest page", largest, "", "\u2264 300, 60 KB", is_small)
        costs = f"{figures['first']} ms, {figures['last']} ms"
        table.add(f"{shape}: CPU time of the first and the last page", costs)


def read_admin_pages(server) -> dict:
    server.run("from benchmarks import admin_pages; admin_pages.fill()")
    return json.loads(server.run("from benchmarks import admin_pages; admin_pages.measure()"))


def admin_pages(table: Table, small: dict, large: dict, name: str):
    """One row for each group: its slowest page, and how many pages took more queries than before.

    `small` and `large` hold milliseconds and queries by URL.
    """
    table.section(f"Admin pages at over 100,000 comments, {name}")
    groups = defaultdict(list)
    for url, (cost, queries) in large.items():
        has_grown = queries > small.get(url, (0, queries))[1]
        groups[admin_group(url)].append((cost, url, queries, has_grown))
    for group, pages in sorted(groups.items()):
        cost, url, queries, _ = max(pages)
        grown = [page[1] for page in pages if page[3]]
        slowest = f"{len(pages)} {group}, slowest {url} with {queries} queries"
        table.add(slowest, f"{cost:.0f} ms", "", "\u2264 300 ms", cost <= 300)
        table.add(
            f"{group} with more queries than before",
            ", ".join(grown) or "none",
            "",
            "none",
            not grown,
        )


def admin_group(url: str) -> str:
    if "?" in url:
        return "searches"
    last = url.rstrip("/").rpartition("/")[2]
    if last in ("add", "change", "history"):
        return "pages of one row"
    return "lists and custom pages"


def lists(table: Table, folder: Path, databases: tuple[str, str], name: str):
    table.section(f"Lists at 10,000 essays against 100, {name}")
    with (
        running_site(folder / "few", databases[0], "seed.essays(100)") as few_essays,
        running_site(folder / "many", databases[1], "seed.essays(10_000)") as many_essays,
    ):
        few_costs, costs, searches = {}, {}, {}
        # The two sites alternate, because a machine's speed changes.
        for _ in range(LIST_ROUNDS):
            keep_least(few_costs, read_lists(few_essays, "cold.LISTS"))
            keep_least(costs, read_lists(many_essays, "cold.LISTS + cold.DEEP"))
        keep_least(searches, read_lists(many_essays, "cold.SEARCHES"))
    for path, (cost, queries) in costs.items():
        few, few_queries = few_costs[DEEP.get(path, path)]
        table.ratio(f"{path}, {queries} queries", cost, few, 1.5, "ms", at_most=True)
        if queries != few_queries:
            table.add(f"{path}: queries grew from {few_queries}", str(queries), is_met=False)
    for path, (cost, queries) in searches.items():
        table.add(f"{path}, {queries} queries", f"{cost:.2f} ms")


def keep_least(least: dict, measured: dict):
    for path, (cost, queries) in measured.items():
        least[path] = min(cost, least.get(path, (cost,))[0]), queries


def read_lists(server, paths: str) -> dict:
    return eval(server.run(f"from benchmarks import cold; cold.lists({paths})"))  # noqa: S307


def memory(table: Table, server, name: str, when: str, bar: int):
    pss = [proportional_megabytes(pid) for pid in server.worker_pids()]
    table.add(
        f"memory of a worker {when}, {name}",
        f"{max(pss):.0f} MB",
        "",
        f"\u2264 {bar} MB",
        max(pss) <= bar,
    )


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
            ours, limit = alternate(Load(base + path, 16, GZIP | host), static_file)
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
        text, times = line.split("\t")
        table.add(text, f"{times} times", "", "\u2264 25", float(times) <= 25)


def measure(table: Table, folder: Path, database: str, name: str):
    with running_site(folder, database, seed_threads(SIZES)) as server:
        paths = {size: essay_path(server, size) for size in SIZES}
        memory(table, server, name, "at rest", 60)
        warm_pages(table, folder, server, paths, name)
        cold_pages(table, server, paths, name)
        replies(table, server, paths, name)
        memory(table, server, name, "after all this", 110)
        small = read_admin_pages(server)
        shapes(table, server, name)
        admin_pages(table, small, read_admin_pages(server), name)


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
        # The figures from before a failure are written too.
        table.write()
    return 0


def measure_all(table: Table, folder: Path, postgres: str):
    table.section("Memory")
    measure(table, folder, f"sqlite:///{folder / 'site.sqlite3'}", "SQLite")
    measure(table, folder, postgres, "PostgreSQL")
    databases = f"sqlite:///{folder / 'few.sqlite3'}", f"sqlite:///{folder / 'many.sqlite3'}"
    lists(table, folder, databases, "SQLite")
    tls = {"SITE_URL": "https://essays.example", "TRUSTED_PROXIES": "1"}
    with running_site(
        folder, f"sqlite:///{folder / 'tls.sqlite3'}", seed_threads(TLS_SIZES), **tls
    ) as server:
        markup_growth(table, server)
        behind_nginx(table, folder, server, {size: essay_path(server, size) for size in TLS_SIZES})


if __name__ == "__main__":
    sys.exit(main())
