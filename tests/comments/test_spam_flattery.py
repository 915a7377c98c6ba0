"""Praise without a link: held where it could stand under any page, never where it has read."""

import pytest

from comments import spam
from comments.spam import flattery, seed, tokens


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
def test_praise_of_any_page_is_held_whatever_its_name(text):
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
def test_praise_that_has_read_passes(text):
    assert score(text) < spam.PROVE_AT


def test_the_same_praise_weighs_less_the_more_it_speaks_of_something():
    praise = "Great post, thanks for sharing"
    assert score(f"{praise} this with us.") > score(f"{praise} what the miners of Zabrze sang.")


def test_the_emptiest_praise_has_a_sign_of_its_own():
    found = tokens.read("Ruth", "", "Great post, thank you for sharing this with us.")
    assert "@flattery:2, on a subject:1" in found and "@asks nothing" not in found


def test_marks_of_praise_are_named_in_the_reasons():
    reasons = dict(spam.explain("Ruth", "", "Great blog, bookmarked!"))
    assert reasons["site praised"] > 0 and reasons["return promised"] > 0


def test_what_stands_in_the_middle_is_not_read_for_praise():
    found = flattery.see_flattery("x" * flattery.LONGEST + " bookmarked", ["x"])
    assert "@return promised" not in found


def test_words_that_always_stand_together_share_their_weight():
    pair, alone = (["", "one", "two"], True), (["", "three"], True)
    honest = [(["", "fair"], False)] * 2
    weights = seed.weigh([pair, alone, *honest] * 40, {"", "one", "two", "three", "fair"})
    assert weights["one"] == weights["two"] < weights["three"]
    assert weights["fair"] < 0


def test_names_of_people_say_nothing_on_the_first_day():
    known, _totals = spam.shipped()
    assert not [token for token in known if token in ("@name hannah", "@name chidi")]
    assert "@name seo" in known


def test_a_worker_keeps_little_of_the_seed():
    known, _totals = seed.read_counts()
    assert len(known) < 16_000
    # Rare words share their numbers.
    assert len({id(counts) for counts in known.values()}) < len(known) / 2


def test_a_long_reply_is_not_read_word_by_word():
    assert len(tokens.read("Ruth", "", "One may praise bees. " * 500)) < 60
