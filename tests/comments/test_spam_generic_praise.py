"""Praise without a link is held if it fits under any page, not if it speaks of the essay."""

import pytest

from comments import spam
from comments.spam import features, pretrained

pytestmark = pytest.mark.django_db


def score(text: str, name="Ruth") -> float:
    return spam.score(name, "reader@example.org", text)


@pytest.mark.parametrize(
    "text",
    [
        "What an amazing blog, I will bookmark it and tell my friends about your content!",
        "Thanks for sharing such valuable information, keep posting articles like this.",
        "Which theme do you use for this blog? The layout loads so fast, great job!",
        "I was browsing the web for hours and found your site, very informative post.",
        "You explain this topic so well, every blogger should read your articles.",
        "Muchas gracias por la información, excelente blog, lo guardo en favoritos.",
        "Super Blog, sehr informativ, ich werde eure Seite weiterempfehlen. Weiter so!",
        "Спасибо автору за полезную информацию, добавил сайт в закладки.",
        "文章很不错，感谢分享，已收藏。",
    ],
)
def test_praise_that_fits_any_page_is_held(text):
    assert score(text) >= spam.HOLD_AT


@pytest.mark.parametrize(
    "text",
    [
        "Well said, thank you",
        "Thanks for sharing.",
        "Great article, thanks!",
        "Lovely piece. My mother sorted letters there until 1968.",
        "Great post on the miners, but the strike began in Wales.",
        "Bookmarked for my students, who think Cicero was a footballer.",
        "I love this site, even when the author is wrong about horses.",
        "A friend sent me this article and we argued about the bishop all night.",
        "Please keep writing about the harbour, my brother works there.",
        "Which plugin draws the family trees? I edit a paper for a parish.",
        "Objection number 17.",
        "Reply 17 from client 3",
        "Compare https://example.com/one and https://example.org/two",
        "Schöner Text, aber mein Großvater war nie in Verdun.",
        "Gracias, mi abuela contaba lo mismo de la sequía.",
    ],
)
def test_praise_that_speaks_of_the_essay_passes(text):
    assert score(text) < spam.PROVE_AT


def test_words_that_always_stand_together_share_their_weight():
    pair, alone = (["", "one", "two"], True), (["", "three"], True)
    honest = [(["", "fair"], False)] * 2
    weights = pretrained.fit([pair, alone, *honest] * 40)
    assert weights["one"] == weights["two"] < weights["three"]
    assert weights["fair"] < 0


def test_names_of_people_have_no_weight():
    known = pretrained.load().tokens
    assert not [token for token in known if token in ("@name hannah", "@name chidi")]
    assert "@name seo" in known


def test_the_loaded_weights_are_small():
    known = pretrained.load().tokens
    assert len(known) < 16_000
    # Tokens with equal weights and counts share one tuple.
    assert len({id(counts) for counts in known.values()}) < len(known) / 2


def test_a_repetitive_reply_has_few_tokens():
    assert len(features.extract("Ruth", "One may praise bees. " * 500)) < 60
