"""The screen that exports and erases personal data: only for accounts with the permission."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from comments.models import Comment, ModerationAction, log
from tests.builders import build_article, build_comment, build_staff

pytestmark = pytest.mark.django_db
EMAIL = "dora@private.example"
URL = "/admin/comments/comment/person/"


@pytest.fixture
def comment():
    article = build_article()
    comment = build_comment(article, email=EMAIL, name="Dora")
    build_comment(article, comment)
    return comment


@pytest.fixture
def officer_client(client, comment):
    officer = build_staff("officer", group="Moderators")
    officer.user_permissions.add(Permission.objects.get(codename="erase_person"))
    client.force_login(officer)
    return client


def send(client, **fields):
    return client.post(URL, {"email": EMAIL} | fields)


def test_moderators_without_the_right_see_neither_link_nor_screen(client, comment):
    client.force_login(build_staff("mod", group="Moderators"))
    assert URL not in client.get("/admin/comments/comment/").content.decode()
    for answer in (client.get(URL), send(client, wish="json"), send(client, wish="erase", sure=1)):
        assert answer.status_code == 403
    assert Comment.objects.filter(email=EMAIL).exists() and not ModerationAction.objects.exists()


def test_form_is_linked_from_the_list_and_keeps_the_address_out_of_addresses(officer_client):
    assert reverse("admin:personal_data") == URL
    assert f'href="{URL}"' in officer_client.get("/admin/comments/comment/").content.decode()
    page = officer_client.get(URL, {"email": EMAIL}).content.decode()
    assert EMAIL not in page and 'method="post"' in page


def test_screen_lists_what_is_found_before_it_acts(officer_client):
    html = send(officer_client, wish="find").content.decode()
    assert "1 comment<" in html and "Download as JSON" in html
    assert Comment.objects.filter(email=EMAIL).exists()
    html = send(officer_client, email="nobody@private.example").content.decode()
    assert "Nothing is kept of this address." in html and "Download" not in html
    html = send(officer_client, email="a", wish="find").content.decode()
    assert "Enter a valid email address." in html and "Found" not in html


@pytest.mark.parametrize("wish, end", [("json", "json"), ("text", "txt")])
def test_export_is_a_file_whose_name_tells_nothing(officer_client, wish, end):
    answer = send(officer_client, wish=wish)
    assert answer["Content-Disposition"] == f'attachment; filename="person.{end}"'
    assert "no-store" in answer["Cache-Control"]
    text = answer.content.decode()
    assert EMAIL in text and "Dora" in text
    if wish == "json":
        assert len(json.loads(text)["comments"]) == 1


def test_erasing_needs_its_confirmation(officer_client):
    answer = send(officer_client, wish="erase", seen=EMAIL)
    assert "Please confirm" in answer.content.decode()
    assert Comment.objects.filter(email=EMAIL).exists()
    answer = send(officer_client, wish="erase", sure="on", seen="other@private.example")
    assert "Found" in answer.content.decode() and Comment.objects.filter(name="Dora").exists()
    answer = send(officer_client, wish="erase", sure="on", seen=EMAIL)
    assert answer.status_code == 302 and EMAIL not in answer["Location"]
    assert "1 comment erased." in officer_client.get(URL).content.decode()
    assert not Comment.objects.filter(name="Dora").exists()


def test_both_are_logged_without_the_address(officer_client):
    send(officer_client, wish="json")
    send(officer_client, wish="erase", sure="on", seen=EMAIL)
    acts = ModerationAction.objects.order_by("number")
    assert [(act.verb, act.actor_name) for act in acts] == [
        ("export", "officer"),
        ("erase", "officer"),
    ]
    assert not any("@" in f"{act.reason}{act.public_reason}" for act in acts)
    assert log.find_faults() == []
