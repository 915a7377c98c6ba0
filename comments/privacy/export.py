"""Everything stored of a person, as data and as text."""

from django.utils import timezone

from comments.privacy.find import find_actions, find_bans, find_comments, find_notes, find_patterns


def export(email: str) -> dict:
    """Everything stored of a person, in lists and texts that JSON can hold."""
    theirs = find_comments(email).select_related("article", "parent", "network_trace")
    theirs = theirs.prefetch_related("reasons", "flags")
    return {
        "address": email,
        "exported": timezone.now().isoformat(),
        "comments": [export_comment(comment) for comment in theirs],
        "bans": [export_ban(ban) for ban in find_bans(email)],
        "log": [
            export_action(act) for act in find_actions(email).select_related("comment__article")
        ],
        "notes": [{"words": n.text, "time": n.created_at.isoformat()} for n in find_notes(email)],
        "patterns": [{"text": p.text, "note": p.note} for p in find_patterns(email)],
    }


def export_comment(comment) -> dict:
    trace = getattr(comment, "network_trace", None)
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
        "key_of_email": comment.email_hash,
        "key_of_network": trace.client_hash if trace else "",
        "words": comment.body,
        "reasons": [
            {"rule": found.rule, "words": found.text, "weight": found.weight}
            for found in comment.reasons.all()
        ],
        "flags": [
            {"reason": flag.reason, "words": flag.text, "time": flag.created_at.isoformat()}
            for flag in comment.flags.all()
        ],
    }


def export_ban(ban) -> dict:
    return {
        "by": ban.kind,
        "key": ban.target_hash,
        "name": ban.name_pattern,
        "reason": ban.reason,
        "since": ban.created_at.isoformat(),
        "until": ban.until.isoformat() if ban.until else "",
    }


def export_action(act) -> dict:
    """Without the moderator's name, which is somebody else's."""
    return {
        "entry": act.number,
        "time": act.created_at.isoformat(),
        "act": act.verb,
        "comment": act.comment.number if act.comment else "",
        "essay": act.comment.article.title if act.comment else "",
        "before": act.before,
        "after": act.after,
        "reason": act.reason,
        "public_reason": act.public_reason,
    }


def as_text(exported: dict, indent: str = "") -> str:
    """The same to be read by people: a line for each thing, what belongs together set in."""
    lines = []
    for key, value in exported.items():
        label = f"{indent}{key.replace('_', ' ').capitalize()}:"
        if isinstance(value, list):
            lines.append(f"{label} {len(value)}")
            lines += [as_text(entry, f"{indent}    ") for entry in value]
        else:
            text = str(value).replace("\n", f"\n{indent}    ")
            lines.append(f"{label} {text}".rstrip())
    return "\n".join(lines) + "\n"
