"""Authors of essays."""

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models.slugs import free_slug
from articles.models.stamp import ListStamp
from articles.text.clean import one_line


class Author(models.Model):
    """An author as readers know them; may belong to an account, but need not."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(
        _("slug"),
        max_length=80,
        unique=True,
        blank=True,
        allow_unicode=True,
        help_text=_("Leave empty to make it from the name."),
    )
    biography = models.CharField(_("biography"), max_length=500, blank=True)
    user = models.OneToOneField(
        "auth.User",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("account"),
        help_text=_(
            "Essays that this account writes are by this author unless another is chosen."
        ),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("author")
        verbose_name_plural = _("authors")

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.normalise()
        with transaction.atomic():
            ListStamp.touch("essays")
            self.slug = self.slug or free_slug(Author, self.name, "author")
            super().save(*args, **kwargs)
            self.articles.touch()

    def get_absolute_url(self):
        return reverse("articles:author", args=[self.slug])

    def clean_fields(self, exclude=None):
        # Before lengths are checked, as Unicode normalisation can make a text longer.
        self.normalise()
        super().clean_fields(exclude)

    def normalise(self):
        self.name, self.biography = one_line(self.name), one_line(self.biography)

    @classmethod
    def for_user(cls, user):
        """The account's author, created with its name on first use."""
        name = one_line(user.get_full_name() or user.get_username())[:80]
        slug = free_slug(cls, name, "author")
        return cls.objects.get_or_create(user=user, defaults={"name": name, "slug": slug})[0]
