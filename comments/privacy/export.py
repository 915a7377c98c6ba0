"""Exports everything stored about a person, as data and as text."""

from django.utils import timezone

from comments.privacy.find import find_actions, find_bans, find_comments, find_notes, find_patterns


def export(email: str) -> dict:
    """Everything stored about a person, as lists and texts for JSON."""
    comments = find_comments(email).select_related("article", "parent", "network_trace")
    comments = comments.prefetch_related("reasons", "flags")
    actions = find_actions(email).select_related("comment__article")
    return {
        "address": email,
        "exported": timezone.now().isoformat(),
        "comments": [export_comment(comment) for comment in comments],
        "bans": [export_ban(ban) for ban in find_bans(email)],
        "log": [export_action(action) for action in actions],
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
            {"rule": reason.rule, "words": reason.text, "weight": reason.weight}
            for reason in comment.reasons.all()
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


def export_action(action) -> dict:
    """Without the moderator's name, which is somebody else's data."""
    return {
        "entry": action.number,
        "time": action.created_at.isoformat(),
        "act": action.verb,
        "comment": action.comment.number if action.comment else "",
        "essay": action.comment.article.title if action.comment else "",
        "before": action.before,
        "after": action.after,
        "reason": action.reason,
        "public_reason": action.public_reason,
    }


def as_text(exported: dict, indent: str = "") -> str:
    """The export for people to read: a line for each value, rows of a list indented."""
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
