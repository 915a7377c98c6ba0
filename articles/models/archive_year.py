"""The number of essays of each year, stored so that the archive does not count them."""

from collections import Counter

from django.db import models


class ArchiveYear(models.Model):
    """The number of a year's published essays, including scheduled ones.

    Every change of an essay's status or publication time updates it; `reindex` recounts all.
    """

    year = models.PositiveSmallIntegerField(primary_key=True)
    article_count = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.year}: {self.article_count}"

    @classmethod
    def recount(cls, articles, years):
        rows = [
            cls(year=year, article_count=articles.of_year(year).count()) for year in sorted(years)
        ]
        cls.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["year"], update_fields=["article_count"]
        )

    @classmethod
    def counts(cls, articles):
        """Pairs of a year and its number of public essays, the latest year first."""
        counts = Counter(dict(cls.objects.values_list("year", "article_count")))
        counts.subtract(time.year for time in articles.scheduled_times())
        return sorted(((year, count) for year, count in counts.items() if count > 0), reverse=True)
