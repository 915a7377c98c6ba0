"""A reader's Markdown to safe HTML: emphasis, links, lists, quotes, code and line breaks."""

import re
from functools import partial

import bleach
from bleach.linkifier import LinkifyFilter
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from markdown import Markdown

from articles.text.clean import clean_text
from articles.text.markdown_extensions import trim_parser
from articles.text.preprocessor import Limits
from articles.text.sanitizer import PROTOCOLS, ThreadLocalParsers, is_safe_address

VERSION = 2  # raise when the same source renders differently, then run `rerender`
MAX_LENGTH = 10_000
MAX_LINKS = 20
LIMITS = Limits(
    step=10_000, block=20_000, lines=300, items=150, signs=600, cells=600, definitions=300
)

TAGS = frozenset("a blockquote br code em li ol p pre strong ul".split())
ADDRESS = re.compile(r"(?i)(?:\]\(\s*<?)?https?://(?:www\.)?|www\.|\]\(")
# bleach's own pattern takes quadratic time for rows of brackets, and finds links in `file.py`.
BARE_ADDRESS = re.compile(
    r"(?i)(?<![a-z0-9_@./:-])(?:https?://|www\.)[^\W_][^\s{}|\\^`<>\"]{0,2000}(?<![!?;:*'’”»])"
)


def allow_attribute(tag: str, name: str, value: str) -> bool:
    if name == "href":
        return tag == "a" and is_safe_address(value)
    return (tag, name) in {("a", "title"), ("ol", "start")}


def add_rel(attributes, new=False):
    """bleach's callback: no credit for links from strangers."""
    attributes[None, "rel"] = "nofollow ugc noopener"
    return attributes


def build_parser() -> Markdown:
    md = Markdown(extensions=["sane_lists", "nl2br"], output_format="html")
    trim_parser(md, LIMITS, unwanted=("autolink", "automail"))
    for name in ("hashheader", "setextheader", "reference"):
        md.parser.blockprocessors.deregister(name)
    return md


parsers = ThreadLocalParsers(
    build_parser,
    lambda: bleach.Cleaner(
        tags=TAGS,
        attributes=allow_attribute,
        protocols=PROTOCOLS,
        strip=True,
        strip_comments=True,
        filters=[
            partial(
                LinkifyFilter,
                callbacks=[add_rel],
                skip_tags={"pre", "code"},
                url_re=BARE_ADDRESS,
            )
        ],
    ),
)


def render(text: str) -> str:
    """A reply's sanitised HTML.

    Raises ValidationError for a text that is empty, longer than 10,000 characters, holds more
    than 20 links, or is nested too deeply.
    """
    text = clean_text(text)
    if len(text) > MAX_LENGTH:
        raise ValidationError(
            _("A reply holds at most %(most)s characters; this one has %(count)s."),
            "length",
            {"most": intcomma(MAX_LENGTH), "count": intcomma(len(text))},
        )
    if len(ADDRESS.findall(text)) > MAX_LINKS:
        raise ValidationError(
            _("A reply holds at most %(most)s links."), "links", {"most": MAX_LINKS}
        )
    html = parsers.convert(text)
    if not re.sub(r"<[^>]*>|&nbsp;|\s", "", html):
        raise ValidationError(_("Please write something."), "empty")
    return html


def count_links(html: str) -> int:
    return html.count("<a ")
