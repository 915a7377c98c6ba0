"""How many essays each year has, so that the archive need not count them."""

from collections import Counter

from django.db import models


class ArchiveYear(models.Model):
    """The published essays of a year, those whose time is still to come included.

    Written by whoever changes an essay's status or time; `reindex` counts anew.
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
    def counts(cls, articles) -> list[tuple[int, int]]:
        """Years with the number of essays that readers can see, the latest first."""
        counts = Counter(dict(cls.objects.values_list("year", "article_count")))
        counts.subtract(time.year for time in articles.scheduled_times())
        return sorted(((year, n) for year, n in counts.items() if n > 0), reverse=True)
