"""An essay as schema.org's Article, in JSON-LD."""

import json

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext

# So that nothing in it ends the element, or is a line's end to a program that reads JavaScript.
ESCAPES = {mark: f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def describe(article, tags, card: str, count: str, comments: str) -> str:
    """JSON that may stand in a script element as it is; `card` is the picture's address.

    `count` and `comments` are put in as they are, the latter from `describe_comments`.
    """
    said = dump(describe_article(article, tags, card))
    trail = escape(dump(describe_breadcrumbs(article)))
    said = f'{escape(said[:-1])},"commentCount":{count}{comments}}}'
    return f'{{"@context":"https://schema.org","@graph":[{said},{trail}]}}'


def dump(data: dict) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def escape(text: str) -> str:
    for mark, escaped in ESCAPES.items():
        text = text.replace(mark, escaped)
    return text


def describe_article(article, tags, card: str) -> dict:
    site = settings.SITE_URL
    data = {
        "@type": "Article",
        "headline": article.title,
        "mainEntityOfPage": site + article.get_absolute_url(),
        "image": [site + card],
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


def describe_breadcrumbs(article) -> dict:
    """The way to an essay; the last step is the page itself and needs no address."""
    year, site = f"{article.year:04}", settings.SITE_URL
    steps = [
        {"name": gettext("Archive"), "item": site + reverse("articles:archive")},
        {"name": year, "item": site + reverse("articles:archive_year", args=[year])},
        {"name": article.title},
    ]
    items = [{"@type": "ListItem", "position": n, **step} for n, step in enumerate(steps, 1)]
    return {"@type": "BreadcrumbList", "itemListElement": items}
