"""Anchors: a point keeps its anchor while its words are mostly the same."""

import pytest
from django.test import SimpleTestCase

from articles.text.anchors import Block, assign_anchors

pytestmark = pytest.mark.once


def points(*texts):
    return [Block("point", text) for text in texts]


def anchors_after(old, *texts):
    """The anchors of these texts in an essay whose blocks were the old ones."""
    new = points(*texts)
    assign_anchors(new, old)
    return [block.anchor for block in new]


class AnchorTest(SimpleTestCase):
    def setUp(self):
        self.old = points(
            "Benches belong in every street of the town",
            "Clocks ought to be seen from the market square",
            "Nobody should be charged for sitting down",
        )
        assign_anchors(self.old, [])
        self.benches, self.clocks, self.sitting = [block.anchor for block in self.old]

    def test_new_anchor_is_made_of_the_first_words(self):
        self.assertEqual(self.benches, "p-benches-belong-in-every-street-of")

    def test_text_without_letters_still_gets_an_anchor(self):
        self.assertEqual(anchors_after([], "!?", "***"), ["p-point", "p-point-2"])

    def test_section_and_point_of_the_same_words_differ(self):
        blocks = [Block("heading", "Benches"), Block("point", "Benches")]
        assign_anchors(blocks, [])
        self.assertEqual([block.anchor for block in blocks], ["s-benches", "p-benches"])

    def test_reordered_points_keep_their_anchors(self):
        texts = [block.text for block in reversed(self.old)]
        self.assertEqual(
            anchors_after(self.old, *texts), [self.sitting, self.clocks, self.benches]
        )

    def test_reworded_point_keeps_its_anchor(self):
        reworded = "Benches belong in every quiet street of the whole town"
        self.assertEqual(anchors_after(self.old, reworded), [self.benches])

    def test_rewritten_point_gets_a_new_anchor(self):
        anchors = anchors_after(self.old, "Pigeons belong in every museum")
        self.assertNotIn(anchors[0], [self.benches, self.clocks, self.sitting])

    def test_short_points_are_not_taken_for_each_other(self):
        old = points("Ban all cars")
        assign_anchors(old, [])
        self.assertNotEqual(anchors_after(old, "Ban all dogs"), [old[0].anchor])

    def test_removed_point_comes_back_with_its_anchor(self):
        self.old[0].current = False
        self.assertEqual(anchors_after(self.old, self.old[0].text), [self.benches])

    def test_removed_point_does_not_lend_its_anchor_to_a_similar_one(self):
        self.old[0].current = False
        similar = "Benches belong in every street of the city"
        self.assertNotEqual(anchors_after(self.old, similar), [self.benches])

    def test_the_most_alike_of_two_keeps_the_anchor(self):
        near, nearer = (
            "Benches belong in every street",
            "Benches belong in every street of our town",
        )
        self.assertEqual(anchors_after(self.old, near, nearer)[1], self.benches)

    def test_a_kept_anchor_is_not_given_to_a_similar_text_as_well(self):
        text = self.old[0].text
        anchors = anchors_after(self.old, f"{text} indeed", text)
        self.assertEqual(anchors[1], self.benches)
        self.assertNotEqual(anchors[0], self.benches)

    def test_same_texts_get_anchors_of_their_own(self):
        self.assertEqual(len(set(anchors_after([], "Same", "Same", "Same"))), 3)

    @pytest.mark.slow
    def test_a_thousand_reworded_points_all_alike_keep_their_anchors(self):
        common = "all of these points share nearly every one of their words"
        old = points(*(f"{common} {n}" for n in range(1_000)))
        assign_anchors(old, [])
        texts = [f"{common} {n} indeed" for n in range(1_000)]
        self.assertEqual(anchors_after(old, *texts), [block.anchor for block in old])
