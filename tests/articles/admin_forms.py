"""Fills in the forms of the admin that editors use."""

from django.urls import reverse

from tests.builders import BODY

ADD = "/admin/articles/article/add/"
LIST = "/admin/articles/article/"


def change_url(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def form_data(**fields):
    """The fields that the essay form posts."""
    data = {"title": "On clocks", "dek": "A dek.", "body": BODY, "author": "", "slug": ""}
    data |= {"status": "draft", "published_at_0": "", "published_at_1": "", "discussion": "open"}
    data |= {"tag_names": ""}
    return data | fields


def form_as_shown(client, article):
    """The fields that the essay form posts if an editor changes nothing."""
    form = client.get(change_url(article)).context["adminform"].form
    data = form_data(**{name: form[name].value() or "" for name in form.fields})
    if moment := article.published_at:
        data |= {
            "published_at_0": f"{moment:%Y-%m-%d}",
            "published_at_1": f"{moment:%H:%M:%S}",
        }
    return data


def errors_of(response) -> str:
    assert response.status_code == 200
    return " ".join(str(e) for e in response.context["errors"])


def choose(client, url, action, *rows):
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(url, data, follow=True)
