"""Words and patterns that hold a reply or refuse it, none of which can hang the site."""

import time
from functools import lru_cache

import regex
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.compiled_query import CompiledQuery
from comments import identity

SECONDS_FOR_ONE = 0.02
SECONDS_FOR_ALL = 0.25
# Texts on which patterns that go back over what they have read take for ever.
SLOW_TEXT_UNITS = ("a", "1", " ", "\n", "ab", "a ", "é", "-", "/", "@", "\u4e00")
MAX_TEXT_LENGTH = 10_000


class TooSlow(Exception):
    """A pattern did not come to an end in its time."""


class Pattern(models.Model):
    """What an administrator holds or refuses replies for."""

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
        """Refuses what does not compile, matches everything, or takes too long on nasty texts."""
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
    """What searches; raises regex.error for what is no pattern."""
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
    """Texts of a few letters over and over, the pattern's own among them, with an odd end."""
    own = sorted({letter for letter in pattern if letter.isalnum()})[:10]
    for unit in (*SLOW_TEXT_UNITS, *own):
        for length in (30, MAX_TEXT_LENGTH):
            # With what the pattern asks for behind, or it gives up before it has begun.
            for end in ("\u0001", f"\u0001{pattern}"):
                yield (unit * length)[:length] + end


PATTERNS_QUERY = CompiledQuery(lambda: Pattern.objects.order_by("pk").values_list(*FIELDS), 0)
FIELDS = tuple(field.attname for field in Pattern._meta.concrete_fields)


def find_patterns(text: str):
    """Yields each pattern that is in the text, and whether it was too slow to tell.

    All of them together have a quarter of a second; those that are left over count as too slow.
    """
    folded = identity.fold_lookalikes(text)
    end = time.monotonic() + SECONDS_FOR_ALL
    for row in PATTERNS_QUERY.rows():
        pattern = Pattern(*row)
        try:
            if time.monotonic() > end:
                raise TooSlow
            if search(pattern.compile(), text if pattern.is_regex else folded):
                yield pattern, False
        except (TooSlow, regex.error):
            yield pattern, True
