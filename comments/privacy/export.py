"""Everything stored of a person, as data and as text."""

from django.utils import timezone

from comments.privacy.find import acts_of, bans_of, comments_of, notes_of, patterns_of


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
