"""Sitemap, robots.txt and feed links."""

import json
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from articles.models import Article
from articles.views import sitemaps
from tests.builders import build_article, build_comment

pytestmark = pytest.mark.django_db
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read(client, url):
    response = client.get(url)
    assert response.status_code == 200 and response["Content-Type"].startswith("application/xml")
    return ElementTree.fromstring(response.content)


def locations(client, url) -> list[str]:
    return [element.text for element in read(client, url).iter(f"{MAP}loc")]


def test_names_every_published_essay_with_the_time_of_its_last_change(client, settings):
    article = build_article("Über die Uhr")
    build_article("Secret draft", published=False)
    build_article("Secret later", published_at=timezone.now() + timedelta(days=1))
    found = locations(client, "/sitemap.xml")
    assert found == [f"{settings.SITE_URL}/", settings.SITE_URL + article.get_absolute_url()]
    assert time_of(client) == datetime.fromtimestamp(article.stamp // 1_000_000, UTC)


def time_of(client) -> datetime:
    return datetime.fromisoformat(read(client, "/sitemap.xml").findtext(f"{MAP}url/{MAP}lastmod"))


def test_page_has_changed_when_its_essay_or_its_thread_has(client):
    article = build_article()
    for change in (article.save, lambda: build_comment(article)):
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        Article.objects.update(stamp=int(long_ago.timestamp()) * 1_000_000, published_at=long_ago)
        article.refresh_from_db()
        assert time_of(client) == long_ago
        change()
        assert time_of(client).year == timezone.now().year


def test_many_essays_are_split_in_files_that_do_not_move(client, settings, monkeypatch):
    monkeypatch.setattr(sitemaps, "ESSAYS_PER_FILE", 3)
    articles = [build_article(f"Essay {n}") for n in range(7)]
    files = locations(client, "/sitemap.xml")
    assert read(client, "/sitemap.xml").tag == f"{MAP}sitemapindex" and len(files) >= 3
    paths = [file.removeprefix(settings.SITE_URL) for file in files]
    found = [url for path in paths for url in locations(client, path)]
    essays = [settings.SITE_URL + article.get_absolute_url() for article in articles]
    assert [url for url in found if url != f"{settings.SITE_URL}/"] == essays
    before = locations(client, paths[-2])
    build_article("Newest")
    assert locations(client, paths[-2]) == before


def test_empty_site_has_a_sitemap(client, settings):
    assert locations(client, "/sitemap.xml") == [f"{settings.SITE_URL}/"]


def test_changes_when_an_essay_does(client):
    article = build_article()
    tag = client.get("/sitemap.xml")["ETag"]
    assert client.get("/sitemap.xml", headers={"If-None-Match": tag}).status_code == 304
    article.save()
    assert client.get("/sitemap.xml", headers={"If-None-Match": tag}).status_code == 200


def test_robots_are_kept_from_desk_and_replies(client, settings):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    lines = response.content.decode().splitlines()
    for path in ("/admin/", "/*/*/reply/"):
        assert f"Disallow: {path}" in lines
    assert lines[-1] == f"Sitemap: {settings.SITE_URL}/sitemap.xml"


def test_json_feed_has_what_version_1_1_asks_for(client, settings, django_assert_num_queries):
    article = build_article('A "title" </script>', tags=["Towns", "Clocks"], dek="A dek.")
    build_article("Secret draft", published=False)
    with django_assert_num_queries(5):
        response = client.get("/feed.json")
    assert response["Content-Type"].startswith("application/feed+json")
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] and feed["feed_url"] == f"{settings.SITE_URL}/feed.json"
    (item,) = feed["items"]
    url = settings.SITE_URL + article.get_absolute_url()
    assert item["id"] == item["url"] == url
    assert item["title"] == article.title and item["tags"] == ["Towns", "Clocks"]
    assert "Benches belong" in item["content_html"]
    assert not any(part in item["content_html"] for part in ("tools", "point-links"))
    assert datetime.fromisoformat(item["date_published"]).tzinfo
    assert item["authors"] == [
        {"name": "Ada Lark", "url": f"{settings.SITE_URL}/authors/ada-lark/"}
    ]


def test_pages_name_their_feeds(client):
    build_article(tags=["Towns"])
    home, tag = (client.get(path).content.decode() for path in ("/", "/tags/towns/"))
    for page in (home, tag):
        assert 'type="application/feed+json"' in page and 'href="/feed/"' in page
    assert 'href="/tags/towns/feed/"' in tag
    assert 'href="/authors/ada-lark/feed/"' in client.get("/authors/ada-lark/").content.decode()


def test_essay_whose_tags_change_is_in_the_feeds_with_them(client):
    article = build_article(tags=["Towns"])
    build_article("Another", tags=["Apples", "Clocks"])
    article.set_tags(["Clocks", "Apples"])
    items = json.loads(client.get("/feed.json").content)["items"]
    assert [item["tags"] for item in items] == [["Apples", "Clocks"], ["Clocks", "Apples"]]
    assert '<category term="Clocks"' in client.get("/feed/").content.decode()
