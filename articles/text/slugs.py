"""Names that fit on one line, and the addresses made from them."""

from django.utils.text import slugify

from articles.text.clean import clean_text


def one_line(text):
    """The text without line ends and control characters, which would break titles and feeds."""
    return " ".join(clean_text(text).split())


def free_slug(model, text, fallback):
    """A slug of the text that no row of the model has yet."""
    stem = slugify(text, allow_unicode=True)[:70].strip("-_") or fallback
    slug, count = stem, 1
    while model.objects.filter(slug=slug).exists():
        count += 1
        slug = f"{stem}-{count}"
    return slug
