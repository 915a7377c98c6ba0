"""Slugs: the last part of an object's address."""

from django.utils.text import slugify


def free_slug(model, text, fallback):
    """A slug of the text that no row of the model has yet."""
    stem = slugify(text, allow_unicode=True)[:70].strip("-_") or fallback
    slug, number = stem, 1
    while model.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}-{number}"
    return slug
