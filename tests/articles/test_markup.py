"""Markdown of essays: rendered as meant, sanitized, and at a bounded cost."""

import re
import sys
from html import unescape
from pathlib import Path

import html5lib
import pytest
from django.core.exceptions import ValidationError
from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import markup

pytestmark = pytest.mark.once
XHTML = "{http://www.w3.org/1999/xhtml}"
ATTRIBUTES = {
    "a": {"href", "title", "class"},
    "abbr": {"title"},
    "div": {"class"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "p": {"class"},
    "section": {"class"},
}
OUR_ID = re.compile(r"[sp]-[\w-]+|fn(ref\d*)?-[\w-]+")
DEMO = Path(__file__).parents[2] / "blogsite" / "demo"

# Ways to run a script in a browser, one of each class.
ADDRESSES = [
    "javascript:go()",
    "JaVaScRiPt:go()",
    "java\tscript:go()",
    "java&Tab;script:go()",
    "&#106;avascript&colon;go()",
    "&#x6A&#x61vascript:go()",
    "\x01javascript:go()",
    "java\u200bscript:go()",
    "vbscript:go",
    "data:text/html,<script>go()</script>",
    "//evil.example/x.png",
    "/\\evil.example/x.png",
    "/&#47;evil.example/x.png",
    "/&Tab;/evil.example/x.png",
    "https:go()",
    "&lpar;javascript:go()",
]
MARKUP = [
    "<script>go()</script>",
    "<scr<script>ipt>go()</scr</script>ipt>",
    "<img src=x onerror=go()>",
    "<svg/onload=go()>",
    "<math><mtext><table><mglyph><style><img src=x onerror=go()>",
    '"><b onmouseover=go()>',
    "' onfocus=go() autofocus='",
    "<a href=javascript:go()>x</a>",
    "<p id=comments class=x style=position:fixed>",
    "<iframe srcdoc=x></iframe>",
    "<form action=/x><button formaction=javascript:go()>",
    "<!--><img src=x onerror=go()>-->",
    "<![CDATA[<script>go()</script>]]>",
    "&lt;script&gt;go()&lt;/script&gt;",
    "</li></ul></section><script>go()</script>",
    "\x02wzxhzdk:0\x03",
    "<!--tools p-x-->",
]
WRAPS = [
    "%s",
    "[x](%s)",
    "[x](<%s>)",
    '[x](/a "%s")',
    "[%s](/a)",
    "![%s](%s)",
    "[x][r]\n\n[r]: %s",
    '[x][r]\n\n[r]: /a "%s"',
    "<%s>",
    "`%s`",
    "```%s\n%s\n```",
    "    %s",
    "> %s",
    "- %s\n  - %s",
    "# %s",
    "a|b\n-|-\n%s|%s",
    "x[^1]\n\n[^1]: %s",
    "x[^%s]\n\n[^%s]: y",
    "# h {%s}",
    "p\n{: %s }",
    "*[%s]: t\n*[AB]: %s\n\nAB %s",
    "Lead %s:\n- %s",
    "\\%s",
]


def faults(html, tags=markup.TAGS | {"section"}, attributes=ATTRIBUTES, is_id=OUR_ID.fullmatch):
    """The elements and attributes in the HTML, as a browser parses it, that are not allowed."""
    found, ids = [], set()
    for element in html5lib.parseFragment(html).iter():
        tag = element.tag
        if not isinstance(tag, str):
            if not re.fullmatch(r"tools [sp]-[\w-]+", element.text or ""):
                found.append(element.text)
            continue
        tag = tag.removeprefix(XHTML)
        if tag == "DOCUMENT_FRAGMENT":
            continue
        if tag not in tags:
            found.append(tag)
        for name, value in element.attrib.items():
            if name == "id":
                if not is_id(value) or value in ids:
                    found.append((tag, name, value))
                ids.add(value)
            elif name not in attributes.get(tag, ()):
                found.append((tag, name, value))
            if name in {"href", "src"} and not is_harmless(value, name == "src"):
                found.append((tag, name, value))
    return found


def is_harmless(address, own):
    # Decoded once more than a browser does: feeds and mails are.
    seen = re.sub(r"[\x00-\x20\x7f-\xa0\s\u200b]", "", unescape(address)).lower()
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", seen)
    if own:
        return bool(re.match(r"/(?![/\\])", seen))
    return not scheme or scheme[1] in {"http", "https", "mailto"}


def html_of(text):
    return markup.render(text)[0]


def count_calls(function, *args):
    """How many calls of Python and C functions it takes: the same on any machine."""
    calls = 0

    def count(frame, event, arg):
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        function(*args)
    except ValidationError:
        pass
    finally:
        sys.setprofile(None)
    return calls


NASTY = st.sampled_from(
    ["[", "]", "](", ")", "!", "![", "<", ">", "*", "**", "_", "`", "```", "~~~", "#", "|", "|-|"]
    + ["\n", "\n\n", "    ", "  \n", "\t", "- ", "1. ", "\n- ", "\n  - ", "\n> ", "\n# ", "> "]
    + ["\n---\n", "\n===\n", "[^1]", "\n[^1]: ", "\n*[a]: ", "\n[a]: ", "[a]", "{: .a }", "{#a}"]
    + ["&", ";", "&lt;", "&#60;", "&#x", "\\", '"', "'", "--", "...", "a", "b c", "字", "e\u0301"]
    + ["\u202e", "\ud800", "\x00", "\x02", "\x03", "\x02klzzwxh:0000\x03", "•", "http://a.b/"]
    + ["<script>", "</p>", "<b ", "javascript:go()", "onerror=", "/", "1990. ", "{", "}", "\r"]
)
SOUP = st.lists(NASTY, max_size=60).map("".join)


class HostileTest(SimpleTestCase):
    def test_nothing_hostile_survives(self):
        for hostile in ADDRESSES + MARKUP:
            for wrap in WRAPS:
                source = wrap.replace("%s", hostile)
                with self.subTest(source=source):
                    self.assertEqual(faults(html_of(source)), [])

    @settings(deadline=None, max_examples=300)
    @given(SOUP)
    def test_any_text_renders_harmless_or_is_refused_kindly(self, source):
        try:
            html, blocks = markup.render(source)
        except ValidationError:
            return
        self.assertEqual(faults(html), [])
        self.assertEqual(html, html_of(source))
        for block in blocks:
            self.assertEqual(html.count(f' id="{block.anchor}"'), 1)

    def test_images_from_elsewhere_become_links(self):
        html = html_of("![A duck](https://ducks.example/1.png)")
        self.assertEqual(html, '<p><a href="https://ducks.example/1.png">A duck</a></p>')

    def test_picture_with_a_title_that_stands_alone_has_a_caption(self):
        html = html_of('![A duck](/media/duck.png "The duck\'s <b>home</b>")\n\nText')
        self.assertEqual(
            html.replace("\n", ""),
            '<figure><img alt="A duck" src="/media/duck.png">'
            "<figcaption>The duck&rsquo;s &lt;b&gt;home&lt;/b&gt;</figcaption></figure>"
            "<p>Text</p>",
        )

    def test_picture_among_words_or_without_a_title_has_none(self):
        for source in (
            'See ![A duck](/duck.png "Title")',
            '![A duck](/duck.png "Title") swims',
            '![A duck](/duck.png "Title") ![A goose](/goose.png "Title")',
            "![A duck](/duck.png)",
            '- ![A duck](/duck.png "Title")',
            '![A duck](https://ducks.example/1.png "Title")',
        ):
            with self.subTest(source=source):
                self.assertNotIn("figure", html_of(source))

    def test_caption_is_no_part_of_a_point_and_no_lead(self):
        html, blocks = markup.render('![A](/a.png "Caption")\n\n- One\n- Two')
        self.assertEqual([block.text for block in blocks], ["One", "One", "Two"])
        self.assertIn("</figure>\n<section", html)

    def test_html_is_shown_as_it_was_typed(self):
        self.assertEqual(html_of("<p>a</p>"), "<p>&lt;p&gt;a&lt;/p&gt;</p>")

    def test_nothing_invisible_misleads(self):
        self.assertEqual(html_of("a\u202eb\x00c\u2066d\x02\ud800\ufeff"), "<p>abcd\ufffd</p>")

    def test_a_refused_text_leaves_nothing_to_the_next(self):
        with self.assertRaises(ValidationError):
            markup.render("- " * 200 + "x")
        self.assertEqual(html_of("*a*"), "<p><em>a</em></p>")


# One of each shape that made the library or the sanitiser slow, to be repeated.
SHAPES = [
    *("[", "![[", "[a](", "<![", "<a ", "`a``b", "```\\", "*a", "**a*_", "a*", "_a_ ", "'_"),
    *("(", "<", "&", "&lt;", "|\n", "|-|\n", "-|", "a\n===\n", "\n# a", "\n- a", "\n1. a", "> \n"),
    *("\n\n", "a\n\n", "    a\n\n", "\n~~~\n", "```a\n", "[^1]", "\n[^1]: a", "\n[a]: b\nx"),
    *("\n*[a]: b", " a", "- \n", "> # a\n", "a  \n", '"a', "--", "\\*", "{: .a }\n", "[a]"),
    *("e\u0301", "字", "\u202ea", "\x02", "\ud800", "· a\n", "> - ", "http://a.b "),
]


class CostTest(SimpleTestCase):
    @pytest.mark.slow
    def test_no_shape_costs_more_than_its_length_allows(self):
        for shape in SHAPES:
            with self.subTest(shape=shape):
                short, long = (
                    count_calls(markup.render, (shape * size)[:size]) for size in (1_250, 5_000)
                )
                # Four times the text: a cost by the square would be sixteen times as much.
                self.assertLess(long, max(9 * short, 60_000))
                self.assertLess(long, 1_000_000)

    def test_ordinary_text_costs_by_its_length(self):
        essay = "\n\n".join(path.read_text() for path in sorted(DEMO.glob("*.md")))[:20_000]
        short, long = count_calls(markup.render, essay[:5_000]), count_calls(markup.render, essay)
        self.assertLess(long, 6 * short)

    def test_an_abbreviation_does_not_blow_up_the_page(self):
        html = html_of("*[a]: " + "long " * 1_000 + "\n\n" + "a " * 1_000)
        self.assertLess(len(html), 15_000)

    def test_a_note_called_often_is_numbered_by_a_count(self):
        text = "[^1]" * 140 + "\n\n[^1]: Note"
        self.assertIn('id="fnref140-1"', html_of(text))
