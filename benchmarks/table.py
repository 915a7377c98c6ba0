"""The table of results: each figure, its limit or bar, and whether the bar is reached."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "docs/benchmarks.md"
START, END = "<!-- benchmarks start -->", "<!-- benchmarks end -->"


@dataclass
class Row:
    """One line of the table. `is_met` is None where there is no bar."""

    name: str
    figure: str
    limit: str = ""
    bar: str = ""
    is_met: bool | None = None

    def __str__(self):
        reached = {True: "yes", False: "**no**", None: ""}[self.is_met]
        return f"| {self.name} | {self.figure} | {self.limit} | {self.bar} | {reached} |"


class Table:
    def __init__(self):
        self.rows: list[Row | str] = []

    def section(self, title: str):
        self.rows.append(title)
        print(f"\n## {title}", flush=True)

    def add(self, *cells, **named):
        row = Row(*cells, **named)
        self.rows.append(row)
        print(row, flush=True)

    def ratio(self, name: str, figure: float, limit: float, bar: float, unit: str, at_most=False):
        """A figure that must be at least `bar` times the limit, or at most with `at_most`."""
        ratio = figure / limit
        sign = "\u2264" if at_most else "\u2265"
        self.add(
            name,
            f"{figure:,.2f} {unit}" if figure < 100 else f"{figure:,.0f} {unit}",
            f"{ratio:.2f} of {limit:,.2f}" if limit < 100 else f"{ratio:.2f} of {limit:,.0f}",
            f"{sign} {bar:g}",
            ratio <= bar if at_most else ratio >= bar,
        )

    def markdown(self) -> str:
        head = "| measured | figure | of its limit | bar | reached |\n" + "| --- " * 5 + "|"
        parts = [f"Measured {datetime.now(UTC):%d %B %Y, %H:%M} UTC on {machine()}."]
        for row in self.rows:
            parts.append(f"\n### {row}\n\n{head}" if isinstance(row, str) else str(row))
        return "\n".join(parts)

    def write(self):
        """Writes the table between the two markers in docs/benchmarks.md."""
        text = FILE.read_text()
        before, _, rest = text.partition(START)
        FILE.write_text(f"{before}{START}\n{self.markdown()}\n{END}{rest.partition(END)[2]}")


def machine() -> str:
    model = next(
        (
            line.split(": ")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}"
