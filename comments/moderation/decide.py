"""What happens to a new comment, and why: the rules, in order."""

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
    """What is known of the request that brought a reply, besides what was typed."""

    address: str = ""
    receipt: str = ""  # what this browser was given for an earlier reply: known_commenter.py
    is_trapped: bool = False  # a field that people do not see was filled in
    is_proven: bool = False  # its browser has done a proof of work


class Decision(NamedTuple):
    status: str
    reasons: list[Reason]

    @property
    def needs_proof(self) -> bool:
        """Whether a proof of work is all that keeps the comment from being published."""
        return [found.rule for found in self.reasons if found.weight >= HOLD_WEIGHT] == [
            DOUBT_RULE
        ]


class ReplyRejected(ValidationError):
    """A rule takes no such reply; the message is for its author."""


class ProofRequired(Exception):
    """A proof of work would have this reply published."""


def decide(comment: Comment, facts: Submission = Submission()) -> Decision:  # noqa: B008
    """The status that a new comment gets, and what the rules have against it.

    Raises Refused for what no moderator should have to read.
    """
    rules = Rules.current()
    reasons = [found for rule in RULES for found in rule(comment, facts, rules)]
    is_held = any(found.weight >= HOLD_WEIGHT for found in reasons)
    return Decision(Comment.Status.HELD if is_held else Comment.Status.PUBLISHED, reasons)


# Each rule yields the reasons it has against a comment, none as a rule.


def check_bans(comment, facts, rules):
    for ban in find_bans(comment.name, comment.email, facts.address):
        words = _("Banned by %(kind)s: %(reason)s")
        yield make_reason(
            "ban", words % {"kind": ban.get_kind_display(), "reason": ban.reason}, 100
        )


def check_patterns(comment, facts, rules):
    for pattern, is_slow in find_patterns(f"{comment.name}\n{comment.body}"):
        if is_slow:
            words = _("The pattern %(pattern)s took too long to tell")
            yield make_reason("slow_pattern", words % {"pattern": pattern.text[:200]}, 50)
        elif pattern.kind == Pattern.Kind.REFUSE:
            raise ReplyRejected(
                _("This site takes no replies with words like some in yours. Please reword it.")
            )
        else:
            words = _("Holds %(pattern)s") % {"pattern": pattern.text[:200]}
            yield make_reason("pattern", words, 80)


def check_hold_all(comment, facts, rules):
    if rules.hold == Rules.Hold.ALL:
        yield make_reason("all", _("Every reply is held"), HOLD_WEIGHT)
    elif comment.article.discussion == Article.Discussion.MODERATED:
        yield make_reason("moderated", _("Every reply to this essay is held"), HOLD_WEIGHT)


def check_first(comment, facts, rules):
    if rules.hold == Rules.Hold.FIRST and not known_commenter.is_known(comment, facts):
        yield make_reason(
            "first", _("The first reply that is known of this commenter"), HOLD_WEIGHT
        )


def check_links(comment, facts, rules):
    links = markup.count_links(comment.body_html)
    if rules.max_links and links > rules.max_links:
        words = ngettext("Has %(count)s link", "Has %(count)s links", links) % {"count": links}
        yield make_reason("links", words, min(100, 60 + 5 * (links - rules.max_links)))


def check_pace(comment, facts, rules):
    if not rules.min_seconds_between:
        return
    since = timezone.now() - timedelta(seconds=rules.min_seconds_between)
    if comments_from_network(facts).filter(posted_at__gt=since).exists():
        yield make_reason("fast", _("Follows fast on another from the same network"), 60)


def check_rate(comment, facts, rules):
    if not (rules.max_per_hour_by_email or rules.max_per_hour_by_network):
        return
    hour = timezone.now() - timedelta(hours=1)
    same_person = Comment.objects.filter(email_hash=identity.email_hash(comment.email))
    for name, most, replies in (
        ("email_rate", rules.max_per_hour_by_email, same_person),
        ("network_rate", rules.max_per_hour_by_network, comments_from_network(facts)),
    ):
        if most and (count := replies.filter(posted_at__gt=hour).count()) >= most:
            by_name = {
                "email_rate": _("Already %(count)s replies in an hour from this address"),
                "network_rate": _("Already %(count)s replies in an hour from this network"),
            }
            yield make_reason(name, by_name[name] % {"count": count}, 60)


def comments_from_network(facts):
    """What the same client has posted today."""
    of_client = NetworkTrace.objects.filter(client_hash=identity.daily_client_hash(facts.address))
    return Comment.objects.filter(pk__in=of_client.values("comment"))


def check_spam(comment, facts, rules):
    """The filter, the trap in the form, and the proof of work where there is doubt."""
    if facts.is_trapped:
        yield make_reason("trap", _("Filled in a field that people do not see"), 90)
    score = spam.score(comment.name, comment.email, comment.body)
    if score >= spam.HOLD_AT:
        words = _("The spam filter is %(score)s sure: %(words)s")
        found = {"score": f"{score:.0%}", "words": strongest_signs(comment)}
        yield make_reason("spam", words % found, round(100 * score))
    elif score >= spam.PROVE_AT and not facts.is_proven:
        yield make_reason(
            DOUBT_RULE, _("May be spam, and came without a proof of work"), HOLD_WEIGHT
        )


def strongest_signs(comment) -> str:
    """The words and signs that speak most for spam, the strongest first."""
    heard = spam.explain(comment.name, comment.email, comment.body)
    return ", ".join([word for word, weight in heard if weight > 0][:MAX_NAMED])


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
