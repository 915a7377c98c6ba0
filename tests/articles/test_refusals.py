"""Absurd markup is refused with a sentence; ordinary text is not."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import SimpleTestCase

from articles import markup

pytestmark = pytest.mark.once
DEMO = Path(__file__).parents[2] / "blogsite" / "demo"


class RefusalTest(SimpleTestCase):
    def assertRefused(self, text, code):
        with self.assertRaises(ValidationError) as caught:
            markup.render(text)
        self.assertEqual(caught.exception.code, code)
        self.assertTrue(caught.exception.messages[0].endswith("."))

    def test_absurd_markup_is_refused_with_a_sentence(self):
        self.assertRefused("a" * (markup.MAX_LENGTH + 1), "length")
        self.assertRefused("- " * 9 + "x", "depth")
        self.assertRefused("> " * 9 + "x", "depth")
        self.assertRefused("".join(f"{'    ' * n}- a\n" for n in range(9)), "depth")
        self.assertRefused("*a* " * 3_000, "signs")
        self.assertRefused("```\n" + "<" * 9_000 + "\n```", "signs")
        self.assertRefused("a|b|c\n-|-|-\n" + "a|b|c\n" * 700, "cells")
        self.assertRefused("- a\n" * 2_000, "items")
        self.assertRefused("word\n" * 5_000, "lines")
        self.assertRefused("word " * 60_000, "block")
        self.assertRefused("word [^1] " * 400 + "\n\n[^1]: a", "definitions")

    def test_ordinary_text_is_not_refused(self):
        rows = "".join(f"| row {n} | {n} | {n * n} |\n" for n in range(60))
        for text in [
            "```\n" + "                                - - - - - - - - deep\n" * 60 + "```",
            "".join(f"- Point number {n} of a long list\n" for n in range(60)),
            "```\n" + "|_/\\_<*>_[]" * 60 + "\n```",
            "> > > > A quote in a quote in a quote in a quote.",
            "".join(f"A [link](https://example.org/{n}) in words. " for n in range(80)),
            "| a | b | c |\n|---|---|---|\n" + rows,
            "* * * * * * * * * * * *",
            "".join(f"Words[^{n}] and words.\n\n[^{n}]: Note.\n\n" for n in range(40)),
            "".join(f"{'  ' * n}- level {n}\n" for n in range(6)),
        ]:
            with self.subTest(text=text[:40]):
                markup.render(text)

    def test_demo_essays_are_taken(self):
        for path in DEMO.glob("*.md"):
            markup.render(path.read_text())
