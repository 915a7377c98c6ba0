"""The rules for a new comment, in order: its status, and a reason for each objection."""

from datetime import timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article
from comments import identity, markup, spam
from comments.models import Comment, NetworkTrace, Pattern, Reason, Rules
from comments.models.ban import find_bans
from comments.models.pattern import find_patterns
from comments.models.reason import HOLD_WEIGHT, make_reason
from comments.moderation import known_commenter

DOUBT_RULE = "doubt"
MAX_NAMED = 5


class Submission(NamedTuple):
    """The facts about the request that brought a reply, besides the form's fields."""

    address: str = ""
    receipt: str = ""  # the cookie of an earlier reply: known_commenter.py
    is_trapped: bool = False  # the hidden field was filled in
    is_proven: bool = False  # a proof of work was sent along


class Decision(NamedTuple):
    status: str
    reasons: list[Reason]

    @property
    def needs_proof(self) -> bool:
        """Whether the comment would be published if a proof of work came along."""
        return [reason.rule for reason in self.reasons if reason.weight >= HOLD_WEIGHT] == [
            DOUBT_RULE
        ]


class ReplyRejected(ValidationError):
    """A rule rejects the reply; the message is for its author."""


class ProofRequired(Exception):
    """The reply would be published if a proof of work came along."""


def decide(comment: Comment, submission: Submission = Submission()) -> Decision:  # noqa: B008
    """The status that a new comment gets, and the reasons that the rules have against it.

    Raises ReplyRejected where a rule rejects the comment altogether.
    """
    rules = Rules.current()
    reasons = [reason for check in RULES for reason in check(comment, submission, rules)]
    is_held = any(reason.weight >= HOLD_WEIGHT for reason in reasons)
    return Decision(Comment.Status.HELD if is_held else Comment.Status.PUBLISHED, reasons)


# Each rule yields its reasons against a comment; mostly none.


def check_bans(comment, submission, rules):
    for ban in find_bans(comment.name, comment.email, submission.address):
        text = _("Banned by %(kind)s: %(reason)s")
        yield make_reason(
            "ban", text % {"kind": ban.get_kind_display(), "reason": ban.reason}, 100
        )


def check_patterns(comment, submission, rules):
    for pattern, is_slow in find_patterns(f"{comment.name}\n{comment.body}"):
        if is_slow:
            text = _("The pattern %(pattern)s took too long to tell")
            yield make_reason("slow_pattern", text % {"pattern": pattern.text[:200]}, 50)
        elif pattern.kind == Pattern.Kind.REFUSE:
            raise ReplyRejected(
                _("This site takes no replies with words like some in yours. Please reword it.")
            )
        else:
            text = _("Holds %(pattern)s") % {"pattern": pattern.text[:200]}
            yield make_reason("pattern", text, 80)


def check_hold_all(comment, submission, rules):
    if rules.hold == Rules.Hold.ALL:
        yield make_reason("all", _("Every reply is held"), HOLD_WEIGHT)
    elif comment.article.discussion == Article.Discussion.MODERATED:
        yield make_reason("moderated", _("Every reply to this essay is held"), HOLD_WEIGHT)


def check_first(comment, submission, rules):
    if rules.hold == Rules.Hold.FIRST and not known_commenter.is_known(comment, submission):
        yield make_reason(
            "first", _("The first reply that is known of this commenter"), HOLD_WEIGHT
        )


def check_links(comment, submission, rules):
    links = markup.count_links(comment.body_html)
    if rules.max_links and links > rules.max_links:
        text = ngettext("Has %(count)s link", "Has %(count)s links", links) % {"count": links}
        yield make_reason("links", text, min(100, 60 + 5 * (links - rules.max_links)))


def check_pace(comment, submission, rules):
    if not rules.min_seconds_between:
        return
    since = timezone.now() - timedelta(seconds=rules.min_seconds_between)
    if comments_from_network(submission).filter(posted_at__gt=since).exists():
        yield make_reason("fast", _("Follows fast on another from the same network"), 60)


def check_rate(comment, submission, rules):
    if not (rules.max_per_hour_by_email or rules.max_per_hour_by_network):
        return
    hour = timezone.now() - timedelta(hours=1)
    same_person = Comment.objects.filter(email_hash=identity.email_hash(comment.email))
    for rule, limit, replies in (
        ("email_rate", rules.max_per_hour_by_email, same_person),
        ("network_rate", rules.max_per_hour_by_network, comments_from_network(submission)),
    ):
        if limit and (count := replies.filter(posted_at__gt=hour).count()) >= limit:
            texts = {
                "email_rate": _("Already %(count)s replies in an hour from this address"),
                "network_rate": _("Already %(count)s replies in an hour from this network"),
            }
            yield make_reason(rule, texts[rule] % {"count": count}, 60)


def comments_from_network(submission):
    """The comments that the same client has posted today."""
    of_client = NetworkTrace.objects.filter(
        client_hash=identity.daily_client_hash(submission.address)
    )
    return Comment.objects.filter(pk__in=of_client.values("comment"))


def check_spam(comment, submission, rules):
    """The hidden field of the form, the spam filter, and the proof of work in case of doubt."""
    if submission.is_trapped:
        yield make_reason("trap", _("Filled in a field that people do not see"), 90)
    score = spam.score(comment.name, comment.email, comment.body)
    if score >= spam.HOLD_AT:
        text = _("The spam filter is %(score)s sure: %(words)s")
        evidence = {"score": f"{score:.0%}", "words": strongest_signs(comment)}
        yield make_reason("spam", text % evidence, round(100 * score))
    elif score >= spam.PROVE_AT and not submission.is_proven:
        yield make_reason(
            DOUBT_RULE, _("May be spam, and came without a proof of work"), HOLD_WEIGHT
        )


def strongest_signs(comment) -> str:
    """The tokens that weigh most for spam, the heaviest first."""
    tokens = spam.explain(comment.name, comment.email, comment.body)
    return ", ".join([token for token, weight in tokens if weight > 0][:MAX_NAMED])


RULES = (
    check_bans,
    check_patterns,
    check_hold_all,
    check_first,
    check_links,
    check_pace,
    check_rate,
    check_spam,
)
