"""What moderators taught the filter: counts in one table, shared by every worker."""

from collections.abc import Iterable, Iterator

from django.db import connection, models, transaction
from django.db.models import F

from comments.spam import tokens

# One row for the totals stands among the words: no token is empty.
TOTALS = ""
LONGEST_TOKEN = 60
MOST_TOKENS = 50_000
# One decision alone moves nothing: it may be a slip.
FEWEST_LESSONS = 2
TIDY_EVERY = 100


class Token(models.Model):
    """How many comments that hold a token were found to be spam, and how many honest."""

    token = models.CharField(max_length=LONGEST_TOKEN, primary_key=True)
    spam = models.PositiveIntegerField(default=0)
    ham = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "comments_spamtoken"

    def __str__(self):
        return f"{self.token}: {self.spam} spam, {self.ham} honest"


class Lesson(models.Model):
    """What a moderator last said of a comment: each counts once, however often it is said."""

    comment = models.OneToOneField("comments.Comment", models.CASCADE, primary_key=True)
    is_spam = models.BooleanField()

    class Meta:
        db_table = "comments_spamlesson"

    def __str__(self):
        return f"{self.comment_id}: {'spam' if self.is_spam else 'honest'}"


ADD = """
    INSERT INTO comments_spamtoken (token, spam, ham) VALUES {rows}
    ON CONFLICT (token) DO UPDATE SET
        spam = comments_spamtoken.spam + excluded.spam, ham = comments_spamtoken.ham + excluded.ham
"""


def recall(found: list[str]) -> tuple[dict[str, tuple[int, int]], tuple[int, int]]:
    """The spam and honest comments counted for each of these tokens, and for all: one query."""
    keys = [TOTALS, *(token[:LONGEST_TOKEN] for token in found)]
    rows = Token.objects.filter(token__in=keys).values_list("token", "spam", "ham")
    counts = {token: (spam, ham) for token, spam, ham in rows if spam + ham >= FEWEST_LESSONS}
    return counts, counts.pop(TOTALS, (0, 0))


def learn(comment, is_spam: bool) -> None:
    """Takes a moderator's decision to heart; a later one about the same comment replaces it."""
    with transaction.atomic():
        known = Lesson.objects.select_for_update().filter(comment=comment.pk).first()
        if known and known.is_spam == is_spam:
            return
        if known:
            forget(comment, known.is_spam)
        Lesson.objects.update_or_create(comment_id=comment.pk, defaults={"is_spam": is_spam})
        count(comment, is_spam)


def unlearn(comment) -> None:
    """Takes back what was learned from a comment, as when a decision is undone."""
    with transaction.atomic():
        if known := Lesson.objects.select_for_update().filter(comment=comment.pk).first():
            known.delete()
            forget(comment, known.is_spam)


def read_tokens(comment) -> list[str]:
    """The comment's tokens in one order for all, so that two lessons never wait for each other."""
    found = tokens.read(comment.name, comment.email, comment.body)
    return sorted({TOTALS, *(token[:LONGEST_TOKEN] for token in found)})


def count(comment, is_spam: bool) -> None:
    found = read_tokens(comment)
    values = [value for token in found for value in (token, int(is_spam), int(not is_spam))]
    with connection.cursor() as cursor:
        cursor.execute(ADD.format(rows=", ".join(["(%s, %s, %s)"] * len(found))), values)
    total = Token.objects.get(token=TOTALS)
    if (total.spam + total.ham) % TIDY_EVERY == 0:
        tidy()


def forget(comment, is_spam: bool) -> None:
    field = "spam" if is_spam else "ham"
    # Words may have been edited since: no count goes below nothing.
    counted = Token.objects.filter(token__in=read_tokens(comment), **{f"{field}__gt": 0})
    counted.update(**{field: F(field) - 1})


def tidy() -> None:
    """Keeps the table within bounds: the tokens seen least often go."""
    tokens_seen = Token.objects.exclude(token=TOTALS).annotate(seen=F("spam") + F("ham"))
    rare = tokens_seen.order_by("-seen", "token").values("token")[MOST_TOKENS:]
    Token.objects.filter(token__in=rare).delete()


def retrain() -> Iterator[int]:
    """Learns all lessons anew, in one transaction; yields how many are done."""
    with transaction.atomic():
        Token.objects.all().delete()
        lessons: Iterable[Lesson] = Lesson.objects.select_related("comment").order_by("pk")
        for done, lesson in enumerate(lessons.iterator(chunk_size=500), 1):
            count(lesson.comment, lesson.is_spam)
            yield done
