"""`make test`: everything, on both databases and in the browser.

What cannot run on this machine is named in the last lines, with what would make it run. Whatever
was started is stopped, also after Ctrl-C.
"""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path

from tests.browser.chromium import find_chromium
from tests.postgres import running_postgres

PYTEST = f"{sys.executable} -m pytest -q -r fEs -p no:cacheprovider -n 2 --dist loadfile".split()
# What takes longest begins first, so that both processes end at about the same time.
SUITE = "--no-loadscope-reorder --ignore=tests/browser tests/site tests".split()
PATIENCE = 60
PR_SET_CHILD_SUBREAPER = 36


def main() -> int:
    adopt_orphans()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Set though it is the default: a shell's background job would ignore Ctrl-C.
        signal.signal(number, signal.default_int_handler)
    results: dict[str, str] = {}
    try:
        results["SQLite"] = run_suite("SQLite", *SUITE)
        results["PostgreSQL"] = run_on_postgres()
        results["Browser"] = run_in_browser()
    except KeyboardInterrupt:
        results["Interrupted"] = "what is not named above did not run"
    print("\n" + "\n".join(f"{title + ':':<12} {result}" for title, result in results.items()))
    if "Interrupted" in results:
        return 128 + signal.SIGINT
    return 1 if "FAILED" in results.values() else 0


def run_on_postgres() -> str:
    with ExitStack() as stack:
        try:
            url = stack.enter_context(running_postgres())
        except Exception as error:  # whatever keeps it from starting is named
            return f"NOT RUN, {error}. To run it: apt-get install postgresql"
        return run_suite("PostgreSQL", *SUITE, DATABASE_URL=url)


def run_in_browser() -> str:
    if not find_chromium():
        return "NOT RUN, there is no Chromium here. To run it: apt-get install chromium"
    return run_suite("Browser", "tests/browser")


def run_suite(title: str, *arguments: str, **environment: str) -> str:
    print(f"\n=== {title}", flush=True)
    kept = children()
    with tempfile.TemporaryDirectory(prefix="tests-", ignore_cleanup_errors=True) as folder:
        command = [*PYTEST, f"--basetemp={folder}/pytest", *arguments]
        # TMPDIR: what tests leave there goes too.
        tests = subprocess.Popen(command, env=os.environ | environment | {"TMPDIR": folder})
        try:
            return "passed" if tests.wait() == 0 else "FAILED"
        finally:
            end(tests)
            end_orphans(kept)


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
    sys.exit(main())
