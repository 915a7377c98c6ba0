"""Finds everything stored about one person, who is known by an e-mail address.

Any spelling of the address that reaches the same mailbox counts. Readers flag without an account,
so nobody can tell who made a flag; the flags on a person's own comments are exported and erased.
Other people's comments are theirs, even where they name the person.
"""

import re

from django.core.validators import validate_email
from django.db.models import Q

from comments import identity
from comments.models import Ban, Comment, ModerationAction, Note, Pattern


def read_address(text: str) -> str:
    """The address without spaces around it; raises ValidationError where it is none.

    A part of an address would be found in other people's data.
    """
    address = text.strip()
    validate_email(address)
    return address


def find_comments(email: str):
    """The comments posted under the address; none after they were erased."""
    by_email = Q(email_hash=identity.email_hash(email)) | Q(email__iexact=email.strip())
    return Comment.objects.filter(by_email).order_by("pk")


def find_bans(email: str):
    """The bans on the address, on a name used with it, and because of its comments."""
    comments = find_comments(email)
    by_email = Q(kind=Ban.Kind.EMAIL, target_hash=identity.email_hash(email))
    by_comment = Q(comment__in=comments.values("pk"))
    names = {identity.canonical_name(name) for name in comments.values_list("name", flat=True)}
    by_name = [
        ban.pk
        for ban in Ban.objects.filter(kind=Ban.Kind.NAME, target_hash="")
        if identity.canonical_name(ban.name_pattern.replace("*", "")) in names
    ]
    return Ban.objects.filter(by_email | by_comment | Q(pk__in=by_name))


def find_actions(email: str):
    """The log's entries on the person's comments and bans, and those that name the address."""
    actions = ModerationAction.objects.all()
    on_comments = Q(comment__in=find_comments(email).values("pk"))
    naming_it = Q(pk__in=rows_mentioning(email, actions, "reason", "public_reason"))
    reasons = set(find_bans(email).exclude(reason="").values_list("reason", flat=True))
    # A ban without a comment shares nothing with its entry in the log but the reason.
    on_bans = Q(verb__in=("ban", "lift"), comment=None, reason__in=reasons)
    return actions.filter(on_comments | naming_it | on_bans)


def find_notes(email: str):
    """The moderators' notes about the person."""
    return Note.objects.filter(email_hash=identity.email_hash(email))


def find_patterns(email: str):
    """Patterns that look for the address itself, or name it in their note."""
    return Pattern.objects.filter(
        pk__in=rows_mentioning(email, Pattern.objects.all(), "text", "note")
    )


def rows_mentioning(email: str, rows, *fields: str) -> list[int]:
    """The ids of rows with the whole address in one of these fields, escaped as a regex or not."""
    email = email.strip()
    address = re.compile(rf"(?<![\w.+-]){re.escape(email)}(?![\w-]|\.\w)", re.IGNORECASE)
    # The first word of the host: no escape sequence can part it.
    word = re.split(r"\W", email.partition("@")[2])[0]
    has_word = Q()
    for field in fields:
        has_word |= Q(**{f"{field}__icontains": word})
    return [
        pk
        for pk, *texts in rows.filter(has_word).values_list("pk", *fields)
        if any(address.search(re.sub(r"\\(.)", unescape_regex, text)) for text in texts)
    ]


def unescape_regex(escape: re.Match) -> str:
    """The escaped sign; a space for a class or an anchor, such as \\b."""
    return " " if escape[1].isalnum() else escape[1]


def count_found(email: str) -> dict[str, int]:
    """How many rows of each kind are stored about a person."""
    found = {
        "comments": find_comments(email),
        "bans": find_bans(email),
        "log": find_actions(email),
        "notes": find_notes(email),
        "patterns": find_patterns(email),
    }
    return {kind: rows.count() for kind, rows in found.items()}
