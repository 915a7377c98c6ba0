"""Runs wrk against a server and reads its rate."""

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
    """Clients that request one URL over and over, without a pause."""

    url: str
    clients: int
    headers: dict = field(default_factory=dict)
    seconds: int = 2

    def rate(self) -> float:
        """Responses a second; raises RuntimeError if any response was an error."""
        command = [find_wrk(), "-t1", f"-c{self.clients}", f"-d{self.seconds}s"]
        for name, value in self.headers.items():
            command += ["-H", f"{name.replace('_', '-')}: {value}"]
        process = subprocess.run([*command, self.url], capture_output=True, text=True, check=True)
        if failure := FAILED.search(process.stdout):
            raise RuntimeError(f"{self.url}: {failure[0]}")
        return float(RATE.search(process.stdout)[1])


def alternate(ours: Load, limit: Load, rounds: int = 2) -> tuple[float, float]:
    """The best rate of each; the loads alternate, because a machine's speed changes."""
    pairs = [(ours.rate(), limit.rate()) for _ in range(rounds)]
    return max(pair[0] for pair in pairs), max(pair[1] for pair in pairs)
