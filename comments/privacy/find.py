"""All that is kept of one person: given out in plain form, or erased for good.

A person is whoever typed an e-mail address, in any spelling that leads to the same box. Readers
flag without an account, so nobody can tell which flags somebody made: those on a person's own
comments are exported and erased. What other people wrote is theirs, whomever it names.
"""

import re

from django.core.validators import validate_email
from django.db.models import Q

from comments import identity
from comments.models import Ban, Comment, ModerationAction, Note, Pattern


def read_address(text: str) -> str:
    """The address without blanks around it; raises ValidationError where it is none.

    A part of one would be found in what is kept of others.
    """
    address = text.strip()
    validate_email(address)
    return address


def find_comments(email: str):
    """What was posted under the address; none of it after it was erased."""
    theirs = Q(email_hash=identity.email_hash(email)) | Q(email__iexact=email.strip())
    return Comment.objects.filter(theirs).order_by("pk")


def find_bans(email: str):
    """Those of the address, of a name that it was used with, and because of its comments."""
    theirs = find_comments(email)
    about = Q(kind=Ban.Kind.EMAIL, target_hash=identity.email_hash(email)) | Q(
        comment__in=theirs.values("pk")
    )
    names = {identity.canonical_name(name) for name in theirs.values_list("name", flat=True)}
    named = [
        ban.pk
        for ban in Ban.objects.filter(kind=Ban.Kind.NAME, target_hash="")
        if identity.canonical_name(ban.name_pattern.replace("*", "")) in names
    ]
    return Ban.objects.filter(about | Q(pk__in=named))


def find_actions(email: str):
    """The log's entries on the person's comments and bans, and those that name the address."""
    about = Q(comment__in=find_comments(email).values("pk"))
    about |= Q(
        pk__in=rows_mentioning(email, ModerationAction.objects.all(), "reason", "public_reason")
    )
    told = set(find_bans(email).exclude(reason="").values_list("reason", flat=True))
    # A ban without a comment has no other tie to its entry than the words given for both.
    about |= Q(verb__in=("ban", "lift"), comment=None, reason__in=told)
    return ModerationAction.objects.filter(about)


def find_notes(email: str):
    """What moderators wrote down about the person."""
    return Note.objects.filter(email_hash=identity.email_hash(email))


def find_patterns(email: str):
    """Patterns that look for the address itself, or name it in their note."""
    return Pattern.objects.filter(
        pk__in=rows_mentioning(email, Pattern.objects.all(), "text", "note")
    )


def rows_mentioning(email: str, rows, *fields: str) -> list[int]:
    """The keys of rows with the address in one of these fields, whole and not as part of another.

    A pattern may hold it with its signs escaped.
    """
    email = email.strip()
    sought = re.compile(rf"(?<![\w.+-]){re.escape(email)}(?![\w-]|\.\w)", re.IGNORECASE)
    # What no escaping parts: the first word of the host.
    word = re.split(r"\W", email.partition("@")[2])[0]
    held = Q()
    for field in fields:
        held |= Q(**{f"{field}__icontains": word})
    return [
        key
        for key, *texts in rows.filter(held).values_list("pk", *fields)
        if any(sought.search(re.sub(r"\\(.)", unescape_regex, text)) for text in texts)
    ]


def unescape_regex(found: re.Match) -> str:
    """The sign that was escaped; what stands for a class or a place, such as \\b, is a blank."""
    return " " if found[1].isalnum() else found[1]


def count_found(email: str) -> dict[str, int]:
    """How much is kept of a person, by kind."""
    found = {
        "comments": find_comments(email),
        "bans": find_bans(email),
        "log": find_actions(email),
    }
    found |= {"notes": find_notes(email), "patterns": find_patterns(email)}
    return {kind: rows.count() for kind, rows in found.items()}


# --- Exporting --------------------------------------------------------------------------------


# --- Erasing ----------------------------------------------------------------------------------
