"""The filter's memory of what moderators decide: counts of tokens, shared by every worker.

The rule of learning: a decision counts once for each comment, a later one replaces it, and a
withdrawn one is subtracted.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db import connection, models, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from articles.compiled_query import run_sql
from comments.spam import features

# The row of this token holds the totals: no other token is empty.
TOTALS = ""
MAX_TOKEN = 60
MAX_TOKENS = 50_000
# A single decision may be a slip, so it moves no weight.
MIN_VERDICTS = 2
PRUNE_EVERY, INSERT_BATCH = 100, 5_000

Counts = tuple[int, int]  # in spam, in honest comments


class TokenCount(models.Model):
    """In how many comments that moderators decided on a token is: spam, and honest ones."""

    token = models.CharField(max_length=MAX_TOKEN, primary_key=True)
    spam = models.PositiveIntegerField(default=0)
    ham = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.token}: {self.spam} spam, {self.ham} honest"


class ModeratorVerdict(models.Model):
    """The last decision of a moderator on a comment, as the filter counts it."""

    comment = models.OneToOneField(
        "comments.Comment", models.CASCADE, primary_key=True, related_name="verdict"
    )
    is_spam = models.BooleanField()

    def __str__(self):
        return f"{self.comment_id}: {'spam' if self.is_spam else 'honest'}"


# Plain SQL, as every reply asks: the ORM takes as long as all the rest of the score.
SELECT_SQL = "SELECT token, spam, ham FROM comments_tokencount WHERE token IN ({})"
ADD_SQL = """
    INSERT INTO comments_tokencount (token, spam, ham) VALUES {rows}
    ON CONFLICT (token) DO UPDATE SET
        spam = comments_tokencount.spam + excluded.spam,
        ham = comments_tokencount.ham + excluded.ham
"""


def stored_counts(tokens: list[str]) -> tuple[dict[str, Counts], Counts]:
    """The counts of each of these tokens that has some, and the totals, in one query."""
    keys = [TOTALS, *(token[:MAX_TOKEN] for token in tokens)]
    rows = run_sql(SELECT_SQL.format(", ".join(["%s"] * len(keys))), keys)
    counts = {token: (spam, ham) for token, spam, ham in rows if spam + ham >= MIN_VERDICTS}
    return counts, counts.pop(TOTALS, (0, 0))


def label_of(before: str, after: str) -> tuple[bool, bool | None]:
    """Whether a moderator's change of status labels the comment, and with what: True for spam,
    False for honest, None if an earlier label is withdrawn.
    """
    is_label = after != "published" or before in ("held", "spam")
    return is_label, {"spam": True, "published": False}.get(after)


def train(comments: Iterable, is_spam: bool | None) -> None:
    """Counts one decision on these comments (rows with pk, name and body); None withdraws
    earlier decisions on them.
    """
    with transaction.atomic():
        lock()
        comments = list(comments)
        pks = [comment.pk for comment in comments]
        known = dict(
            ModeratorVerdict.objects.filter(comment__in=pks).values_list("comment", "is_spam")
        )
        changed = [comment for comment in comments if known.get(comment.pk) is not is_spam]
        changes: Counter[tuple[str, bool]] = Counter()
        for comment in changed:
            tokens = tokens_of(comment)
            if comment.pk in known:
                changes.subtract((token, known[comment.pk]) for token in tokens)
            if is_spam is not None:
                changes.update((token, is_spam) for token in tokens)
        ModeratorVerdict.objects.filter(comment__in=[comment.pk for comment in changed]).delete()
        if is_spam is not None:
            ModeratorVerdict.objects.bulk_create(
                ModeratorVerdict(comment_id=comment.pk, is_spam=is_spam) for comment in changed
            )
        apply_changes(changes)


def lock() -> None:
    """Waits for others who train: two of them that share tokens would deadlock."""
    TokenCount.objects.select_for_update().get_or_create(token=TOTALS)


def tokens_of(comment) -> set[str]:
    tokens = features.extract(comment.name, comment.body)
    return {TOTALS, *(token[:MAX_TOKEN] for token in tokens)}


def apply_changes(changes: Counter[tuple[str, bool]]) -> None:
    """Adds to the counts of tokens in spam (True) and in honest comments (False)."""
    add_counts({key: n for key, n in changes.items() if n > 0})
    subtract_counts({key: -n for key, n in changes.items() if n < 0})
    totals = TokenCount.objects.get(token=TOTALS)
    if (totals.spam + totals.ham) % PRUNE_EVERY == 0:
        prune()


def add_counts(changes: dict[tuple[str, bool], int]) -> None:
    rows = [(token, n * is_spam, n * (not is_spam)) for (token, is_spam), n in changes.items()]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), INSERT_BATCH):
            batch = rows[start : start + INSERT_BATCH]
            sql = ADD_SQL.format(rows=", ".join(["(%s, %s, %s)"] * len(batch)))
            cursor.execute(sql, [value for row in batch for value in row])


def subtract_counts(changes: dict[tuple[str, bool], int]) -> None:
    """Deletes the tokens of which nothing is left: only erased comments had them."""
    tokens_by_change = defaultdict(list)
    for (token, is_spam), n in changes.items():
        tokens_by_change["spam" if is_spam else "ham", n].append(token)
    for (field, n), tokens in tokens_by_change.items():
        rows = TokenCount.objects.filter(token__in=tokens)
        # The comment may have been edited since it was counted: no count goes below 0.
        rows.update(**{field: Greatest(F(field) - n, 0)})
        rows.exclude(token=TOTALS).filter(spam=0, ham=0).delete()


def prune() -> None:
    """Keeps the 50,000 tokens that were seen most often."""
    tokens = TokenCount.objects.exclude(token=TOTALS).annotate(seen=F("spam") + F("ham"))
    rare = tokens.order_by("-seen", "token").values("token")[MAX_TOKENS:]
    TokenCount.objects.filter(token__in=rare).delete()
