"""Queries for essays, and changes of many essays at once."""

from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from articles.models.discussion import DiscussionDefaults
from articles.models.stamp import ListStamp, next_stamp


class ArticleQuerySet(models.QuerySet):
    def published(self):
        """The essays that readers may see; every public page uses this filter."""
        return self.filter(status=self.model.Status.PUBLISHED, published_at__lte=timezone.now())

    def scheduled_times(self):
        """Publication times in the future, the next first."""
        scheduled = self.filter(
            status=self.model.Status.PUBLISHED, published_at__gt=timezone.now()
        )
        return scheduled.order_by("published_at").values_list("published_at", flat=True)

    def next_publication_time(self):
        """When the next scheduled essay is published, or None."""
        return self.scheduled_times().first()

    def next_closing_time(self):
        """When the next published essay stops taking replies, or None."""
        closing = self.published().filter(closes_at__gt=timezone.now())
        return closing.order_by("closes_at").values_list("closes_at", flat=True).first()

    def newest(self):
        return self.order_by("-published_at", "-pk")

    def of_year(self, year):
        """The published and scheduled essays of a year."""
        return self.filter(status=self.model.Status.PUBLISHED, published_at__year=year)

    def at_address(self, year, slug):
        """The essay that has this address, else one that had it, or its slug in another year."""
        current = self.filter(slug=slug).first()
        if current and current.has_address(year, slug):
            return current
        former = self.filter(old_slugs__slug=slug)
        same_year = former.filter(old_slugs__year=int(year)).first()
        return same_year or current or former.order_by("-old_slugs__year").first()

    def without_texts(self):
        """Defers the texts, which lists do not show."""
        return self.select_related("author").defer("body", "body_html")

    def touch(self):
        # Locked in one order, as two transactions that touch several essays could deadlock.
        ids = list(self.order_by("pk").select_for_update().values_list("pk", flat=True))
        self.model.objects.filter(pk__in=ids).update(stamp=next_stamp())

    def set_closing_days(self, days):
        """Sets for how many days after publication essays take replies; 0 for no end."""
        with transaction.atomic():
            # An essay that is saved at the same time waits for this lock and reads the new row.
            ListStamp.lock("essays")
            if days == DiscussionDefaults.current():
                return
            DiscussionDefaults.objects.update_or_create(pk=1, defaults={"days": days})
            articles = self.filter(published_at__isnull=False)
            times = models.F("published_at") + timedelta(days=days) if days else None
            articles.update(closes_at=times)
            articles.touch()

    def set_status(self, status):
        """Saves each essay that has another status, and returns them.

        They are read under a lock, so that an edit made meanwhile is kept.
        """
        with transaction.atomic():
            ListStamp.lock("essays")
            changed = list(self.exclude(status=status).select_for_update(of=("self",)))
            for article in changed:
                article.status = status
                article.save()
        return changed
