"""All that is kept of one person: given out in plain form, or erased for good.

A person is whoever typed an e-mail address, in any spelling that leads to the same box. Readers
flag without an account, so nobody can tell which flags somebody made: those on a person's own
comments are exported and erased. What other people wrote is theirs, whomever it names.
"""

import re

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import identity, keys, log, markup, search
from comments.bans import Ban
from comments.counts import TreeLock, recount
from comments.flags import Flag
from comments.log import Act
from comments.models import LIGHTEST, Comment
from comments.notes import Note
from comments.patterns import Pattern
from comments.reasons import Reason
from comments.spam import learned
from comments.traces import Trace


def read_address(text: str) -> str:
    """The address without blanks around it; raises ValidationError where it is none.

    A part of one would be found in what is kept of others.
    """
    address = text.strip()
    validate_email(address)
    return address


def comments_of(email: str):
    """What was posted under the address; none of it after it was erased."""
    theirs = Q(person=keys.person_key(email)) | Q(email__iexact=email.strip())
    return Comment.objects.filter(theirs).order_by("pk")


def bans_of(email: str):
    """Those of the address, of a name that it was used with, and because of its comments."""
    theirs = comments_of(email)
    about = Q(kind=Ban.Kind.EMAIL, key=keys.person_key(email)) | Q(comment__in=theirs.values("pk"))
    names = {identity.canonical_name(name) for name in theirs.values_list("name", flat=True)}
    named = [
        ban.pk
        for ban in Ban.objects.filter(kind=Ban.Kind.NAME, key="")
        if identity.canonical_name(ban.pattern.replace("*", "")) in names
    ]
    return Ban.objects.filter(about | Q(pk__in=named))


def acts_of(email: str):
    """The log's entries on the person's comments and bans, and those that name the address."""
    about = Q(comment__in=comments_of(email).values("pk"))
    about |= Q(pk__in=naming(email, Act.objects.all(), "reason", "public_reason"))
    told = set(bans_of(email).exclude(reason="").values_list("reason", flat=True))
    # A ban without a comment has no other tie to its entry than the words given for both.
    about |= Q(verb__in=("ban", "lift"), comment=None, reason__in=told)
    return Act.objects.filter(about)


def notes_of(email: str):
    """What moderators wrote down about the person."""
    return Note.objects.filter(person=keys.person_key(email))


def patterns_of(email: str):
    """Patterns that look for the address itself, or name it in their note."""
    return Pattern.objects.filter(pk__in=naming(email, Pattern.objects.all(), "text", "note"))


def naming(email: str, rows, *fields: str) -> list[int]:
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
        if any(sought.search(re.sub(r"\\(.)", unescape, text)) for text in texts)
    ]


def unescape(found: re.Match) -> str:
    """The sign that was escaped; what stands for a class or a place, such as \\b, is a blank."""
    return " " if found[1].isalnum() else found[1]


def count(email: str) -> dict[str, int]:
    """How much is kept of a person, by kind."""
    found = {"comments": comments_of(email), "bans": bans_of(email), "log": acts_of(email)}
    found |= {"notes": notes_of(email), "patterns": patterns_of(email)}
    return {kind: rows.count() for kind, rows in found.items()}


# --- Exporting --------------------------------------------------------------------------------


def export(email: str) -> dict:
    """Everything stored of a person, in lists and texts that JSON can hold."""
    theirs = comments_of(email).select_related("article", "parent", "trace")
    theirs = theirs.prefetch_related("reasons", "flags")
    return {
        "address": email,
        "exported": timezone.now().isoformat(),
        "comments": [export_comment(comment) for comment in theirs],
        "bans": [export_ban(ban) for ban in bans_of(email)],
        "log": [export_act(act) for act in acts_of(email).select_related("comment__article")],
        "notes": [{"words": n.words, "time": n.at.isoformat()} for n in notes_of(email)],
        "patterns": [{"text": p.text, "note": p.note} for p in patterns_of(email)],
    }


def export_comment(comment) -> dict:
    trace = getattr(comment, "trace", None)
    return {
        "number": comment.number,
        "essay": comment.article.title,
        "address": comment.get_absolute_url(),
        "answers": comment.parent.number if comment.parent else "",
        "point": comment.point_text,
        "posted": comment.posted_at.isoformat(),
        "status": comment.status,
        "public_reason": comment.public_reason,
        "locked": comment.locked,
        "name": comment.name,
        "email": comment.email,
        "key_of_email": comment.person,
        "key_of_network": trace.client if trace else "",
        "words": comment.body,
        "reasons": [
            {"rule": found.rule, "words": found.words, "weight": found.weight}
            for found in comment.reasons.all()
        ],
        "flags": [
            {"reason": flag.why, "words": flag.words, "time": flag.at.isoformat()}
            for flag in comment.flags.all()
        ],
    }


def export_ban(ban) -> dict:
    return {
        "by": ban.kind,
        "key": ban.key,
        "name": ban.pattern,
        "reason": ban.reason,
        "since": ban.made_at.isoformat(),
        "until": ban.until.isoformat() if ban.until else "",
    }


def export_act(act) -> dict:
    """Without the moderator's name, which is somebody else's."""
    return {
        "entry": act.number,
        "time": act.at.isoformat(),
        "act": act.verb,
        "comment": act.comment.number if act.comment else "",
        "essay": act.comment.article.title if act.comment else "",
        "before": act.before,
        "after": act.after,
        "reason": act.reason,
        "public_reason": act.public_reason,
    }


def write_text(exported: dict, indent: str = "") -> str:
    """The same to be read by people: a line for each thing, what belongs together set in."""
    lines = []
    for key, value in exported.items():
        label = f"{indent}{key.replace('_', ' ').capitalize()}:"
        if isinstance(value, list):
            lines.append(f"{label} {len(value)}")
            lines += [write_text(entry, f"{indent}    ") for entry in value]
        else:
            text = str(value).replace("\n", f"\n{indent}    ")
            lines.append(f"{label} {text}".rstrip())
    return "\n".join(lines) + "\n"


# --- Erasing ----------------------------------------------------------------------------------


def erase(email: str, by=None) -> int:
    """Erases all words, names and addresses of a person; returns of how many comments.

    Tree, numbers and times stay, and so do bans, by keys alone. The log keeps its marks, so that
    its chain is still whole. Nothing of it can be taken back.
    """
    with transaction.atomic():
        TreeLock.take()
        articles = set(comments_of(email).order_by().values_list("article", flat=True))
        acts = acts_of(email).erase_words()
        banned = erase_bans(bans_of(email).exclude(reason="", pattern=""))
        notes, _kinds = notes_of(email).delete()
        patterns = erase_patterns(patterns_of(email))
        erased = erase_comments(comments_of(email))
        if acts or banned or notes or patterns or erased:
            log.record_apart("erase", by, _("Comments: %(count)s") % {"count": erased})
            recount(articles)
    return erased


def erase_comments(theirs) -> int:
    """What hangs on the comments goes first, while they can still be told by their author."""
    own = theirs.order_by().values("pk")
    # What the filter learned from these words is counted under them.
    learned.teach(list(own.values_list("pk", flat=True)), None)
    Trace.objects.filter(comment__in=own).delete()
    Reason.objects.filter(comment__in=own).delete()
    Flag.objects.filter(comment__in=own).update(words="")
    erase_history(Comment, own)
    search.comments.drop(list(own.values_list("pk", flat=True)))
    # The words stand in the body as well, so that rendering it again makes the same.
    words = _("Erased at its author’s request.")
    return theirs.order_by().update(
        name=_("erased"),
        email="",
        person="",
        digest=None,
        body=words,
        body_html=markup.render(words),
        body_version=markup.VERSION,
        weight=LIGHTEST,
        status=Comment.Status.HIDDEN,
        public_reason="",
        erased_at=timezone.now(),
    )


def erase_bans(bans) -> int:
    """They go on: a name is known again by its key. One with a star has no such, and ends."""
    found = list(bans)
    for ban in found:
        changed = {"reason": "", "pattern": ""}
        if ban.kind == Ban.Kind.NAME and "*" not in ban.pattern:
            changed["key"] = ban.key or keys.name_key(ban.pattern)
        elif ban.kind == Ban.Kind.NAME and ban.is_live:
            changed["until"] = timezone.now()
        Ban.objects.filter(pk=ban.pk).update(**changed)
        erase_history(Ban, [ban.pk])
    return len(found)


def erase_patterns(patterns) -> int:
    """They end: without the address there is nothing that they could look for."""
    found = list(patterns)
    erase_history(Pattern, [pattern.pk for pattern in found])
    # What such a pattern held tells why, in the pattern's own words.
    for pattern in found:
        told = Reason.objects.filter(rule__in=("pattern", "slow_pattern"))
        told.filter(words__contains=pattern.text[:200]).delete()
    patterns.delete()
    return len(found)


def erase_history(model, keys_of_rows) -> None:
    """The admin's own history names what was changed by its text: by its key from now on."""
    kind = ContentType.objects.get_for_model(model)
    if not isinstance(keys_of_rows, list):
        keys_of_rows = keys_of_rows.annotate(text=Cast("pk", TextField())).values("text")
    LogEntry.objects.filter(content_type=kind, object_id__in=keys_of_rows).update(
        object_repr=F("object_id")
    )
