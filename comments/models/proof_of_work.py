"""Proof of work for doubtful replies: a puzzle that takes a browser a moment, valid once.

The challenge is signed, so nothing is stored before it is solved (altcha.org, version 2).
"""

import json
import time

import altcha
from django.db import models
from django.utils.crypto import salted_hmac

ALGORITHM, ROUNDS = "PBKDF2/SHA-256", 2_000
PREFIX = "00"  # one try in 256 is right
LIFETIME_SECONDS = 3600
MAX_LENGTH = 4_000


class SpentProof(models.Model):
    """The challenge of a proof that was used, stored until it expires."""

    nonce = models.CharField(max_length=64, primary_key=True)
    expires_at = models.BigIntegerField(db_index=True)

    def __str__(self):
        return self.nonce


def secret() -> str:
    return salted_hmac("comments.models.proof_of_work", "key", algorithm="sha256").hexdigest()


def create_challenge() -> str:
    """A new challenge as JSON, for static/js/proof.js to solve."""
    challenge = altcha.create_challenge(
        ALGORITHM,
        ROUNDS,
        key_prefix=PREFIX,
        expires_at=int(time.time()) + LIFETIME_SECONDS,
        hmac_secret=secret(),
    )
    return json.dumps(challenge.to_dict())


def verify_solution(payload: str | None) -> bool:
    """Whether this solves a challenge of ours that was not used before; uses it up."""
    if not payload or len(payload) > MAX_LENGTH or not payload.isascii():
        return False
    try:
        if not altcha.verify_solution(payload, secret()).verified:
            return False
        challenge = altcha.Payload.from_base64(payload).challenge.parameters
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return False
    now = int(time.time())
    SpentProof.objects.filter(expires_at__lt=now).delete()
    _proof, is_new = SpentProof.objects.get_or_create(
        nonce=challenge.nonce, defaults={"expires_at": challenge.expires_at}
    )
    return is_new
