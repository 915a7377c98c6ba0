"""Runs the suite: `make test` on both databases and in the browser, `make test-fast` on SQLite.

The last lines name the slowest tests, the outcome of each run, and the command that installs
what is missing for a run. Every process that was started is stopped, also after Ctrl-C.
"""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from tests.browser.chromium import find_chromium
from tests.postgres import NO_SYNC, running_postgres
from tests.report import Run, read_cases, summarize

PYTEST = f"{sys.executable} -m pytest -q -r fEs -p no:cacheprovider -n 2 --dist loadfile".split()
# The longest files come first, so that both processes end at about the same time.
SUITE = "--no-loadscope-reorder --ignore=tests/browser tests/site".split()
SUITE += "tests/comments/test_tree.py tests/comments/test_large_trees.py tests".split()
PATIENCE = 60
PR_SET_CHILD_SUBREAPER = 36


def main(arguments: list[str]) -> int:
    adopt_orphans()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Set though it is the default: a shell's background job would ignore Ctrl-C.
        signal.signal(number, signal.default_int_handler)
    chosen = [run_fast] if arguments == ["fast"] else [run_sqlite, run_postgres, run_browser]
    runs: list[Run] = []
    try:
        for run in chosen:
            runs.append(run())
    except KeyboardInterrupt:
        runs.append(Run("Interrupted", "what is not named above did not run"))
    print(summarize(runs))
    if runs[-1].title == "Interrupted":
        return 128 + signal.SIGINT
    return 1 if any(run.outcome == "FAILED" for run in runs) else 0


def run_fast() -> Run:
    return run_suite("SQLite", *SUITE, "-m", "not server and not slow")


def run_sqlite() -> Run:
    return run_suite("SQLite", *SUITE)


def run_postgres() -> Run:
    with ExitStack() as stack:
        try:
            url = stack.enter_context(running_postgres(NO_SYNC))
        except Exception as error:  # whatever keeps it from starting is named
            missing = f"NOT RUN, {error}. To run it: apt-get install postgresql"
            return Run("PostgreSQL", missing)
        return run_suite("PostgreSQL", *SUITE, "-m", "not once", DATABASE_URL=url)


def run_browser() -> Run:
    if not find_chromium():
        missing = "NOT RUN, there is no Chromium here. To run it: apt-get install chromium"
        return Run("Browser", missing)
    return run_suite("Browser", "tests/browser")


def run_suite(title: str, *arguments: str, **environment: str) -> Run:
    """Runs pytest in a folder of its own, which is deleted afterwards."""
    print(f"\n=== {title}", flush=True)
    kept, began = children(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tests-", ignore_cleanup_errors=True) as folder:
        report = Path(folder) / "report.xml"
        command = [*PYTEST, f"--basetemp={folder}/pytest", f"--junit-xml={report}", *arguments]
        # TMPDIR: what tests leave there goes too.
        tests = subprocess.Popen(command, env=os.environ | environment | {"TMPDIR": folder})
        try:
            outcome = "passed" if tests.wait() == 0 else "FAILED"
        finally:
            end(tests)
            end_orphans(kept)
        return Run(title, outcome, time.monotonic() - began, read_cases(report))


def end(tests: subprocess.Popen):
    """Lets interrupted tests clear up after themselves, for a while."""
    if tests.poll() is None:
        tests.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            tests.wait(PATIENCE)
        tests.kill()
        tests.wait()


def adopt_orphans():
    """Processes whose parents ended become children of this one: prctl(2), on Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children() -> set[int]:
    file = Path(f"/proc/self/task/{os.getpid()}/children")
    return set(map(int, file.read_text().split())) if file.exists() else set()


def end_orphans(kept: set[int]):
    """Kills what the tests left running, and then what that left in turn."""
    while orphans := children() - kept:
        for orphan in orphans:
            os.kill(orphan, signal.SIGKILL)
            os.waitpid(orphan, 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
