"""The style guide's rules that a program can hold."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

# Its tests read files; nothing of it depends on the database.
pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "articles": {"articles"},
    "comments": {"articles", "comments"},
    "blogsite": {"articles", "blogsite", "comments"},
}
OURS = frozenset({*MAY_IMPORT, "tests"})
MAY_MARK_SAFE = {"comments/thread_page/render.py", "comments/templatetags/comments.py"}
MAX_LINES = 300


def python_files(*folders) -> list[str]:
    found = (file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    return sorted(str(file.relative_to(ROOT)) for file in found)


OWN_FILES = python_files(*MAY_IMPORT)
PURE = ["articles/markup.py", "articles/share_image.py", "comments/markup.py"]
PURE += python_files("articles/text")
ALL_FILES = ["manage.py", *OWN_FILES, *python_files("tests", "benchmarks", "deploy")]
TEMPLATES = sorted(str(file.relative_to(ROOT)) for file in (ROOT / "templates").rglob("*.html"))


@cache
def imports(file: str) -> set[str]:
    """Every module that a file imports, in functions too, by full name."""
    names = set()
    for node in ast.walk(ast.parse((ROOT / file).read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file} imports by a relative name"
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_apps_import_only_what_stands_below_them(subtests):
    for file in OWN_FILES:
        with subtests.test(file=file):
            ours = {name.split(".")[0] for name in imports(file)} & OURS
            assert ours <= MAY_IMPORT[file.split("/")[0]]


def reachable(file: str) -> set[str]:
    """The file and all of our files that it imports, and those that these import."""
    seen, waiting = set(), [file]
    while waiting:
        seen.add(file := waiting.pop())
        paths = {name.replace(".", "/") + ".py" for name in imports(file)}
        waiting += sorted(path for path in paths & set(OWN_FILES) if path not in seen)
    return seen


def test_text_work_knows_no_model_setting_or_request(subtests):
    barred = {"django.conf", "django.db", "django.http", "django.apps", "django.shortcuts"}
    for file in PURE:
        for reached in reachable(file):
            with subtests.test(file=file, reached=reached):
                names = imports(reached)
                assert not {name for name in names if ".".join(name.split(".")[:2]) in barred}


def test_python_marks_as_safe_only_where_it_may(subtests):
    for file in OWN_FILES:
        if file in MAY_MARK_SAFE:
            continue
        with subtests.test(file=file):
            marks = {name.rpartition(".")[2] for name in imports(file)}
            source = (ROOT / file).read_text()
            assert not marks & {"mark_safe", "SafeString", "SafeText", "html_safe"}
            assert not re.search(r"\bmark_safe\b|__html__|is_safe\s*=\s*True", source)


def test_templates_print_only_html_fields_unescaped(subtests):
    for file in TEMPLATES:
        with subtests.test(file=file):
            source = (ROOT / file).read_text()
            safe = re.findall(r"([\w.]+)\|safe\b", source)
            assert all(name.endswith("_html") for name in safe)
            assert not re.search(r"\bautoescape\b|\|safeseq\b", source)


def test_no_file_is_longer_than_one_sitting(subtests):
    for file in ALL_FILES:
        if "/migrations/" not in file:
            with subtests.test(file=file):
                assert len((ROOT / file).read_text().splitlines()) <= MAX_LINES


def test_no_signal_is_received_but_the_one_that_makes_groups(subtests):
    roots = ("django.db.models.signals.", "django.dispatch")
    for file in OWN_FILES:
        with subtests.test(file=file):
            signals = {name for name in imports(file) if name.startswith(roots)}
            assert signals <= {"django.db.models.signals.post_migrate"}
