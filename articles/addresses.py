"""Which essay stands at an address. One that it had before leads to it for ever."""

from functools import cache

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, models

from articles.prepared import Prepared, read_times

TEXTS = ("body", "body_html")


def find_essay(year: str, slug: str):
    """The published essay that stands at this address or stood there before, else None.

    Its texts are left to be read when they are asked for.
    """
    model = apps.get_model("articles.Article")
    for row in AT_SLUG.rows(slug):
        article = model.from_db(DEFAULT_DB_ALIAS, fields(), read_times(row))
        if article.is_public and article.stands_at(year, slug):
            return article
    return model.objects.published().defer(*TEXTS).at(year, slug)


@cache
def fields() -> list[str]:
    """The essay's columns but for its texts."""
    columns = apps.get_model("articles.Article")._meta.concrete_fields
    return [field.attname for field in columns if field.attname not in TEXTS]


AT_SLUG = Prepared(
    lambda slug: (
        apps.get_model("articles.Article")
        .objects.order_by()
        .filter(slug=slug)
        .values_list(*fields())
    )
)


class OldSlug(models.Model):
    """An address at which readers may have found an essay. The last to leave it keeps it."""

    year = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=80, allow_unicode=True)
    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="old_slugs")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug", "year"], name="old_slug_unique")]

    def __str__(self):
        return f"{self.year:04}/{self.slug}"

    @classmethod
    def keep(cls, year, slug, article):
        cls.objects.update_or_create(year=year, slug=slug, defaults={"article": article})
