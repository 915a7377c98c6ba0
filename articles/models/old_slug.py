"""Former addresses of essays, which redirect to the present ones."""

from django.db import models


class OldSlug(models.Model):
    """An address that a published essay had. If several had it, it belongs to the last."""

    year = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=80, allow_unicode=True)
    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="old_slugs")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug", "year"], name="old_slug_unique")]

    def __str__(self):
        return f"{self.year:04}/{self.slug}"

    @classmethod
    def create_for(cls, year, slug, article):
        cls.objects.update_or_create(year=year, slug=slug, defaults={"article": article})
