"""Drives a server with wrk and reads what it measured."""

import re
import shutil
import subprocess
from dataclasses import dataclass, field

RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
FAILED = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)")


def find_wrk() -> str | None:
    return shutil.which("wrk")


@dataclass
class Load:
    """So many clients that ask for one address, as fast as they are answered."""

    url: str
    clients: int
    headers: dict = field(default_factory=dict)
    seconds: int = 2

    def rate(self) -> float:
        """Answers a second; raises RuntimeError when any answer was an error."""
        command = [find_wrk(), "-t1", f"-c{self.clients}", f"-d{self.seconds}s"]
        for name, value in self.headers.items():
            command += ["-H", f"{name.replace('_', '-')}: {value}"]
        done = subprocess.run([*command, self.url], capture_output=True, text=True, check=True)
        if failure := FAILED.search(done.stdout):
            raise RuntimeError(f"{self.url}: {failure[0]}")
        return float(RATE.search(done.stdout)[1])


def in_turns(ours: Load, limit: Load, rounds: int = 2) -> tuple[float, float]:
    """The best rate of each; taken in turns, so that both meet the same machine."""
    pairs = [(ours.rate(), limit.rate()) for _ in range(rounds)]
    return max(pair[0] for pair in pairs), max(pair[1] for pair in pairs)
