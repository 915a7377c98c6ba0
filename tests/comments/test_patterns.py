"""Words and patterns that hold replies: they match as written, and none can hang the site."""

import pytest
from django.core.exceptions import ValidationError

from comments.models import Comment, Pattern, pattern
from tests.builders import build_article, reply_data

pytestmark = pytest.mark.django_db
SLOW = r"(a|a)*b|(a+)+$"
ADMIN = "/admin/comments/pattern/"


def words(text, kind="hold", **fields):
    return Pattern.objects.create(kind=kind, text=text, **fields)


@pytest.fixture
def send(client):
    article = build_article()

    def post(body, **fields):
        return client.post(article.get_reply_url(), reply_data(body=body, **fields))

    return post


@pytest.mark.parametrize(
    ("text", "body", "found"),
    [
        ("casino", "Come to the CASINO!", True),
        ("casino", "Come to the c\u0430sin\u03bf", True),
        ("casino", "cas\u00adino", True),
        ("casino", "Casinos are many.", False),
        ("free money", "Free\n  money", True),
        ("free money", "free of money", False),
        ("c++", "We use c++ here", True),
        ("stra\u00dfe", "STRASSE", True),
        (".", "No dot of mine", False),
    ],
)
def test_words_are_found_whole_and_under_their_disguises(text, body, found):
    assert Pattern(text=text).finds(body) == found


def test_expression_is_searched_in_the_words_as_they_were_typed():
    pattern = Pattern(text=r"buy\s+\d+ pills?", is_regex=True)
    assert pattern.finds("Buy 20 pills") and not pattern.finds("Buy my pills")


def test_held_reply_names_the_pattern_and_the_name_is_searched_too(send):
    words("casino")
    assert send("Fine words.", name="Casino Royale").status_code == 303
    comment = Comment.objects.get()
    assert comment.status == "held"
    assert str(comment.reasons.get(rule="pattern")) == "Holds casino (80)"


def test_refused_reply_comes_back_with_every_word(send):
    words("casino", kind="refuse")
    response = send("Come to the casino.")
    html = response.content.decode()
    assert response.status_code == 422 and not Comment.objects.exists()
    assert "Come to the casino." in html and "Please reword it" in html


def test_pattern_that_takes_too_long_holds_the_reply(send):
    words(SLOW, kind="refuse", is_regex=True)  # as if it had got past the form
    assert send("a" * 5_000 + "!").status_code == 303
    comment = Comment.objects.get()
    assert comment.status == "held"
    assert comment.reasons.get().rule == "slow_pattern"


def test_patterns_together_have_a_limit_too(send, monkeypatch):
    monkeypatch.setattr(pattern, "SECONDS_FOR_ALL", -1)
    words("nothing of the kind")
    send("Fine words.")
    assert Comment.objects.get().reasons.get().rule == "slow_pattern"


@pytest.mark.parametrize("text", [r"(a+)+$", r"(x+x+)+y", r"(\w+\s?)*!", r"(a|aa)+$", r"(z*)*q"])
def test_pattern_that_could_hang_the_site_is_not_stored(text):
    with pytest.raises(ValidationError, match="too long"):
        Pattern(kind="hold", text=text, is_regex=True).full_clean()


@pytest.mark.parametrize(("text", "fault"), [("(a", "no pattern"), ("a*", "every reply")])
def test_broken_and_all_embracing_patterns_are_not_stored(text, fault):
    with pytest.raises(ValidationError, match=fault):
        Pattern(kind="hold", text=text, is_regex=True).full_clean()


def test_honest_patterns_are_stored():
    for text in (
        r"\w+@",
        r"https?://\S+\.example",
        r"\b(?:pills?|casino)\b",
        r"(?:\+?\d[\d -]{8,}\d)",
    ):
        Pattern(kind="hold", text=text, is_regex=True).full_clean()
    Pattern(kind="refuse", text="(a+)+$").full_clean()  # words, not an expression


def test_pattern_is_tried_on_what_the_administrator_types(admin_client):
    data = {"kind": "hold", "text": "casino", "note": "", "is_regex": ""}
    wrong = admin_client.post(f"{ADMIN}add/", data | {"should_find": "Casinos"})
    assert "It lets this pass." in wrong.content.decode()
    wrong = admin_client.post(f"{ADMIN}add/", data | {"should_pass": "A casino!"})
    assert "It finds this." in wrong.content.decode() and not Pattern.objects.exists()
    tried = {"should_find": "A casino!", "should_pass": "Casinos"}
    assert admin_client.post(f"{ADMIN}add/", data | tried).status_code == 302
    assert Pattern.objects.get().text == "casino"


def test_star_in_whole_words_is_refused_and_not_stored_for_nothing():
    with pytest.raises(ValidationError, match="star"):
        Pattern(kind="hold", text="flange*").full_clean()
    Pattern(kind="hold", text="flange.*", is_regex=True).full_clean()
