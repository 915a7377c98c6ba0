"""Tags: typed with the essay, shown with it, renamed and merged by editors."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article, Tag
from tests.articles.admin_forms import ADD, change_url, choose, errors_of, form_as_shown, form_data
from tests.builders import build_article

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/tag/"


def names(article) -> list[str]:
    return [tag.name for tag in article.ordered_tags]


def titles(client, url) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_editor_types_them_in_one_field_and_their_order_is_kept(editor_client):
    editor_client.post(ADD, form_data(tag_names=" Public space, benches,,  Cities , "))
    article = Article.objects.get()
    assert names(article) == ["Public space", "benches", "Cities"]
    assert form_as_shown(editor_client, article)["tag_names"] == "Public space, benches, Cities"


def test_case_makes_no_difference_and_the_first_spelling_stays(editor_client):
    build_article("One", tags=["Straße"])
    editor_client.post(ADD, form_data(tag_names="STRASSE, strasse"))
    assert names(Article.objects.get(title="On clocks")) == ["Straße"]
    assert Tag.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "slug"), [("Öffentlicher Raum", "öffentlicher-raum"), ("時計", "時計"), ("!?", "tag")]
)
def test_tag_in_any_script_has_a_page(client, name, slug):
    article = build_article(tags=[name])
    assert Tag.objects.get().slug == slug
    assert article.title in titles(client, Tag.objects.get().get_absolute_url())


def test_commas_of_other_keyboards_part_names_too(editor_client):
    editor_client.post(ADD, form_data(tag_names="مدن، ساعات"))
    assert names(Article.objects.get()) == ["مدن", "ساعات"]


@pytest.mark.parametrize("typed", ["x" * 51, ",".join(f"t{n}" for n in range(13))])
def test_too_much_is_a_form_error_and_nothing_is_stored(editor_client, typed):
    response = editor_client.post(ADD, form_data(tag_names=typed))
    assert "at most" in errors_of(response)
    assert not Article.objects.exists() and not Tag.objects.exists()


def test_change_of_tags_is_another_page(editor_client, client):
    article = build_article(tags=["Towns"])
    editor_client.post(
        change_url(article), form_as_shown(editor_client, article) | {"tag_names": "Clocks, Towns"}
    )
    assert names(article) == ["Clocks", "Towns"]
    editor_client.logout()
    page = titles(client, article.get_absolute_url())
    assert 'href="/tags/clocks/"' in page and 'href="/tags/towns/"' in page


def test_page_shows_the_published_essays_of_the_tag_the_newest_first(client):
    now = timezone.now()
    build_article("Old one", tags=["Towns"], published_at=now - timedelta(days=2))
    build_article("New one", tags=["Towns"])
    build_article("Secret draft", tags=["Towns"], published=False)
    build_article("Secret later", tags=["Towns"], published_at=now + timedelta(days=1))
    build_article("Other one", tags=["Clocks"])
    page = titles(client, "/tags/towns/")
    assert page.index("New one") < page.index("Old one")
    assert "Secret" not in page and "Other one" not in page
    feed = titles(client, "/tags/towns/feed/")
    assert "New one" in feed and "Secret" not in feed and "Other one" not in feed


def test_essay_comes_and_goes_with_its_status(client):
    article = build_article(tags=["Towns"])
    Article.objects.set_status("draft")
    assert client.get("/tags/towns/").status_code == 404
    assert client.get("/tags/towns/feed/").status_code == 404
    Article.objects.set_status("published")
    assert article.title in titles(client, "/tags/towns/")


def test_tag_of_drafts_alone_does_not_exist_for_readers(client):
    build_article(tags=["Secret"], published=False)
    assert client.get("/tags/secret/").status_code == 404


def test_renamed_tag_keeps_its_address_and_shows_its_new_name(editor_client, client):
    article = build_article(tags=["Towns"])
    before = editor_client.get(article.get_absolute_url())
    assert "Towns" in before.content.decode()
    stamp = Article.objects.get().stamp
    editor_client.post(f"{LIST}{Tag.objects.get().pk}/change/", {"name": "Cities", "slug": "x"})
    assert Article.objects.get().stamp > stamp
    editor_client.logout()
    assert "Cities" in titles(client, "/tags/towns/")
    assert "Cities" in titles(client, article.get_absolute_url())


def test_name_of_another_tag_is_a_form_error(editor_client):
    build_article(tags=["Towns", "Cities"])
    tag = Tag.objects.get(name="Cities")
    page = editor_client.post(f"{LIST}{tag.pk}/change/", {"name": "TOWNS"})
    assert "merge the two" in page.content.decode()
    page = editor_client.post(f"{LIST}{tag.pk}/change/", {"name": "a, b"})
    assert "cannot contain a comma" in page.content.decode()


def test_merged_tags_have_one_page_to_which_both_addresses_lead(editor_client, client):
    both = build_article("Both", tags=["Towns", "Cities"])
    one = build_article("One", tags=["Cities", "Clocks"])
    build_article("Another", tags=["Towns"])
    build_article("More", tags=["Towns"])
    towns, cities = Tag.objects.get(name="Towns"), Tag.objects.get(name="Cities")
    choose(editor_client, LIST, "merge", towns, cities)
    assert names(both) == ["Towns"] and names(one) == ["Towns", "Clocks"]
    editor_client.logout()
    response = client.get("/tags/cities/")
    assert (response.status_code, response.url) == (301, "/tags/towns/")
    assert "One" in titles(client, "/tags/towns/")
    later = build_article("Later", tags=["cities"])
    assert names(later) == ["Towns"]


def test_merging_again_leads_to_the_last(editor_client, client):
    for n, name in enumerate("abc"):
        for m in range(n + 1):
            build_article(f"{name} {m}", tags=[name])
    a, b, c = Tag.objects.order_by("name")
    choose(editor_client, LIST, "merge", a, b)
    choose(editor_client, LIST, "merge", b, c)
    assert (
        set(Tag.objects.exclude(merged_into=None).values_list("merged_into", flat=True)) == {c.pk}
        or Tag.objects.filter(merged_into=None).count() == 1
    )
    page = choose(editor_client, LIST, "merge", a).content.decode()
    assert "at least two tags" in page


def test_tags_cannot_be_deleted(editor_client, admin_client):
    build_article(tags=["Towns"])
    url = f"{LIST}{Tag.objects.get().pk}/delete/"
    assert editor_client.get(url).status_code == admin_client.get(url).status_code == 403
