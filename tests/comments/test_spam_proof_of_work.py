"""Doubtful replies are held or asked for a proof of work, and the honeypot field holds a reply."""

import html
import json
import re

import altcha
import pytest

from comments import spam
from comments.models import Comment, SpentProof, proof_of_work
from tests.builders import build_article, reply_data

pytestmark = pytest.mark.django_db
SPAM = "Buy cheap viagra online now! [url=http://pills-4u.xyz]click here[/url] 80% off"


@pytest.fixture
def doubt(monkeypatch):
    """The score of every reply is between PROVE_AT and HOLD_AT."""
    monkeypatch.setattr(spam, "score", lambda *_: (spam.PROVE_AT + spam.HOLD_AT) / 2)


@pytest.fixture
def send(client, db):
    article = build_article()
    return lambda **fields: client.post(article.get_reply_url(), reply_data(**fields))


def solve(response) -> str:
    """The answer that a browser works out for the challenge on the page."""
    found = re.search(r'data-challenge="([^"]*)"', response.content.decode())
    challenge = altcha.Challenge.from_dict(json.loads(html.unescape(found[1])))
    return altcha.Payload(challenge, altcha.solve_challenge(challenge)).to_base64()


def status() -> str:
    return Comment.objects.get().status


def test_spam_is_held_and_its_sender_sees_it(send):
    response = send(body=SPAM)
    assert response.status_code == 303 and "held=" in response["Location"]
    assert status() == "held"


def test_moderators_read_the_strongest_tokens_of_held_spam(send):
    send(body=SPAM)
    reason = Comment.objects.get().reasons.get(rule="spam").text
    worst, weight = spam.explain("Cleo", "cleo@private.example", SPAM)[0]
    assert weight > 0 and re.match(r"The spam filter is \d+% sure: ", reason) and worst in reason


def test_reply_with_the_honeypot_filled_in_is_held_without_a_word(send):
    response = send(subject="http://a.example")
    assert response.status_code == 303 and "held=" in response["Location"]
    assert status() == "held"


def test_the_honeypot_is_hidden_from_people(client):
    page = client.get(build_article().get_reply_url()).content.decode()
    field = re.search(r"<input[^>]*name=\"subject\"[^>]*>", page)[0]
    assert 'tabindex="-1"' in field and 'autocomplete="off"' in field
    assert '<div class="unseen" aria-hidden="true">' in page and "Leave this empty" in page


def test_a_doubtful_reply_comes_back_with_its_words_and_a_challenge(send, doubt):
    response = send(body="Kept to the letter.")
    page = response.content.decode()
    assert response.status_code == 422 and not Comment.objects.exists()
    assert "Kept to the letter." in page and "js/proof.js" in page
    assert 'name="proof"' in page


def test_a_doubtful_reply_with_a_proof_is_published(send, doubt):
    payload = solve(send())
    assert send(proof=payload).status_code == 303 and status() == "published"


def test_a_doubtful_reply_without_a_proof_is_held(send, doubt):
    send()
    assert send(proof="").status_code == 303 and status() == "held"


def test_a_proof_counts_once(send, doubt):
    payload = solve(send())
    send(proof=payload, body="First words")
    send(proof=payload, body="Second words")
    held = Comment.objects.get(status="held")
    assert held.body == "Second words" and Comment.objects.count() == 2


def test_a_reply_sent_twice_with_one_proof_stays_published(send, doubt):
    payload = solve(send())
    assert send(proof=payload)["Location"] == send(proof=payload)["Location"]
    assert status() == "published"


def test_spam_with_a_proof_is_held(send, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(spam, "score", lambda *_: spam.PROVE_AT)
        payload = solve(send())
    send(proof=payload, body=SPAM)
    assert status() == "held"


def test_forged_and_late_proofs_are_refused(send, doubt, monkeypatch):
    payload = solve(send())
    asked = altcha.Payload.from_base64(payload)
    asked.challenge.parameters.cost = 1
    easier = altcha.Payload(asked.challenge, altcha.solve_challenge(asked.challenge)).to_base64()
    for forged in (easier, payload[:-8], "x", "e30=", "bnVsbA==", "[]", "é", payload * 20):
        assert not proof_of_work.verify_solution(forged)
    monkeypatch.setattr(proof_of_work, "LIFETIME_SECONDS", -1)
    assert not proof_of_work.verify_solution(solve(send()))
    assert not SpentProof.objects.exists() and proof_of_work.verify_solution(payload)


def test_no_proof_is_asked_for_if_every_reply_is_held(send, doubt, settings):
    settings.HOLD_REPLIES = "all"
    assert send().status_code == 303 and status() == "held"
