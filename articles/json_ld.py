"""An essay as schema.org's Article with its breadcrumbs, for JSON-LD.

The rules are those of Google's "Article" and "Breadcrumb" documentation.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext


def article_data(article, tags, image_url: str) -> dict:
    site = settings.SITE_URL
    data = {
        "@type": "Article",
        "headline": article.title,
        "mainEntityOfPage": site + article.get_absolute_url(),
        "image": [site + image_url],
        "author": person(article.author.name, url=site + article.author.get_absolute_url()),
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME, "url": f"{site}/"},
        "datePublished": article.published_at.isoformat(timespec="seconds"),
        "dateModified": article.changed_at.isoformat(timespec="seconds"),
        "inLanguage": get_language(),
        "wordCount": article.word_count,
    }
    optional = {"description": article.dek, "keywords": [tag.name for tag in tags]}
    return data | {name: value for name, value in optional.items() if value}


def person(name: str, **more: str) -> dict[str, str]:
    return {"@type": "Person", "name": name, **more}


def breadcrumb_data(article) -> dict:
    """The way from the archive to the essay; the last step is the page itself, without a URL."""
    year, site = f"{article.year:04}", settings.SITE_URL
    steps = [
        {"name": gettext("Archive"), "item": site + reverse("articles:archive")},
        {"name": year, "item": site + reverse("articles:archive_year", args=[year])},
        {"name": article.title},
    ]
    items = [{"@type": "ListItem", "position": n, **step} for n, step in enumerate(steps, 1)]
    return {"@type": "BreadcrumbList", "itemListElement": items}
