"""The filter's word lists and patterns, read from the text files in data/lists/ on first use.

In these files `[name]` starts a list, each other line is an entry, and `#` starts a comment.
Entries of patterns are regular expressions over case-folded text; `<name>` stands for any entry
of the list `[<name>]`.
"""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "lists"
HEADER = re.compile(r"\[(<?[a-z][\w ',-]*>?)\]")
REFERENCE = re.compile(r"<\w+>")
NEVER = "(?!)"


@cache
def read_file(file: str) -> dict[str, list[str]]:
    """The lists of one file: its entries by name."""
    lists: dict[str, list[str]] = {}
    entries: list[str] = []
    for line in (FOLDER / file).read_text("utf-8").splitlines():
        if header := HEADER.fullmatch(line):
            entries = lists[header[1]] = []
        elif line and not line.startswith("#"):
            entries.append(line)
    return lists


@cache
def entries(name: str) -> list[str]:
    """The list of this name, whichever file it is in; KeyError if there is none."""
    for file in sorted(FOLDER.glob("*.txt")):
        if name in read_file(file.name):
            return read_file(file.name)[name]
    raise KeyError(name)


@cache
def words(name: str) -> frozenset[str]:
    return frozenset(entries(name))


def alternatives(name: str) -> str:
    """The source of a regular expression that matches any entry of a list."""
    found = entries(name)
    expanded = (REFERENCE.sub(lambda part: alternatives(part[0]), entry) for entry in found)
    return f"(?:{'|'.join(expanded) if found else NEVER})"


@cache
def pattern(name: str, around: str = "{}") -> re.Pattern:
    """Any entry of a list; `around` is what stands before and after it, as in "^{}$"."""
    return re.compile(around.replace("{}", alternatives(name)))


@cache
def patterns(file: str) -> dict[str, re.Pattern]:
    """The lists of a file as features: "@name" and a pattern for each."""
    return {f"@{name}": pattern(name) for name in read_file(file) if not name.startswith("<")}
