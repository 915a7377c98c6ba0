"""What moderators taught the filter: counts in one table, shared by every worker."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator

from django.db import connection, models, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from articles.compiled_query import run_sql
from comments.models.log import LOCK_STATES, ModerationAction
from comments.spam import tokens

# One row for the totals stands among the words: no token is empty.
TOTALS = ""
LONGEST_TOKEN = 60
MOST_TOKENS = 50_000
# One decision alone moves nothing: it may be a slip.
FEWEST_LESSONS = 2
TIDY_EVERY, ROWS_AT_ONCE = 100, 5_000


class TokenCount(models.Model):
    """How many comments that hold a token were found to be spam, and how many honest."""

    token = models.CharField(max_length=LONGEST_TOKEN, primary_key=True)
    spam = models.PositiveIntegerField(default=0)
    ham = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.token}: {self.spam} spam, {self.ham} honest"


class ModeratorVerdict(models.Model):
    """What a moderator last said of a comment: each counts once, however often it is said."""

    comment = models.OneToOneField(
        "comments.Comment", models.CASCADE, primary_key=True, related_name="verdict"
    )
    is_spam = models.BooleanField()

    def __str__(self):
        return f"{self.comment_id}: {'spam' if self.is_spam else 'honest'}"


ADD = """
    INSERT INTO comments_tokencount (token, spam, ham) VALUES {rows}
    ON CONFLICT (token) DO UPDATE SET
        spam = comments_tokencount.spam + excluded.spam,
        ham = comments_tokencount.ham + excluded.ham
"""


# With every reply: Django would take as long over this as over the rest of the judgement.
RECALL = "SELECT token, spam, ham FROM comments_tokencount WHERE token IN ({})"


def recall(found: list[str]) -> tuple[dict[str, tuple[int, int]], tuple[int, int]]:
    """The spam and honest comments counted for each of these tokens, and for all: one query."""
    keys = [TOTALS, *(token[:LONGEST_TOKEN] for token in found)]
    rows = run_sql(RECALL.format(", ".join(["%s"] * len(keys))), keys)
    counts = {token: (spam, ham) for token, spam, ham in rows if spam + ham >= FEWEST_LESSONS}
    return counts, counts.pop(TOTALS, (0, 0))


def learn(comment, is_spam: bool) -> None:
    """Takes a moderator's decision to heart; a later one about the same comment replaces it."""
    teach([comment.pk], is_spam)


def unlearn(comment) -> None:
    """Takes back what was learned from a comment, as when a decision is undone."""
    teach([comment.pk], None)


def teach(keys: Collection[int], is_spam: bool | None) -> None:
    """One decision about many comments, by their keys; None takes back what was learned."""
    with transaction.atomic():
        # Whoever learns waits here: two lessons that share words would wait for each other.
        TokenCount.objects.select_for_update().get_or_create(token=TOTALS)
        known = dict(
            ModeratorVerdict.objects.filter(comment__in=keys).values_list("comment", "is_spam")
        )
        changed = [key for key in keys if known.get(key) is not is_spam]
        changes: Counter[tuple[str, bool]] = Counter()
        for comment in comments_of(changed):
            found = read_tokens(comment)
            if comment.pk in known:
                changes.subtract((token, known[comment.pk]) for token in found)
            if is_spam is not None:
                changes.update((token, is_spam) for token in found)
        ModeratorVerdict.objects.filter(comment__in=changed).delete()
        if is_spam is not None:
            ModeratorVerdict.objects.bulk_create(
                ModeratorVerdict(comment_id=key, is_spam=is_spam) for key in changed
            )
        count(changes)


def comments_of(keys: Collection[int]):
    comments = ModeratorVerdict._meta.get_field("comment").related_model.objects
    return comments.filter(pk__in=keys).only("name", "email", "body")


def read_tokens(comment) -> set[str]:
    found = tokens.read(comment.name, comment.email, comment.body)
    return {TOTALS, *(token[:LONGEST_TOKEN] for token in found)}


def count(changes: Counter[tuple[str, bool]]) -> None:
    """Adds to the counts of tokens in spam (True) and in honest comments (False)."""
    more = [
        (token, n * is_spam, n * (not is_spam)) for (token, is_spam), n in changes.items() if n > 0
    ]
    with connection.cursor() as cursor:
        for start in range(0, len(more), ROWS_AT_ONCE):
            rows = more[start : start + ROWS_AT_ONCE]
            sql = ADD.format(rows=", ".join(["(%s, %s, %s)"] * len(rows)))
            cursor.execute(sql, [value for row in rows for value in row])
    less = defaultdict(list)
    for (token, is_spam), n in changes.items():
        if n < 0:
            less["spam" if is_spam else "ham", -n].append(token)
    for (field, n), found in less.items():
        # Words may have been edited since: no count goes below nothing.
        rows = TokenCount.objects.filter(token__in=found)
        rows.update(**{field: Greatest(F(field) - n, 0)})
        # Words that nobody else wrote go with the comment that is erased.
        rows.exclude(token=TOTALS).filter(spam=0, ham=0).delete()
    seen = TokenCount.objects.get(token=TOTALS)
    if (seen.spam + seen.ham) % TIDY_EVERY == 0:
        tidy()


def tidy() -> None:
    """Keeps the table within bounds: the tokens seen least often go."""
    tokens_seen = TokenCount.objects.exclude(token=TOTALS).annotate(seen=F("spam") + F("ham"))
    rare = tokens_seen.order_by("-seen", "token").values("token")[MOST_TOKENS:]
    TokenCount.objects.filter(token__in=rare).delete()


def verdict(before: str, after: str) -> tuple[bool, bool | None]:
    """Whether a moderator's change of a status says something of the words, and then what: that
    they are spam, that they are honest, or neither (what was learned before is to be forgotten).
    """
    says = after != "published" or before in ("held", "spam")
    return says, {"spam": True, "published": False}.get(after)


def read_log() -> None:
    """Adds the lessons that the log holds and that were never learned, as those from before."""
    acts = ModerationAction.objects.filter(
        by_rule=False, comment__erased_at=None, comment__verdict=None
    )
    acts = acts.with_status_change().exclude(after__in=LOCK_STATES).order_by("number")
    said: dict[int, bool | None] = {}  # None: taken back
    for key, before, after in acts.values_list("comment", "before", "after").iterator():
        says, is_spam = verdict(before, after)
        if says:
            said[key] = is_spam
    lessons = {key: is_spam for key, is_spam in said.items() if is_spam is not None}
    rows = (ModeratorVerdict(comment_id=key, is_spam=is_spam) for key, is_spam in lessons.items())
    ModeratorVerdict.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def retrain() -> Iterator[tuple[int, int]]:
    """Learns all decisions anew, in one transaction; yields how many are done, and of how many."""
    with transaction.atomic():
        # Whoever teaches meanwhile waits here, as for one another.
        TokenCount.objects.select_for_update().get_or_create(token=TOTALS)
        read_log()
        TokenCount.objects.all().delete()
        TokenCount.objects.create(token=TOTALS)
        lessons = ModeratorVerdict.objects.select_related("comment").order_by("pk")
        total = lessons.count()
        for done, lesson in enumerate(lessons.iterator(chunk_size=500), 1):
            count(Counter((token, lesson.is_spam) for token in read_tokens(lesson.comment)))
            yield done, total
