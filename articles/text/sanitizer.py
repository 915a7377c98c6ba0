"""Conversion of Markdown to HTML that bleach has sanitised."""

import re
import threading
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import bleach
from bleach import html5lib_shim
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from markdown import Markdown

from articles.text.outline import VOID

PROTOCOLS = frozenset({"http", "https", "mailto"})
INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\s\u200b-\u200f\u2060-\u206f]+")
SCHEME = re.compile(r"([^/?#]*?):")


def decode_address(address: str) -> str:
    """The address as the most lenient program reads it: some decode feeds and mails twice."""
    return INVISIBLE.sub("", unescape(unescape(address)))


def is_safe_address(address: str) -> bool:
    """Whether the address has no scheme, or one that we allow.

    bleach alone is not enough: it takes a scheme before digits for a host with a port.
    """
    scheme = SCHEME.match(decode_address(address))
    return not scheme or scheme[1].lower() in PROTOCOLS


class LinearTreeWalker(html5lib_shim.getTreeWalker("etree")):  # type: ignore[misc]
    """Walks the sanitiser's tree in linear time.

    The library's own walker searches for each element among its siblings, which takes quadratic
    time.
    """

    def __iter__(self) -> Iterator[dict[str, Any]]:
        yield from self.text(self.tree.text or "")
        open_elements = [(self.tree, "", iter(self.tree))]
        while open_elements:
            element, name, children = open_elements[-1]
            child = next(children, None)
            if child is not None and not isinstance(child.tag, str):
                yield from self.text(child.tail or "")  # comments are dropped
            elif child is not None:
                _, namespace, tag, attributes, _ = self.getNodeDetails(child)
                if tag in VOID:
                    yield from self.emptyTag(namespace, tag, attributes)
                    yield from self.text(child.tail or "")
                else:
                    yield self.startTag(namespace, tag, attributes)
                    yield from self.text(child.text or "")
                    open_elements.append((child, tag, iter(child)))
            else:
                open_elements.pop()
                if open_elements:
                    yield self.endTag(None, name)
                    yield from self.text(element.tail or "")


class ThreadLocalParsers(threading.local):
    """A Markdown object and a bleach Cleaner for each thread: neither is safe to share."""

    def __init__(self, parser: Callable[[], Markdown], cleaner: Callable[[], bleach.Cleaner]):
        self.markdown, self.cleaner = parser(), cleaner()
        self.cleaner.walker = LinearTreeWalker  # type: ignore[assignment]

    def convert(self, text: str) -> str:
        """Markdown to sanitised HTML; raises ValidationError where it is nested too deeply."""
        try:
            return self.cleaner.clean(self.markdown.reset().convert(text))
        except RecursionError:
            raise ValidationError(_("This text is nested too deeply."), code="depth") from None
