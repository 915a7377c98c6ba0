"""Rules: the one row of settings for new comments, which an administrator edits."""

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from articles.compiled_query import CompiledQuery
from articles.models import Article, ListStamp


class Rules(models.Model):
    """One row; without it, the settings and the defaults apply. A limit of 0 means none."""

    class Hold(models.TextChoices):
        NONE = "none", _("none")
        FIRST = "first", _("the first of each commenter")
        ALL = "all", _("all")

    hold = models.CharField(
        _("replies to hold"), max_length=10, choices=Hold.choices, default=Hold.NONE
    )
    max_links = models.PositiveSmallIntegerField(
        _("most links"), default=5, help_text=_("A reply with more is held. 0: no limit.")
    )
    min_seconds_between = models.PositiveSmallIntegerField(
        _("fewest seconds between two replies"),
        default=0,
        help_text=_("A faster reply from the same network is held. 0: no limit."),
    )
    max_per_hour_by_email = models.PositiveSmallIntegerField(
        _("most replies an hour from one e-mail address"),
        default=0,
        help_text=_("Further replies are held. 0: no limit."),
    )
    max_per_hour_by_network = models.PositiveSmallIntegerField(
        _("most replies an hour from one network"),
        default=0,
        help_text=_("Further replies are held. 0: no limit."),
    )
    days_open = models.PositiveSmallIntegerField(
        _("days that an essay takes replies"),
        default=0,
        help_text=_("Counted from its publication. 0: no end."),
    )
    flags_to_hold = models.PositiveSmallIntegerField(
        _("flags that hold a comment"),
        default=3,
        help_text=_("Unless a moderator has decided on it before. 0: flags hold nothing."),
    )
    public_log = models.BooleanField(
        _("public log"),
        default=False,
        help_text=_("Shows at /moderation/ what moderators have done, and nobody's name."),
    )
    show_moderator_names = models.BooleanField(_("with the moderators' names"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("rules")

    def __str__(self):
        return str(_("Rules"))

    def save(self, *args, **kwargs):
        """Stores the one row, and closes or reopens essays' threads as `days_open` says."""
        self.pk = 1
        with transaction.atomic():
            self._state.adding = not type(self).objects.filter(pk=1).exists()
            super().save(*args, **kwargs)
            Article.objects.set_closing_days(self.days_open)
            ListStamp.touch("replies")

    @classmethod
    def current(cls):
        """The stored row, else the defaults."""
        row = RULES_QUERY.first()
        return cls(**row._asdict()) if row else cls(hold=settings.HOLD_REPLIES)


RULES_QUERY = CompiledQuery(lambda: Rules.objects.filter(pk=1).values_list(*FIELDS), 0)
FIELDS = tuple(field.attname for field in Rules._meta.concrete_fields)
