"""Markdown of comments: rendered as meant, sanitized, and at a bounded cost."""

import html5lib
import pytest
from django.core.exceptions import ValidationError
from django.test import SimpleTestCase
from hypothesis import given, settings

from comments import markup
from tests.articles.test_markup import (
    ADDRESSES,
    MARKUP,
    SHAPES,
    SOUP,
    WRAPS,
    XHTML,
    count_calls,
    faults,
)

pytestmark = pytest.mark.once
ATTRIBUTES = {"a": {"href", "title", "rel"}, "ol": {"start"}}


def faults_of(html):
    """Beyond the allow-list: a link that vouches for its address, or any id at all."""
    found = faults(html, markup.TAGS, ATTRIBUTES, lambda value: False)
    for link in html5lib.parseFragment(html).iter(f"{XHTML}a"):
        if "href" in link.attrib and link.get("rel") != "nofollow ugc noopener":
            found.append(link.attrib)
    return found


class HostileTest(SimpleTestCase):
    def test_nothing_hostile_survives(self):
        for hostile in ADDRESSES + MARKUP:
            for wrap in [*WRAPS, "http://x.org/%s", "www.%s", "(http://%s)"]:
                source = "x " + wrap.replace("%s", hostile)
                with self.subTest(source=source):
                    self.assertEqual(faults_of(markup.render(source)), [])

    @settings(deadline=None, max_examples=300)
    @given(SOUP)
    @pytest.mark.slow
    def test_any_text_renders_harmless_or_is_refused_kindly(self, source):
        try:
            html = markup.render(source)
        except ValidationError:
            return
        self.assertEqual(faults_of(html), [])
        self.assertEqual(html, markup.render(source))


class CostTest(SimpleTestCase):
    @pytest.mark.slow
    def test_no_shape_costs_more_than_its_length_allows(self):
        for shape in [*SHAPES, "www.a.b ", "(www.", "http://a.b/("]:
            with self.subTest(shape=shape):
                short, long = (
                    count_calls(markup.render, (shape * size)[:size]) for size in (1_250, 5_000)
                )
                self.assertLess(long, max(9 * short, 60_000))
                self.assertLess(count_calls(markup.render, (shape * 10_000)[:10_000]), 1_000_000)

    def test_brackets_are_not_searched_for_addresses_again_and_again(self):
        # bleach's own pattern starts at each bracket and runs to the last.
        self.assertFalse(markup.BARE_ADDRESS.pattern.lstrip("(?i)").startswith("\\("))
        self.assertEqual(markup.BARE_ADDRESS.findall("(" * 1_000_000), [])


class RefusalTest(SimpleTestCase):
    def assertRefused(self, text, code):
        with self.assertRaises(ValidationError) as caught:
            markup.render(text)
        self.assertEqual(caught.exception.code, code)

    def test_absurd_markup_is_refused(self):
        self.assertRefused("a" * 10_001, "length")
        self.assertRefused(" \n&nbsp;\x00", "empty")
        self.assertRefused("http://a.b " * 21, "links")
        self.assertRefused("- " * 9 + "x", "depth")
        self.assertRefused("> " * 9 + "x", "depth")
        self.assertRefused("*a* " * 2_000, "signs")
        self.assertRefused("- a\n" * 1_000, "items")

    def test_ordinary_text_is_not_refused(self):
        for text in [
            "".join(f"- Point number {n} of a long list\n" for n in range(60)),
            "```\n" + "|_/\\_<*>_[]\n" * 60 + "```",
            "> > > > A quote four deep.\n\nAnd an answer.",
            "".join(f"[link](https://example.org/{n}) " for n in range(20)),
            "A word. " * 1_250,
            "```\n" + "                            - - - - - - - - deep\n" * 60 + "```",
        ]:
            with self.subTest(text=text[:40]):
                markup.render(text)


class RenderingTest(SimpleTestCase):
    def test_line_breaks_are_kept(self):
        self.assertEqual(markup.render("Dear all,\nno."), "<p>Dear all,<br>\nno.</p>")

    def test_bare_addresses_become_links(self):
        link = '<a href="{0}" rel="nofollow ugc noopener">{1}</a>'.format
        for text, html in [
            ("http://x.org", link("http://x.org", "http://x.org")),
            ("(www.x.org).", f"({link('http://www.x.org', 'www.x.org')})."),
            (
                "see https://x.org/a_(b)!",
                f"see {link('https://x.org/a_(b)', 'https://x.org/a_(b)')}!",
            ),
            (
                "http://x.org/?a=1&b=2",
                link("http://x.org/?a=1&amp;b=2", "http://x.org/?a=1&amp;b=2"),
            ),
            ("file.py and x.org", "file.py and x.org"),
            ("`http://x.org`", "<code>http://x.org</code>"),
        ]:
            with self.subTest(text=text):
                self.assertEqual(markup.render(text), f"<p>{html}</p>")

    def test_headings_images_and_html_stay_text(self):
        for text in ("# not a heading", "![x](/a.png)", "<b>bold</b>"):
            html = markup.render(text)
            self.assertTrue(html.startswith("<p>"))
            self.assertNotIn("<img", html)
            self.assertNotIn("<b>", html)

    def test_quotes_lists_and_code(self):
        html = markup.render("> said\n\nAnd:\n- a\n  - b\n\n```\nx <y>\n```")
        for part in ("<blockquote>", "<ul>\n<li>b</li>", "<pre><code>x &lt;y&gt;\n</code></pre>"):
            self.assertIn(part, html)
