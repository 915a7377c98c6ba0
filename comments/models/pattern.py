"""Pattern: words and regular expressions that hold or refuse a reply, within a time limit."""

import time
from functools import lru_cache

import regex
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments import identity

SECONDS_FOR_ONE = 0.02
SECONDS_FOR_ALL = 0.25
# Long enough that a pattern of exponential or cubic time uses up its time, and a quadratic one,
# such as `\w+@`, does not.
SLOW_TEXT_LENGTH = 500


class TooSlow(Exception):
    """A pattern used up its time."""


class Pattern(models.Model):
    """Words or a regular expression for which replies are held or refused."""

    class Kind(models.TextChoices):
        HOLD = "hold", _("hold the reply")
        REFUSE = "refuse", _("refuse the reply")

    kind = models.CharField(_("what it does"), max_length=10, choices=Kind.choices)
    is_regex = models.BooleanField(
        _("regular expression"),
        default=False,
        help_text=_("Else whole words: case, marks and look-alike letters make no difference."),
    )
    text = models.CharField(_("words or pattern"), max_length=500)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("pattern")
        verbose_name_plural = _("patterns")

    def __str__(self):
        return self.text

    def clean(self):
        """Refuses a pattern that does not compile, finds everything, or is slow on slow_texts."""
        try:
            compiled = self.compile()
        except regex.error as error:
            raise ValidationError({"text": _("This is no pattern: %s") % error}) from None
        if not self.is_regex and "*" in self.text:
            raise ValidationError({"text": _("A star stands for nothing in whole words.")})
        if not self.is_regex and not identity.fold_lookalikes(self.text).strip():
            raise ValidationError({"text": _("There is no word in this that could be found.")})
        try:
            if any(search(compiled, text) for text in ("", "x")):
                raise ValidationError({"text": _("This would find something in every reply.")})
            for text in slow_texts(self.text):
                search(compiled, text)
        except TooSlow:
            message = _("This pattern takes too long on some texts: it could slow down the site.")
            raise ValidationError({"text": message}) from None

    def compile(self):
        return compile_pattern(self.text, self.is_regex)

    def finds(self, text: str) -> bool:
        """Whether the pattern is in the text; raises TooSlow."""
        return search(self.compile(), text if self.is_regex else identity.fold_lookalikes(text))


@lru_cache(maxsize=1_000)
def compile_pattern(text: str, is_regex: bool):
    """The compiled pattern; raises regex.error where it has none."""
    if is_regex:
        return regex.compile(text, regex.IGNORECASE)
    words = r"\s+".join(map(regex.escape, identity.fold_lookalikes(text).split()))
    return regex.compile(rf"(?<!\w){words}(?!\w)")


def search(compiled, text: str) -> bool:
    try:
        return compiled.search(text, timeout=SECONDS_FOR_ONE) is not None
    except TimeoutError:
        raise TooSlow from None


def slow_texts(pattern: str):
    """Texts of one repeated letter, also of the pattern's own, on which backtracking is slow."""
    letters = sorted({char for char in pattern if char.isalnum()})[:10]
    for unit in ("a", "1", " ", *letters):
        # The pattern at the end: its literals have to occur, or the search gives up at once.
        yield f"{unit * SLOW_TEXT_LENGTH}\u0001{pattern}"


def find_patterns(text: str):
    """Yields each pattern that finds something in the text, and whether it was too slow.

    All of them together have a quarter of a second; the rest counts as too slow.
    """
    folded = identity.fold_lookalikes(text)
    end = time.monotonic() + SECONDS_FOR_ALL
    for pattern in Pattern.objects.order_by("pk"):
        try:
            if time.monotonic() > end:
                raise TooSlow
            if search(pattern.compile(), text if pattern.is_regex else folded):
                yield pattern, False
        except (TooSlow, regex.error):
            yield pattern, True
