"""Bidirectional text: words are put in the order in which a line is drawn."""

import pytest
from django.test import SimpleTestCase

from articles.bidi import LEFT, RIGHT, in_visual_order, reads_from_right

pytestmark = pytest.mark.once
# Alef, bet and gimel, read in this order from the right.
ABC, CBA = "\u05d0\u05d1\u05d2", "\u05d2\u05d1\u05d0"


class BidiTest(SimpleTestCase):
    def test_a_line_is_read_from_the_side_of_its_first_letter(self):
        for text, from_right in ((f"12 {ABC} x", True), (f"x {ABC}", False), ("12", False)):
            self.assertEqual(reads_from_right(text), from_right)

    def test_left_to_right_text_is_unchanged(self):
        for line in ("", "Plain (text), 3.5 times.", "\u0416\u0443\u043a 12"):
            self.assertEqual(in_visual_order(line, LEFT), line)

    def test_lines_that_are_read_from_the_right(self):
        for line, drawn in (
            (f"{ABC} {ABC}.", f".{CBA} {CBA}"),
            (f"{ABC} (x) {ABC}", f"{CBA} (x) {CBA}"),
            (f"{ABC} (x y): {ABC}", f"{CBA} :(x y) {CBA}"),
            (f"{ABC} 3.5 {ABC}", f"{CBA} 3.5 {CBA}"),
            (f"({ABC})", f"({CBA})"),
        ):
            with self.subTest(line=line):
                self.assertEqual(in_visual_order(line, RIGHT), drawn)

    def test_words_from_the_right_in_a_line_from_the_left(self):
        self.assertEqual(in_visual_order(f"Say {ABC} 12 {ABC}, x", LEFT), f"Say {CBA} 12 {CBA}, x")
        self.assertEqual(in_visual_order(f"x {ABC} {ABC} 7.", LEFT), f"x 7 {CBA} {CBA}.")
