"""Old slugs redirect to their essay for ever."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article, OldSlug
from tests.builders import build_article, build_staff, reply_data

pytestmark = pytest.mark.django_db


def rename(article, slug, **fields):
    for name, value in {"slug": slug, **fields}.items():
        setattr(article, name, value)
    article.save()


def leads_to(client, url):
    response = client.get(url)
    return response.url if response.status_code == 301 else response.status_code


def test_every_old_address_leads_to_the_new_one(client):
    article = build_article(slug="one")
    urls = [article.get_absolute_url()]
    for slug in ("two", "three"):
        rename(article, slug)
        urls.append(article.get_absolute_url())
    for url in urls[:2]:
        assert leads_to(client, url) == urls[2]
    assert leads_to(client, urls[2]) == 200


def test_address_with_another_year_leads_to_the_new_one(client):
    article = build_article(slug="one")
    old = article.get_absolute_url()
    rename(article, "two", published_at=article.published_at - timedelta(days=800))
    assert leads_to(client, old) == article.get_absolute_url()
    assert leads_to(client, "/1999/one/") == article.get_absolute_url()


def test_new_essay_may_take_over_an_old_slug(client):
    first = build_article(slug="one")
    rename(first, "two")
    url = f"/{first.year}/one/"
    second = build_article("Another", slug="one")
    assert second.get_absolute_url() == url and leads_to(client, url) == 200
    rename(second, "three")
    assert leads_to(client, url) == second.get_absolute_url()


def test_essay_of_an_earlier_year_keeps_its_address_beside_the_new_holder(client):
    past = timezone.now() - timedelta(days=800)
    first = build_article(slug="one", published_at=past)
    old = first.get_absolute_url()
    rename(first, "two")
    second = build_article("Another", slug="one")
    assert leads_to(client, old) == first.get_absolute_url()
    assert leads_to(client, second.get_absolute_url()) == 200


def test_slug_taken_back_is_the_essays_own_again(client):
    article = build_article(slug="one")
    rename(article, "two")
    rename(article, "one")
    assert leads_to(client, f"/{article.year}/one/") == 200
    assert leads_to(client, f"/{article.year}/two/") == f"/{article.year}/one/"


def test_reply_page_feed_and_form_follow(client):
    article = build_article(slug="one")
    old, old_reply = article.get_absolute_url(), article.get_reply_url()
    rename(article, "two")
    assert leads_to(client, f"{old_reply}?point=x") == article.get_reply_url() + "?point=x"
    assert leads_to(client, f"{old}feed/") == article.get_absolute_url() + "feed/"
    response = client.post(old_reply, reply_data(body="Kept words."))
    assert response.status_code == 404
    assert "Kept words." in response.content.decode() and article.slug in response.content.decode()


def test_old_address_of_what_readers_may_not_see_is_not_found(client):
    article = build_article(slug="one")
    old = article.get_absolute_url()
    rename(article, "two")
    Article.objects.set_status("draft")
    assert leads_to(client, old) == 404
    article.refresh_from_db()
    rename(article, "three")
    client.force_login(build_staff())
    response = client.get(old)
    assert (response.status_code, response.url) == (302, article.get_absolute_url())
    Article.objects.set_status("published")
    client.logout()
    for slug in ("one", "two"):
        assert leads_to(client, f"/{article.year}/{slug}/") == article.get_absolute_url()


def test_draft_that_nobody_saw_leaves_no_address():
    article = build_article(slug="secret", published=False)
    rename(article, "open")
    later = build_article(slug="secret", published_at=timezone.now() + timedelta(days=1))
    rename(later, "open-2")
    assert not OldSlug.objects.exists()
