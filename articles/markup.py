"""An essay's Markdown to sanitised HTML with lasting anchors."""

import re
from collections.abc import Sequence
from functools import partial

import bleach
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.text.anchors import Block, assign_anchors
from articles.text.clean import clean_text
from articles.text.markdown_extensions import build_parser
from articles.text.outline import Outline
from articles.text.preprocessor import Limits
from articles.text.sanitizer import PROTOCOLS, ThreadLocalParsers, decode_address, is_safe_address

VERSION = 3  # raise when the same source renders differently, then run `rerender`
MAX_LENGTH = 300_000
MAX_POINTS, MAX_SECTIONS = 1_000, 500
LIMITS = Limits(
    step=30_000, block=50_000, lines=700, items=400, signs=1_500, cells=700, definitions=150
)

TAGS = frozenset(
    "a abbr blockquote br code div em figcaption figure h1 h2 h3 h4 h5 h6 hr img li ol p pre "
    "strong sup table tbody td th thead tr ul".split()
)
CLASSES = {
    "div": {"footnote"},
    "a": {"footnote-ref", "footnote-backref"},
    "p": {"pullquote"},
    "blockquote": {"pullquote"},
}
OWN_ADDRESS = re.compile(r"/(?![/\\])")
FOOTNOTE_ID = re.compile(r"fn(ref\d*)?-[\w-]{1,80}\Z")


def allow_attribute(tag: str, name: str, value: str) -> bool:
    """bleach's callback: whether an attribute stays."""
    if name == "class":
        return value in CLASSES.get(tag, ())
    if name == "id":
        return tag in {"li", "sup"} and bool(FOOTNOTE_ID.match(value))
    if tag == "img":
        # Images from other hosts would tell them who reads this site.
        return name in {"alt", "title"} or (name == "src" and is_local_address(value))
    if name == "href":
        return tag == "a" and is_safe_address(value)
    return (tag, name) in {("a", "title"), ("abbr", "title"), ("ol", "start")}


parsers = ThreadLocalParsers(
    partial(build_parser, LIMITS),
    lambda: bleach.Cleaner(
        tags=TAGS, attributes=allow_attribute, protocols=PROTOCOLS, strip=True, strip_comments=True
    ),
)


def is_local_address(address: str) -> bool:
    """Whether browsers, which decode entities, skip tabs and read \\ as /, look for it here."""
    return bool(OWN_ADDRESS.match(decode_address(address)))


def lower_headings(html: str) -> str:
    """The HTML with all headings one level lower if it has an h1: that is the page's title."""
    if "<h1" not in html:
        return html
    return re.sub(r"<(/?)h([1-6])>", lambda tag: f"<{tag[1]}h{min(int(tag[2]) + 1, 6)}>", html)


def refuse_length(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise ValidationError(
            _("An essay holds at most %(most)s characters."),
            "length",
            {"most": intcomma(MAX_LENGTH)},
        )


def refuse_block_count(blocks: Sequence[Block]) -> None:
    points = sum(block.kind == "point" for block in blocks)
    if points > MAX_POINTS or len(blocks) - points > MAX_SECTIONS:
        raise ValidationError(
            _("An essay holds at most %(points)s points and %(sections)s sections."),
            "blocks",
            {"points": MAX_POINTS, "sections": MAX_SECTIONS},
        )


def render(text: str, known: Sequence[Block] = ()) -> tuple[str, list[Block]]:
    """An essay's safe HTML and its sections and points, in reading order.

    `known` are the blocks that the essay has or had, whose anchors are kept. The HTML has
    `<!--tools ANCHOR-->` after each block's text. Raises ValidationError for a text that is too
    long, too costly to parse, or nested too deeply.
    """
    text = clean_text(text)
    refuse_length(text)
    outline = Outline(lower_headings(parsers.convert(text)))
    refuse_block_count(outline.blocks)
    assign_anchors(outline.blocks, known)
    return outline.write(), outline.blocks
