"""What happens to a new comment, and why: the rules, in order."""

import re
from datetime import timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article
from comments import identity, spam
from comments.models import Comment, Pattern, Reason, Rules, Trace
from comments.models.ban import find_bans
from comments.models.pattern import find_patterns
from comments.models.reason import HOLDS, reason
from comments.moderation import known_commenter

DOUBT = "doubt"
MOST_NAMED = 5


class Facts(NamedTuple):
    """What is known of the request that brought a reply, besides what was typed."""

    address: str = ""
    receipt: str = ""  # what this browser was given for an earlier reply: known_commenter.py
    is_trapped: bool = False  # a field that people do not see was filled in
    is_proven: bool = False  # its browser has done a proof of work


class Decision(NamedTuple):
    status: str
    reasons: list[Reason]

    @property
    def is_doubtful(self) -> bool:
        """Whether a proof of work is all that keeps the comment from being published."""
        return [found.rule for found in self.reasons if found.weight >= HOLDS] == [DOUBT]


class Refused(ValidationError):
    """A rule takes no such reply; the message is for its author."""


class Doubtful(Exception):
    """A proof of work would have this reply published."""


def decide(comment: Comment, facts: Facts = Facts()) -> Decision:  # noqa: B008
    """The status that a new comment gets, and what the rules have against it.

    Raises Refused for what no moderator should have to read.
    """
    rules = Rules.current()
    reasons = [found for rule in RULES for found in rule(comment, facts, rules)]
    is_held = any(found.weight >= HOLDS for found in reasons)
    return Decision(Comment.Status.HELD if is_held else Comment.Status.PUBLISHED, reasons)


# Each rule yields the reasons it has against a comment, none as a rule.


def banned(comment, facts, rules):
    for ban in find_bans(comment.name, comment.email, facts.address):
        words = _("Banned by %(kind)s: %(reason)s")
        yield reason("ban", words % {"kind": ban.get_kind_display(), "reason": ban.reason}, 100)


def matched(comment, facts, rules):
    for pattern, is_slow in find_patterns(f"{comment.name}\n{comment.body}"):
        if is_slow:
            words = _("The pattern %(pattern)s took too long to tell")
            yield reason("slow_pattern", words % {"pattern": pattern.text[:200]}, 50)
        elif pattern.kind == Pattern.Kind.REFUSE:
            raise Refused(
                _("This site takes no replies with words like some in yours. Please reword it.")
            )
        else:
            words = _("Holds %(pattern)s") % {"pattern": pattern.text[:200]}
            yield reason("pattern", words, 80)


def hold_all(comment, facts, rules):
    if rules.hold == Rules.Hold.ALL:
        yield reason("all", _("Every reply is held"), HOLDS)
    elif comment.article.discussion == Article.Discussion.MODERATED:
        yield reason("moderated", _("Every reply to this essay is held"), HOLDS)


def hold_first(comment, facts, rules):
    if rules.hold == Rules.Hold.FIRST and not known_commenter.is_known(comment, facts):
        yield reason("first", _("The first reply that is known of this commenter"), HOLDS)


def too_many_links(comment, facts, rules):
    links = len(re.findall(r"<a ", comment.body_html))
    if rules.most_links and links > rules.most_links:
        words = ngettext("Has %(count)s link", "Has %(count)s links", links) % {"count": links}
        yield reason("links", words, min(100, 60 + 5 * (links - rules.most_links)))


def too_fast(comment, facts, rules):
    if not rules.fewest_seconds:
        return
    since = timezone.now() - timedelta(seconds=rules.fewest_seconds)
    if from_network(facts).filter(posted_at__gt=since).exists():
        yield reason("fast", _("Follows fast on another from the same network"), 60)


def too_many(comment, facts, rules):
    if not (rules.most_by_email or rules.most_by_network):
        return
    hour = timezone.now() - timedelta(hours=1)
    same_person = Comment.objects.filter(person=identity.person_key(comment.email))
    for name, most, replies in (
        ("email_rate", rules.most_by_email, same_person),
        ("network_rate", rules.most_by_network, from_network(facts)),
    ):
        if most and (count := replies.filter(posted_at__gt=hour).count()) >= most:
            by_name = {
                "email_rate": _("Already %(count)s replies in an hour from this address"),
                "network_rate": _("Already %(count)s replies in an hour from this network"),
            }
            yield reason(name, by_name[name] % {"count": count}, 60)


def from_network(facts):
    """What the same client has posted today."""
    of_client = Trace.objects.filter(client=identity.daily_key(facts.address))
    return Comment.objects.filter(pk__in=of_client.values("comment"))


def hold_spam(comment, facts, rules):
    """The filter, the trap in the form, and the proof of work where there is doubt."""
    if facts.is_trapped:
        yield reason("trap", _("Filled in a field that people do not see"), 90)
    score = spam.score(comment.name, comment.email, comment.body)
    if score >= spam.HOLD_AT:
        words = _("The spam filter is %(score)s sure: %(words)s")
        found = {"score": f"{score:.0%}", "words": name_worst(comment)}
        yield reason("spam", words % found, round(100 * score))
    elif score >= spam.PROVE_AT and not facts.is_proven:
        yield reason(DOUBT, _("May be spam, and came without a proof of work"), HOLDS)


def name_worst(comment) -> str:
    """The words and signs that speak most for spam, the strongest first."""
    heard = spam.explain(comment.name, comment.email, comment.body)
    return ", ".join([word for word, weight in heard if weight > 0][:MOST_NAMED])


RULES = (banned, matched, hold_all, hold_first, too_many_links, too_fast, too_many, hold_spam)
