"""HTML of an essay's Markdown, also of text that was pasted from other programs."""

import re

import pytest
from django.test import SimpleTestCase

from tests.articles.test_markup import html_of

pytestmark = pytest.mark.once


class RenderingTest(SimpleTestCase):
    def assertRenders(self, text, html):
        plain = re.sub(r"<!--.*?-->| id=\"[sp]-[^\"]*\"|</?section[^>]*>", "", html_of(text))
        self.assertEqual(re.sub(r"\n\s*", "", plain), html)

    def test_headings_start_below_the_title(self):
        self.assertRenders("# A\n## B\ntext", "<h2>A</h2><h3>B</h3><p>text</p>")
        self.assertRenders("A\n===\nB\n---", "<h2>A</h2><h3>B</h3>")
        self.assertRenders("## A ##", "<h2>A</h2>")
        self.assertRenders("## A {#mine .big}", "<h2>A</h2>")

    def test_hashtag_is_no_heading(self):
        self.assertRenders("#benches are back", "<p>#benches are back</p>")

    def test_list_may_follow_its_lead_at_once(self):
        self.assertRenders("Lead:\n- a\n- b", "<p>Lead:</p><ul><li>a</li><li>b</li></ul>")

    def test_lists_pasted_from_other_editors(self):
        nested = "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"
        for step in ("  ", "   ", "    ", "\t"):
            self.assertRenders(f"- a\n{step}- b\n{step * 2}- c\n- d", nested)
        self.assertRenders("• a\n• b", "<ul><li>a</li><li>b</li></ul>")
        self.assertRenders("  •\ta\n  •\tb", "<ul><li>a</li><li>b</li></ul>")
        self.assertRenders("1) a\n2) b", "<ol><li>a</li><li>b</li></ol>")
        self.assertRenders("> - a\n>   - b", f"<blockquote>{LIST_IN_LIST}</blockquote>")

    def test_items_of_several_paragraphs(self):
        self.assertRenders(
            "- a\n\n  b\n- c\n\n      code",
            "<ul><li><p>a</p><p>b</p></li><li><p>c</p><pre><code>code</code></pre></li></ul>",
        )

    def test_sentence_with_a_number_in_front_is_no_list(self):
        self.assertRenders("1990. A year to remember.", "<p>1990. A year to remember.</p>")
        self.assertRenders("I was\n7. Then 8.", "<p>I was7. Then 8.</p>")
        self.assertRenders("3. c\n4. d", '<ol start="3"><li>c</li><li>d</li></ol>')

    def test_code_in_fences_stays_as_it_is(self):
        code = "<pre><code>• x &lt;b&gt;    *y*</code></pre>"
        self.assertRenders("```py\n• x <b>    *y*\n```", code)
        self.assertRenders("~~~\n• x <b>    *y*\n~~~", code)
        self.assertRenders("> ```\n> • x <b>    *y*\n> ```", f"<blockquote>{code}</blockquote>")
        self.assertRenders("- a\n\n  ```\n  x\n  ```\n- b", CODE_IN_LIST)
        self.assertRenders("~~~\n\nScene two.", "<p>~~~</p><p>Scene two.</p>")

    def test_code_in_lines(self):
        self.assertRenders(
            "`` a`b `` and `<i>`", "<p><code>a`b</code> and <code>&lt;i&gt;</code></p>"
        )
        self.assertRenders("    - x", "<pre><code>- x</code></pre>")

    def test_links(self):
        self.assertRenders(
            '[a (b)](https://x.org/a_(b) "T")',
            '<p><a href="https://x.org/a_(b)" title="T">a (b)</a></p>',
        )
        for use in ("[a][R]", "[a][r]", "[a]"):
            self.assertRenders(f"{use}\n\n[a]: /b\n[r]: /b", '<p><a href="/b">a</a></p>')
        self.assertRenders(r"[a](/b\_c\\)", '<p><a href="/b_c\\">a</a></p>')
        self.assertRenders("[not a link]", "<p>[not a link]</p>")

    def test_words_with_stars_and_underscores(self):
        self.assertRenders("snake_case_word, 2 * 3 * 4", "<p>snake_case_word, 2 * 3 * 4</p>")
        self.assertRenders(
            "***a*** **b** _c_", "<p><strong><em>a</em></strong> <strong>b</strong> <em>c</em></p>"
        )

    def test_line_breaks(self):
        for end in ("  ", "\\"):
            self.assertRenders(f"a{end}\nb", "<p>a<br>b</p>")

    def test_rules(self):
        for rule in ("* * *", "***", "- - - - - - - -", "___"):
            self.assertRenders(f"a\n\n{rule}\n\nb", "<p>a</p><hr><p>b</p>")

    def test_footnote_of_two_paragraphs_called_twice(self):
        html = html_of("a[^n] b[^n]\n\n[^n]: One.\n\n    Two.")
        self.assertEqual(html.count('href="#fn-n"'), 2)
        self.assertIn('href="#fnref2-n"', html)
        self.assertIn("<p>One.</p>\n<p>Two.", html)

    def test_quotes_and_dashes(self):
        self.assertRenders('"a" -- it\'s', "<p>&ldquo;a&rdquo; &ndash; it&rsquo;s</p>")

    def test_abbreviations_are_marked_outside_code(self):
        self.assertRenders(
            "the EU, *EU* `EU` EUR\n\n*[EU]: Union",
            '<p>the <abbr title="Union">EU</abbr>, <em><abbr title="Union">EU</abbr></em> '
            "<code>EU</code> EUR</p>",
        )

    def test_pullquote(self):
        self.assertRenders("So it is.\n{: .pullquote }", '<p class="pullquote">So it is.</p>')
        self.assertRenders("So it is.\n{: .other }", "<p>So it is.</p>")

    def test_table(self):
        html = html_of("| a | b |\n|:--|--:|\n| 1 | 2 |")
        self.assertIn("<td>2</td>", html)


LIST_IN_LIST = "<ul><li>a<ul><li>b</li></ul></li></ul>"
CODE_IN_LIST = "<ul><li><p>a</p><pre><code>x</code></pre></li><li><p>b</p></li></ul>"
