"""Queries for many essays, and what can be done with many at once."""

from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from articles.models.discussion import DiscussionDefaults
from articles.models.stamp import ListStamp, next_stamp


class ArticleQuerySet(models.QuerySet):
    def published(self):
        """What readers may see: everything public goes through here."""
        return self.filter(status=self.model.Status.PUBLISHED, published_at__lte=timezone.now())

    def scheduled_times(self):
        """When essays will appear by themselves, the next first."""
        waiting = self.filter(status=self.model.Status.PUBLISHED, published_at__gt=timezone.now())
        return waiting.order_by("published_at").values_list("published_at", flat=True)

    def next_publication_time(self):
        """When the next essay appears by itself, or None."""
        return self.scheduled_times().first()

    def next_closing_time(self):
        """When the next of the published essays closes by itself, or None."""
        later = self.published().filter(closes_at__gt=timezone.now())
        return later.order_by("closes_at").values_list("closes_at", flat=True).first()

    def newest(self):
        return self.order_by("-published_at", "-pk")

    def of_year(self, year):
        """The published essays of a year, in or before their time."""
        return self.filter(status=self.model.Status.PUBLISHED, published_at__year=year)

    def at_address(self, year, slug):
        """The essay that stands at this address or stood there before, else None."""
        here = self.filter(slug=slug).first()
        if here and f"{here.year:04}" == year:
            return here
        stood = self.filter(old_slugs__slug=slug)
        exact = stood.filter(old_slugs__year=int(year)).first()
        return exact or here or stood.order_by("-old_slugs__year").first()

    def without_texts(self):
        """Without the texts, which lists do not show."""
        return self.select_related("author").defer("body", "body_html")

    def touch(self):
        # Locked in one order: else two who touch several essays might each wait for the other.
        keys = list(self.order_by("pk").select_for_update().values_list("pk", flat=True))
        self.model.objects.filter(pk__in=keys).update(stamp=next_stamp())

    def set_closing_days(self, days: int):
        """Every essay takes replies for so many days after its publication; 0 is for ever."""
        with transaction.atomic():
            # Who saves an essay waits here, and reads the new row.
            ListStamp.lock("essays")
            if days == DiscussionDefaults.current():
                return
            DiscussionDefaults.objects.update_or_create(pk=1, defaults={"days": days})
            articles = self.filter(published_at__isnull=False)
            times = models.F("published_at") + timedelta(days=days) if days else None
            articles.update(closes_at=times)
            articles.touch()

    def set_status(self, status):
        """Returns the essays that changed. Nobody's edit of the same moment is undone."""
        with transaction.atomic():
            ListStamp.lock("essays")
            changed = list(self.exclude(status=status).select_for_update(of=("self",)))
            for article in changed:
                article.status = status
                article.save()
        return changed
