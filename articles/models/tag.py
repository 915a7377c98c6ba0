"""Tags of essays."""

import re

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.slugs import free_slug
from articles.models.stamp import ListStamp
from articles.text.clean import one_line

# Latin, Arabic and Chinese commas.
COMMAS = re.compile(r"[,\u060c\uff0c\u3001\n]")
MAX_TAGS, MAX_TAG_LENGTH = 12, 50


def parse_tag_names(text):
    """The names in a comma-separated text, each once; ValidationError if too many or too long."""
    names = {name.casefold(): name for part in COMMAS.split(text) if (name := one_line(part))}
    if len(names) > MAX_TAGS:
        raise ValidationError(_("An essay has at most %(most)s tags.") % {"most": MAX_TAGS})
    for name in names.values():
        if len(name) > MAX_TAG_LENGTH:
            raise ValidationError(
                _("A tag holds at most %(most)s characters: %(name)s")
                % {"most": MAX_TAG_LENGTH, "name": name}
            )
    return list(names.values())


class TagQuerySet(models.QuerySet):
    def get_or_create_named(self, names):
        """The tags of these names in their order, ignoring case; creates new ones."""
        names = {name.casefold(): name for name in names}
        stored = self.filter(folded_name__in=names).select_related("merged_into")
        tags = {tag.folded_name: tag.merged_into or tag for tag in stored}
        tags = [tags.get(folded) or self.create(name=name) for folded, name in names.items()]
        return list(dict.fromkeys(tags))


class Tag(models.Model):
    """A tag. One that was merged into another stays, so that its name and address lead there."""

    name = models.CharField(_("name"), max_length=MAX_TAG_LENGTH)
    # Case folding may make a text three times as long.
    folded_name = models.CharField(max_length=3 * MAX_TAG_LENGTH, unique=True, editable=False)
    slug = models.SlugField(
        _("slug"),
        max_length=80,
        unique=True,
        blank=True,
        allow_unicode=True,
        help_text=_("The last part of the tag's address. Leave empty to make it from the name."),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.name = one_line(self.name)
        self.folded_name = self.name.casefold()
        with transaction.atomic():
            ListStamp.touch("essays")
            is_new = self._state.adding
            self.slug = self.slug or free_slug(Tag, self.name, "tag")
            super().save(*args, **kwargs)
            if not is_new:
                self.articles.touch()

    def get_absolute_url(self):
        return reverse("articles:tag", args=[self.slug])

    def clean(self):
        self.name = one_line(self.name)
        if not self.name:
            raise ValidationError({"name": _("Please give a name that can be read.")})
        if COMMAS.search(self.name):
            raise ValidationError({"name": _("A tag's name cannot contain a comma.")})
        if Tag.objects.filter(folded_name=self.name.casefold()).exclude(pk=self.pk).exists():
            raise ValidationError(
                {"name": _("Another tag has this name: merge the two in the list of tags.")}
            )

    def merge_from(self, others):
        """Replaces the other tags by this one; their names and addresses then lead here."""
        with transaction.atomic():
            ListStamp.touch("essays")
            for other in others:
                tagged = Tagging.objects.filter(tag=self).values("article")
                other.taggings.exclude(article__in=tagged).update(tag=self)
                other.taggings.all().delete()
                merged = Tag.objects.filter(Q(pk=other.pk) | Q(merged_into=other))
                merged.update(merged_into=self)
            self.articles.touch()


class TaggingQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published_at__lte=timezone.now())

    def article_ids(self, tag):
        """The ids of the tag's published essays, the newest first."""
        rows = self.published().filter(tag=tag).order_by("-published_at", "-article")
        return rows.values_list("article", flat=True)


class Tagging(models.Model):
    """A tag of an essay, with its publication time, so that an index can sort a tag's list."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="taggings", db_index=False)
    position = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField(null=True)  # null while the essay is a draft

    objects = TaggingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "tag"], name="tagging_unique")]
        indexes = [
            models.Index(fields=["tag", "-published_at", "-article"], name="tagging_newest")
        ]

    def __str__(self):
        return str(self.tag)
