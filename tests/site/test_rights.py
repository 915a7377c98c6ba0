"""Permissions in the admin: every URL for every kind of account; the default is no."""

import re

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.urls import URLPattern, get_resolver, reverse

from articles.models import Article, Author, Tag
from comments.models import Comment, Flag, ModerationAction, Pattern, Rules
from comments.models.ban import create_ban
from tests.builders import build_article, build_comment, build_staff

pytestmark = pytest.mark.django_db

# The pages that each group may GET, by URL name; superusers may GET all that exist.
EVERY_STAFF = set("index logout password_change password_change_done jsi18n view_on_site".split())
EDITORS = {
    f"articles_{model}_{verb}"
    for model in ("article", "author", "tag")
    for verb in ("changelist", "add", "change", "history")
}
MODERATORS = {
    f"comments_{model}_{verb}"
    for model in ("comment", "ban", "moderationaction", "flag")
    for verb in ("changelist", "change", "history")
} | {"comments_ban_add"}
# The moderators' screens; those that take only POST answer 405 to a GET that is allowed.
SCREENS = ("queue", "act", "undo", "statistics", "commenter")
DESK = {f"comments_comment_{screen}" for screen in SCREENS}
MODERATORS |= DESK
MAY = {
    "editor": EVERY_STAFF | EDITORS | {"articles", "autocomplete"},
    "moderator": EVERY_STAFF | MODERATORS | {"comments"},
}
LOCK_OUT_LOG = ("axes_accessattempt", "axes_accessfailurelog", "axes_accesslog")
BARRED_FOR_ALL = {
    *("comments_comment_add", "comments_comment_delete", "articles_tag_delete"),
    *(
        "comments_moderationaction_add",
        "comments_moderationaction_delete",
        "comments_flag_add",
        "comments_flag_delete",
    ),
    *("comments_ban_delete", "comments_rules_add", "comments_rules_delete"),
    *(f"{model}_add" for model in LOCK_OUT_LOG),
}
OPEN = {"login"}


def admin_names() -> set[str]:
    """The name of every address of the admin."""
    resolvers = get_resolver().url_patterns
    waiting = [entry for entry in resolvers if getattr(entry, "app_name", "") == "admin"]
    names = set()
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, URLPattern):
            names.add(entry.name)
        else:
            waiting += entry.url_patterns
    return names - {None, "app_list"}


@pytest.fixture
def people():
    return {
        "reader": User.objects.create_user("reader", email="reader@staff.example"),
        "editor": build_staff("editor"),
        "moderator": build_staff("moderator", group="Moderators"),
        "superuser": User.objects.create_superuser("root"),
    }


@pytest.fixture
def comment():
    return build_comment(build_article(), email="canary@private.example")


@pytest.fixture
def addresses(comment, people):
    """A URL for every address of the admin, with rows that exist."""
    rows = {"articles_article": comment.article, "articles_author": comment.article.author}
    rows |= {"comments_comment": comment, "auth_user": people["reader"]}
    rows |= {
        "comments_ban": create_ban("name", name_pattern="Eve", reason="Insults"),
        "comments_moderationaction": ModerationAction.objects.get(),
        "comments_flag": Flag.objects.create(comment=comment, reason="spam", reader="r"),
        "comments_pattern": Pattern.objects.create(kind="hold", text="casino"),
    }
    Rules().save()
    rows |= {"comments_rules": Rules.current()}
    rows |= {"articles_tag": Tag.objects.create(name="Towns")}
    rows |= {"auth_group": Group.objects.first()}
    rows |= {
        "axes_accessattempt": AccessAttempt.objects.create(failures_since_start=1),
        "axes_accessfailurelog": AccessFailureLog.objects.create(),
        "axes_accesslog": AccessLog.objects.create(),
    }
    urls = {}
    for name in admin_names():
        row = next((row for start, row in rows.items() if name.startswith(start)), comment)
        args = []
        if name == "view_on_site":
            args = [ContentType.objects.get_for_model(Comment).pk, comment.pk]
        elif re.search(r"_.*_(change|delete|history|password_change|commenter)$", name):
            args = [row.pk]
        urls[name] = reverse(f"admin:{name}", args=args)
    for app in ("articles", "comments", "auth", "axes"):
        urls[app] = reverse("admin:app_list", args=[app])
    urls["autocomplete"] += "?app_label=articles&model_name=article&field_name=author"
    return urls


def answer(client, url):
    """The outcome of a GET request."""
    response = client.get(url)
    if response.status_code == 302 and response.url.startswith("/admin/login/"):
        return "login"
    if response.status_code in (403, 404):
        return "no"
    assert response.status_code in (200, 302, 405), (url, response.status_code)
    return "yes"


def test_every_model_of_ours_in_the_admin_is_in_this_table(addresses):
    ours = {name for name in addresses if name.startswith(("articles_", "comments_"))}
    verbs = ("changelist", "add", "history", "delete", "change")
    models = ("articles_article", "articles_author", "articles_tag", "comments_comment")
    models += ("comments_ban", "comments_moderationaction", "comments_flag", "comments_pattern")
    models += ("comments_rules",)
    assert ours == {f"{model}_{verb}" for model in models for verb in verbs} | DESK


@pytest.mark.parametrize("who", [None, "reader"])
def test_every_admin_address_leads_non_staff_to_the_login(client, addresses, people, who):
    if who:
        client.force_login(people[who])
    for name, url in addresses.items():
        expected = "yes" if name in OPEN | {"logout"} else "login"
        assert answer(client, url) == expected, name
    assert answer(client, "/admin/no/such/page/") == "login"


@pytest.mark.parametrize("who", ["editor", "moderator"])
def test_staff_may_do_what_is_theirs_and_nothing_else(client, addresses, people, who):
    client.force_login(people[who])
    for name, url in addresses.items():
        expected = "yes" if name in MAY[who] | OPEN else "no"
        assert answer(client, url) == expected, name


def test_superuser_may_do_all_but_add_and_delete_comments(client, addresses, people):
    client.force_login(people["superuser"])
    for name, url in addresses.items():
        assert answer(client, url) == ("no" if name in BARRED_FOR_ALL else "yes"), name


@pytest.mark.parametrize("who", ["editor", "moderator", "superuser"])
def test_post_is_refused_wherever_get_is_refused(client, addresses, people, who, comment):
    client.force_login(people[who])
    for name, url in addresses.items():
        if name in BARRED_FOR_ALL or (who != "superuser" and name not in MAY[who] | OPEN):
            response = client.post(url, {"post": "yes", "status": "hidden"})
            assert response.status_code in (403, 404, 405), name
    assert Article.objects.count() == Comment.objects.published().count() == 1


def test_moderator_cannot_act_on_essays_nor_editor_on_comments(client, people, comment):
    for who, path, action in (
        ("moderator", "/admin/articles/article/", "withdraw"),
        ("editor", "/admin/comments/comment/", "hide"),
    ):
        client.force_login(people[who])
        data = {"action": action, "_selected_action": [1, comment.pk, comment.article.pk]}
        assert client.post(path, data).status_code == 403
    assert Comment.objects.published().count() == 1


def test_colleague_who_may_only_look_can_neither_act_nor_save(client, comment, people):
    viewer = build_staff("viewer", group=None)
    names = ("view_comment", "view_article")
    viewer.user_permissions.add(*Permission.objects.filter(codename__in=names))
    client.force_login(viewer)
    for path, action in (("articles/article", "withdraw"), ("comments/comment", "hide")):
        data = {"action": action, "_selected_action": [comment.pk, comment.article.pk]}
        client.post(f"/admin/{path}/", data)
    url = f"/admin/comments/comment/{comment.pk}/change/"
    assert client.post(url, {"status": "hidden"}).status_code == 403
    assert Comment.objects.published().count() == 1


# --- What an editor could try, to learn who wrote a comment -----------------------------------

LOOKUPS = [
    "articles/article/?comments__email__startswith=canary",
    "articles/article/?comments__email=canary@private.example",
    "articles/article/?points__comments__email__contains=canary",
    "articles/article/?author__user__password__startswith=a",
    "articles/author/?articles__comments__email__startswith=canary",
    "articles/author/?user__email__startswith=reader",
    "articles/author/?user__password__startswith=a",
]
REFUSED = [
    "autocomplete/?app_label=comments&model_name=comment&field_name=parent&term=canary",
    "autocomplete/?app_label=articles&model_name=author&field_name=user&term=reader",
    "comments/comment/?_to_field=id&_popup=1",
    "comments/comment/?q=canary",
    "auth/user/?_to_field=id&_popup=1",
]


@pytest.mark.parametrize("path", LOOKUPS)
def test_lists_cannot_be_filtered_by_what_is_private(client, comment, people, path):
    for who in ("editor", "superuser"):
        client.force_login(people[who])
        response = client.get(f"/admin/{path}")
        assert response.status_code == 400 or "e=1" in response.get("Location", "")


@pytest.mark.parametrize("path", REFUSED)
def test_editor_finds_no_side_door_to_comments_and_accounts(client, comment, people, path):
    client.force_login(people["editor"])
    assert client.get(f"/admin/{path}").status_code in (403, 404)


def test_editor_searching_essays_finds_no_address(client, comment, people):
    client.force_login(people["editor"])
    page = client.get("/admin/articles/article/", {"q": "canary@private.example"})
    assert page.context["cl"].result_count == 0


def test_editor_sees_no_address_on_any_page_of_the_admin(client, addresses, people, comment):
    client.force_login(people["editor"])
    for url in (*addresses.values(), comment.article.get_absolute_url()):
        text = client.get(url).content.decode()
        assert "canary@" not in text and "reader@staff.example" not in text


def test_logged_actions_of_moderators_tell_an_editor_nothing(client, people, comment):
    client.force_login(people["moderator"])
    url = f"/admin/comments/comment/{comment.pk}/change/"
    client.post(url, {"status": "hidden"}, follow=True)
    entry = LogEntry.objects.get(action_flag=CHANGE)
    assert "@" not in f"{entry.object_repr}{entry.change_message}"
    client.force_login(people["editor"])
    assert str(comment) not in client.get("/admin/").content.decode()


# --- The groups -------------------------------------------------------------------------------


def rights(name) -> set[str]:
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def test_groups_exist_after_migrate_with_least_rights():
    call_command("migrate", verbosity=0)
    call_command("migrate", verbosity=0)
    verbs = ("add", "change", "view")
    models = ("article", "author", "tag")
    assert rights("Editors") == {f"{verb}_{m}" for verb in verbs for m in models}
    assert rights("Moderators") == {
        *("change_comment", "view_comment", "view_reason", "view_flag", "view_moderationaction"),
        *("add_ban", "change_ban", "view_ban", "add_note", "view_note"),
    }
    assert Group.objects.count() == 2


def test_new_group_member_who_is_not_staff_has_no_admin(client, people):
    people["reader"].groups.add(Group.objects.get(name="Editors"))
    client.force_login(people["reader"])
    assert answer(client, "/admin/articles/article/") == "login"


def test_account_that_was_switched_off_is_out_at_once(client, people):
    client.force_login(people["editor"])
    User.objects.filter(username="editor").update(is_active=False)
    assert answer(client, "/admin/articles/article/") == "login"


def test_author_is_never_made_for_a_reader(client, people):
    client.force_login(people["reader"])
    client.post("/admin/articles/article/add/", {"title": "Mine"})
    assert not Author.objects.exists()
