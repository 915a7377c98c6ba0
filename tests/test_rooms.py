"""The rooms of the three packages: how many there are, and which may import which."""

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parent.parent
APPS = ("articles", "comments", "blogsite")
# The most modules and folders at an app's first level, and the most layers of imports among them.
MAX_ROOMS = {"articles": 13, "comments": 17, "blogsite": 12}
MAX_LAYERS = {"articles": 5, "comments": 6, "blogsite": 3}
DATA_FOLDERS = {"fonts", "locale", "demo", "formats"}
# Python that may hold HTML or XML, and why.
MAY_HOLD_MARKUP = {
    "articles/markup.py": "cleans HTML",
    "comments/markup.py": "cleans HTML",
    "articles/search.py": "takes HTML apart",
    "articles/text/outline.py": "writes anchors into clean HTML",
    "articles/text/preprocessor.py": "hands code blocks to the Markdown parser as HTML",
    "articles/views/sitemaps.py": "writes XML, with every value escaped",
}
TAG = re.compile(r"</?[a-z][a-z0-9]*[ />]")


def python_files() -> dict[str, Path]:
    """Every module of ours by its dotted name, without migrations."""
    files = (file for app in APPS for file in sorted((ROOT / app).rglob("*.py")))
    return {
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
        for file in files
        if "migrations" not in file.parts
    }


MODULES = python_files()


@cache
def parse(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text())


@cache
def imports(module: str) -> frozenset[str]:
    """The modules of ours that a module imports, in functions too."""
    names = set()
    for node in ast.walk(parse(module)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {name if name in MODULES else node.module for name in full}
    return frozenset(names & MODULES.keys() - {module})


def find_circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The circles of a graph, each as the names on its way round."""
    circles, done, path = [], set(), []

    def visit(name: str) -> None:
        path.append(name)
        for following in sorted(graph.get(name, ())):
            if following in path:
                circles.append([*path[path.index(following) :], following])
            elif following not in done:
                visit(following)
        done.add(path.pop())

    for name in sorted(graph):
        if name not in done:
            visit(name)
    return circles


def rooms_of(app: str) -> dict[str, set[str]]:
    """An app's rooms, each with those that it imports."""
    rooms: dict[str, set[str]] = defaultdict(set)
    for module in MODULES:
        parts = module.split(".")
        if parts[0] != app or len(parts) < 2 or parts[1] in DATA_FOLDERS:
            continue
        names = (name.split(".") for name in imports(module) if name.startswith(f"{app}."))
        rooms[parts[1]] |= {name[1] for name in names} - {parts[1]}
    return rooms


def count_layers(rooms: dict[str, set[str]]) -> int:
    @cache
    def layer(room: str) -> int:
        return 1 + max((layer(below) for below in rooms[room]), default=0)

    return max(map(layer, rooms))


def test_no_module_imports_itself_through_others():
    assert find_circles({module: set(imports(module)) for module in MODULES}) == []


@pytest.mark.parametrize("app", APPS)
def test_app_has_few_rooms_on_few_layers(app):
    rooms = rooms_of(app)
    assert len(rooms) <= MAX_ROOMS[app], sorted(rooms)
    assert find_circles(rooms) == []
    assert count_layers(rooms) <= MAX_LAYERS[app]


def test_circle_is_found():
    assert find_circles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [["b", "c", "b"]]
    assert count_layers({"a": {"b"}, "b": {"c"}, "c": set()}) == 3


def test_no_model_is_reached_through_the_registry():
    for module, file in MODULES.items():
        assert not re.search(r"\bget_model\b|\brelated_model\b", file.read_text()), module


def test_text_room_stands_alone():
    outside = ("django.apps", "django.conf", "django.db", "django.http", "django.shortcuts")
    for module in MODULES:
        if not module.startswith("articles.text"):
            continue
        assert all(name.startswith("articles.text") for name in imports(module)), module
        source = MODULES[module].read_text()
        assert not re.search(rf"^(?:from|import) (?:{'|'.join(outside)})\b", source, re.M), module


def test_every_file_opens_with_a_sentence_on_its_subject():
    for module, file in MODULES.items():
        if file.read_text().strip():
            docstring = ast.get_docstring(parse(module)) or ""
            assert docstring.split("\n")[0].endswith((".", ":")), module


def docstrings(tree: ast.Module) -> set[int]:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    nodes = (node for node in ast.walk(tree) if isinstance(node, kinds))
    return {id(n.body[0].value) for n in nodes if n.body and isinstance(n.body[0], ast.Expr)}


def format_html_texts(tree: ast.Module) -> set[int]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    calls = (call for call in calls if getattr(call.func, "id", "") == "format_html")
    return {id(part) for call in calls for part in ast.walk(call.args[0])}


def test_html_is_made_by_templates():
    """The admin's lists may use `format_html`, which escapes."""
    for module, file in MODULES.items():
        if str(file.relative_to(ROOT)) in MAY_HOLD_MARKUP:
            continue
        tree = parse(module)
        allowed = docstrings(tree) | (format_html_texts(tree) if ".admin" in module else set())
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert id(node) in allowed or not TAG.search(node.value), (module, node.value)
