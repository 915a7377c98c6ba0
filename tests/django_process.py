"""A long-lived process of the site that runs the Python it is sent, one piece after the other.

Python and Django start once, not for each row that a test needs. The process reads a line of
JSON, the code, from its standard input, and answers with a line of JSON: the text that the code
printed, and the traceback if it failed. It ends when its standard input does.
"""

import io
import json
import os
import subprocess
import sys
import traceback
from contextlib import redirect_stdout
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class DjangoProcess:
    """The test's side: starts the process, sends it code, ends it."""

    def __init__(self, environment: dict[str, str]):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.django_process"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str) -> str:
        """Returns what the code prints; RuntimeError holds the traceback of code that fails."""
        self.process.stdin.write(json.dumps(code) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the process of the site ended too soon")
        printed, failure = json.loads(line)
        if failure:
            raise RuntimeError(f"{printed}{failure}")
        return printed

    def stop(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=60)


def serve():
    """The other side: runs code until standard input ends."""
    import django

    django.setup()
    # Programs that the code starts write to standard error, not between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        print(json.dumps(run_code(json.loads(line))), file=answers, flush=True)


def run_code(code: str) -> tuple[str, str]:
    """The text that the code prints, and its traceback or nothing.

    No connection is kept: a test may replace the database, or stop its server, at any time.
    """
    from django.db import connections

    printed, failure = io.StringIO(), ""
    try:
        with redirect_stdout(printed):
            exec(code, {"__name__": "django_process"})
    except BaseException:
        failure = traceback.format_exc()
    finally:
        connections.close_all()
    return printed.getvalue(), failure


if __name__ == "__main__":
    serve()
