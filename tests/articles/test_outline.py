"""The outline that is read from an essay's HTML: its headings, leads and points."""

import pytest
from django.test import SimpleTestCase

from articles import markup

pytestmark = pytest.mark.once


def outline(text):
    return [(block.kind, block.level, block.text) for block in markup.render(text)[1]]


class OutlineTest(SimpleTestCase):
    def test_headings_lists_and_points_in_reading_order(self):
        text = "# A\n\nIntro.\n\nThe lead:\n\n- one\n    - two\n\n## B\n\n- three"
        self.assertEqual(
            outline(text),
            [
                ("heading", 2, "A"),
                ("list", 0, "The lead:"),
                ("point", 1, "one"),
                ("point", 2, "two"),
                ("heading", 3, "B"),
                ("list", 0, "three"),
                ("point", 1, "three"),
            ],
        )

    def test_points_know_their_section(self):
        blocks = markup.render("## A\n\nLead:\n\n- one\n\n> - quoted")[1]
        sections = {block.text: block.section.text for block in blocks if block.section}
        self.assertEqual(sections, {"Lead:": "A", "one": "Lead:", "quoted": "A"})

    def test_section_wraps_the_list_and_its_lead(self):
        html, _ = markup.render("Before.\n\nLead:\n\n- one\n\nAfter.")
        self.assertIn('<p>Before.</p>\n<section class="points" id="s-lead"><p>Lead:', html)
        self.assertIn("</ul></section>\n<p>After.</p>", html)

    def test_text_of_a_point_is_what_is_read(self):
        self.assertEqual(
            outline('- a *b* & "c"[^1] [d](/e)\n\n[^1]: Note.\n\n    - no point')[1:],
            [("point", 1, "a b & \u201cc\u201d d")],
        )

    def test_ids_and_tools_stand_with_their_block(self):
        html, _ = markup.render("- a *b*\n    - c")
        self.assertIn('<li id="p-a-b">a <em>b</em><!--tools p-a-b--><ul>', html)
        self.assertIn('<li id="p-c">c<!--tools p-c--></li>', html)

    def test_text_that_looks_like_tags_is_text(self):
        self.assertEqual(outline("- a <b> c")[1:], [("point", 1, "a <b> c")])
        self.assertEqual(outline('- [a](/b ">")\n- c')[1:], [("point", 1, "a"), ("point", 1, "c")])

    def test_heading_between_lead_and_list_is_no_lead(self):
        self.assertEqual(outline("Text.\n\n## A\n\n- b")[1], ("list", 0, "b"))

    def test_code_between_text_and_list_parts_them(self):
        self.assertEqual(outline("Text.\n\n```\nx\n```\n\n- b")[0], ("list", 0, "b"))
