"""Permissions of the moderators' screens: others are refused before anything is read."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from comments.models import Ban, Comment, ModerationAction, Note
from comments.models.ban import create_ban
from comments.thread_page.viewer import held_token
from tests.builders import build_article, build_comment, build_staff

pytestmark = pytest.mark.django_db
OF_DJANGO = {f"comments_comment_{verb}" for verb in ("changelist", "add", "history", "delete")}
OF_DJANGO |= {"comments_comment_change", None}
# Asks for a right of its own, which moderators do not have.
OF_DUTY = {"personal_data"}


def data_for(comment) -> list[dict]:
    """POST data, each of which does something at one of the screens for an account that may."""
    return [
        {"act": "hide", "comment": comment.pk},
        {"act": f"mark_spam:{comment.pk}", "from": "page"},
        {"act": "lock", "page": "1", "on_page": comment.pk},
        {"act": "publish", "whole": "all"},
        {"batch": ModerationAction.objects.newest().first().batch},
        {"entry": ModerationAction.objects.newest().first().pk},
        {"change": "note", "text": "Watch this one."},
        {"change": "ban", "kind": "email", "reason": "Insults"},
    ]


@pytest.fixture
def comment():
    comment = build_comment(build_article(), email="canary@private.example")
    held = build_comment(comment.article, status="held")
    Comment.objects.filter(pk=held.pk).lock()
    return comment


@pytest.fixture
def addresses(comment):
    """The URL of every moderators' screen, also of those that are added later."""
    entries = admin.site._registry[Comment].get_urls()
    names = {entry.name for entry in entries} - OF_DJANGO - OF_DUTY
    args = {"comments_comment_commenter": [comment.pk]}
    return [reverse(f"admin:{name}", args=args.get(name)) for name in names]


def log_in(client, who, comment):
    """`held` is a reader with the link to a reply of theirs that waits."""
    if who == "held":
        own = Comment.objects.get(status="held")
        client.get(f"{comment.article.get_absolute_url()}?held={held_token(own)}")
    elif who == "reader":
        client.force_login(User.objects.create_user("reader"))
    elif who == "editor":
        client.force_login(build_staff("editor"))
    elif who == "viewer":
        viewer = build_staff("viewer", group=None)
        rights = Permission.objects.filter(
            codename__in=("view_comment", "view_moderationaction", "add_ban")
        )
        viewer.user_permissions.add(*rights)
        client.force_login(viewer)


def state():
    rows = Comment.objects.order_by("pk").values_list("status", "locked")
    return list(rows), ModerationAction.objects.count(), Note.objects.count(), Ban.objects.count()


@pytest.mark.parametrize("who", [None, "held", "reader", "editor", "viewer"])
def test_only_moderators_see_or_do_anything(client, addresses, comment, who):
    log_in(client, who, comment)
    before = state()
    assert len(addresses) >= 5
    for url in addresses:
        for response in (client.get(url), *(client.post(url, d) for d in data_for(comment))):
            assert "canary@" not in response.content.decode()
            if who in ("editor", "viewer"):
                assert response.status_code == 403, url
            else:
                assert response.url.startswith("/admin/login/"), url
    assert state() == before


@pytest.mark.parametrize("who", ["moderator", "superuser"])
def test_moderator_and_superuser_may_use_all_of_it(client, addresses, comment, who):
    client.force_login(
        User.objects.create_superuser("root")
        if who == "superuser"
        else build_staff("moderator", group="Moderators")
    )
    for url in addresses:
        assert client.get(url).status_code in (200, 405), url
    before = state()
    for data in data_for(comment):
        for url in addresses:
            assert client.post(url, data).status_code in (302, 404, 405), url
    after = state()
    assert after != before and after[2] == after[3] == 1


@pytest.mark.parametrize("right", ["add_note", "add_ban", "change_ban"])
def test_each_change_to_a_person_asks_for_its_own_right(client, comment, right):
    ban = create_ban("name", name_pattern="Eve", reason="Insults")
    colleague = build_staff("colleague", group=None)
    others = {"change_comment", "add_note", "add_ban", "change_ban"} - {right}
    colleague.user_permissions.add(*Permission.objects.filter(codename__in=others))
    client.force_login(colleague)
    change = {"add_note": "note", "add_ban": "ban", "change_ban": "lift"}[right]
    data = {"change": change, "words": "x", "kind": "email", "reason": "x", "ban": ban.pk}
    url = reverse("admin:comments_comment_commenter", args=[comment.pk])
    assert client.post(url, data).status_code == 403
    assert not Note.objects.exists() and Ban.objects.live().count() == 1


def test_log_offers_to_take_back_to_moderators_alone(client, comment):
    Comment.objects.filter(pk=comment.pk).hide()
    viewer = build_staff("viewer", group=None)
    viewer.user_permissions.add(Permission.objects.get(codename="view_moderationaction"))
    client.force_login(viewer)
    url = "/admin/comments/moderationaction/"
    assert 'name="entry"' not in client.get(url).content.decode()
    client.force_login(build_staff("moderator", group="Moderators"))
    assert client.get(url).content.decode().count('name="entry"') == 2
