"""Measures how the cost of parsing grows with the text.

Eight times the text may cost 25 times as much; a quadratic cost would be 64 times.
"""

from time import process_time
from xml.etree.ElementTree import Element

from articles import markup
from articles.text.markdown_extensions import build_parser
from articles.text.preprocessor import Limits

UNITS = {"> # a\n": 150, "a\n===\n": 150, "*[a]: b\n": 150, "a\n\n": 400, "```\\": 500}
TIMES = 8


def seconds(function, text) -> float:
    """CPU time, the lowest of five."""
    times = []
    for _ in range(5):
        started = process_time()
        function(text)
        times.append(process_time() - started)
    return min(times)


def paragraphs(size: int) -> Element:
    tree = Element("DOCUMENT_FRAGMENT")
    tree.extend(Element("p") for _ in range(size))
    for paragraph in tree:
        paragraph.append(Element("em"))
    return tree


def growths():
    """Yields a name and the ratio of the costs of the longer and the shorter text."""
    walk = markup.parsers.cleaner.walker
    short, long = (
        seconds(lambda tree: list(walk(tree)), paragraphs(size)) for size in (2_000, 2_000 * TIMES)
    )
    yield "the sanitiser's walk", long / short
    for unit, times in UNITS.items():
        parser = build_parser(Limits(1, 10**9, 10**6, 10**6, 10**6, 10**6, 10**6))

        def convert(text, parser=parser):
            return parser.reset().convert(text + "a.")

        yield (
            f"parsing {unit!r}",
            seconds(convert, unit * times * TIMES) / seconds(convert, unit * times),
        )


def show():
    for name, ratio in growths():
        print(f"{name}\t{ratio:.1f}")
