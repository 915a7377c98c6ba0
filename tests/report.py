"""Sums up test runs from pytest's JUnit files: counts, the slowest tests, what was skipped."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

SLOWEST = 20


class Case(NamedTuple):
    """A test that ran or was skipped; its seconds include the fixtures that it set up first."""

    seconds: float
    name: str
    skipped: str


@dataclass
class Run:
    """One run of the suite: the database or browser it ran on, its outcome and its cases."""

    title: str
    outcome: str
    seconds: float = 0
    cases: list[Case] = field(default_factory=list)


def read_cases(file: Path) -> list[Case]:
    """The cases of a JUnit file; none where a run ended before it was written."""
    if not file.exists():
        return []
    return [read_case(node) for node in ElementTree.parse(file).iter("testcase")]


def read_case(node: ElementTree.Element) -> Case:
    skipped = node.find("skipped")
    name = f"{node.get('classname')}::{node.get('name')}"
    reason = "" if skipped is None else skipped.get("message", "skipped")
    return Case(float(node.get("time", 0)), name, reason)


def summarize(runs: list[Run]) -> str:
    return "\n".join([*slowest_tests(runs), *skipped_tests(runs), *totals(runs)])


def slowest_tests(runs: list[Run]) -> list[str]:
    found = [(case, run.title) for run in runs for case in run.cases]
    found.sort(key=lambda pair: -pair[0].seconds)
    lines = [f"{c.seconds:6.1f} s  {title:<10}  {c.name}" for c, title in found[:SLOWEST]]
    return ["", "=== The slowest tests, with their fixtures", *lines]


def skipped_tests(runs: list[Run]) -> list[str]:
    counts = Counter((run.title, case.skipped) for run in runs for case in run.cases)
    lines = [
        f"{count} skipped on {title}: {reason}"
        for (title, reason), count in counts.items()
        if reason
    ]
    return ["", "=== Skipped", *lines] if lines else []


def totals(runs: list[Run]) -> list[str]:
    return ["", "=== Summary", *map(total, runs)]


def total(run: Run) -> str:
    counted = f", {len(run.cases):,} tests in {in_minutes(run.seconds)}" if run.cases else ""
    return f"{run.title + ':':<12} {run.outcome}{counted}"


def in_minutes(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
