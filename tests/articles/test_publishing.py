"""Publishing: drafts, publication now or later, withdrawal, and no deletion."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, ListStamp
from tests.articles.admin_forms import ADD, LIST, change_url, choose, form_as_shown, form_data
from tests.builders import build_article, build_comment, build_staff

pytestmark = pytest.mark.django_db


def test_draft_is_seen_by_staff_who_may_view_essays_and_by_nobody_else(editor_client, client):
    article = build_article(published=False)
    link = editor_client.get(change_url(article)).context["original"].get_absolute_url()
    shown = editor_client.get(link)
    assert shown.status_code == 200
    assert "A draft: only editors see this page." in shown.content.decode()
    assert shown["Cache-Control"] == "private, no-store"
    client.logout()
    assert client.get(link).status_code == 404
    client.force_login(build_staff("moderator", group="Moderators"))
    assert client.get(link).status_code == 404
    reader = User.objects.create_user("reader")
    reader.user_permissions.add(Permission.objects.get(codename="view_article"))
    client.force_login(reader)
    assert client.get(link).status_code == 404


def test_view_on_site_is_offered_for_a_draft(editor_client):
    article = build_article(published=False)
    assert (
        f'href="{article.get_absolute_url()}"'
        in editor_client.get(change_url(article)).content.decode()
    )


def test_status_in_the_form_publishes_at_once(editor_client, client):
    article = build_article(published=False)
    editor_client.post(
        change_url(article), form_as_shown(editor_client, article) | {"status": "published"}
    )
    article.refresh_from_db()
    assert abs(timezone.now() - article.published_at) < timedelta(minutes=1)
    client.logout()
    assert client.get(article.get_absolute_url()).status_code == 200


def test_action_publishes_many_and_says_how_many(editor_client):
    drafts = [build_article(f"Draft {n}", published=False) for n in range(3)]
    build_article("Out already")
    page = choose(editor_client, LIST, "publish", *drafts)
    assert "3 essays are now published." in page.content.decode()
    assert Article.objects.published().count() == 4


def test_action_withdraws_and_keeps_the_first_publication_time(editor_client, client):
    article = build_article()
    page = choose(editor_client, LIST, "withdraw", article)
    assert "1 essay is now draft." in page.content.decode()
    client.logout()
    assert client.get(article.get_absolute_url()).status_code == 404
    assert article.title not in client.get("/").content.decode()
    client.force_login(User.objects.get(username="editor"))
    choose(client, LIST, "publish", article)
    assert Article.objects.published().get().published_at == article.published_at


def test_action_is_in_the_essays_history(editor_client):
    article = build_article(published=False)
    choose(editor_client, LIST, "publish", article)
    history = editor_client.get(reverse("admin:articles_article_history", args=[article.pk]))
    assert "Changed status" in history.content.decode()


def test_action_does_not_undo_an_edit(editor_client):
    article = build_article(published=False)
    Article.objects.filter(pk=article.pk).update(title="Newer")
    choose(editor_client, LIST, "publish", article)
    assert Article.objects.get().title == "Newer"


def test_essay_with_a_later_time_is_scheduled(editor_client, client, monkeypatch):
    tomorrow = timezone.now() + timedelta(days=1)
    when = {"published_at_0": f"{tomorrow:%Y-%m-%d}", "published_at_1": "00:00:00"}
    editor_client.post(ADD, form_data(status="published", **when))
    article = Article.objects.get()
    assert "scheduled" in editor_client.get(LIST).content.decode()
    assert (
        "Readers will see this page from"
        in editor_client.get(article.get_absolute_url()).content.decode()
    )
    client.logout()
    for url in (article.get_absolute_url(), article.get_absolute_url() + "reply/"):
        assert client.get(url).status_code == 404
    assert "On clocks" not in client.get("/").content.decode()
    assert "On clocks" not in client.get("/feed/").content.decode()
    monkeypatch.setattr(timezone, "now", lambda: tomorrow + timedelta(days=1))
    assert client.get(article.get_absolute_url()).status_code == 200
    assert "On clocks" in client.get("/").content.decode()


def test_closing_the_discussion_takes_the_form_away(editor_client, client):
    article = build_article()
    editor_client.post(
        change_url(article), form_as_shown(editor_client, article) | {"discussion": "closed"}
    )
    client.logout()
    page = client.get(article.get_absolute_url()).content.decode()
    assert "reply-form" not in page and "takes no replies any more" in page


# --- Deleting ---------------------------------------------------------------------------------


def test_editors_can_delete_nothing(editor_client):
    article = build_article()
    assert editor_client.get(f"{LIST}{article.pk}/delete/").status_code == 403
    actions = editor_client.get(LIST).context["action_form"].fields["action"].choices
    assert [name for name, _ in actions] == ["", "publish", "withdraw"]
    choose(editor_client, LIST, "delete_selected", article)
    assert Article.objects.exists()


def test_essay_with_comments_cannot_be_deleted_and_the_page_says_why(admin_client):
    article = build_article()
    for _ in range(40):
        build_comment(article)
    url = f"{LIST}{article.pk}/delete/"
    page = admin_client.get(url).content.decode()
    assert "An essay that has comments cannot be deleted" in page
    assert "permission" not in page and "@private.example" not in page
    assert page.count("Comment: ") <= 10
    admin_client.post(url, {"post": "yes"})
    assert Article.objects.exists()


def test_deleting_many_spares_those_with_comments(admin_client):
    article, empty = build_article(), build_article("Empty")
    build_comment(article)
    data = {"action": "delete_selected", "_selected_action": [article.pk, empty.pk]}
    page = admin_client.post(LIST, data | {"post": "yes"})
    assert page.status_code == 200 and "Cannot delete" in page.content.decode()
    assert Article.objects.count() == 2


def test_superuser_deletes_an_essay_nobody_has_answered(admin_client):
    article = build_article()
    before = ListStamp.current()
    data = {"action": "delete_selected", "_selected_action": [article.pk], "post": "yes"}
    admin_client.post(LIST, data)
    assert not Article.objects.exists()
    assert ListStamp.current() > before
