"""Comments that the spam filter is measured on. Its weights are never fitted to them."""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parent
EMAIL = "reader@example.org"
# A comment starts with a name and a bar; its text may take several lines.
START = re.compile(r"\n(?=[^\n|]{1,40}\|)")

Comment = tuple[str, str, str]  # name, address, text


def read(file: str) -> list[Comment]:
    text = (FOLDER / file).read_text("utf-8")
    if file.endswith(".jsonl"):
        return [tuple(json.loads(line)) for line in text.splitlines()]
    parts = (comment.partition("|") for comment in START.split(text.strip()))
    return [(name, EMAIL, words) for name, _, words in parts]


def read_all(kind: str) -> list[Comment]:
    """All comments of a kind, "spam" or "ham"."""
    files = (f"{kind}.jsonl", f"{kind}.txt", f"{kind}_sites.txt")
    return [comment for file in files for comment in read(file)]
