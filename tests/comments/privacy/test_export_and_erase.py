"""Export and erasure of a person cover every table, and nobody else's data."""

import json
from contextlib import nullcontext
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from comments import tree
from comments.management.confirm import require_confirmation
from comments.models import (
    Ban,
    Comment,
    ModerationAction,
    NetworkTrace,
    Note,
    Pattern,
    Reason,
    Rules,
    log,
)
from comments.models.ban import create_ban
from comments.models.reason import make_reason
from comments.moderation import flagging
from comments.moderation.decide import decide
from comments.privacy import erase, export, find
from comments.spam import feedback
from tests.builders import build_article, build_comment, build_staff

pytestmark = pytest.mark.django_db
EMAIL = "Dora.Canary@Private.example"
OURS = {"email": EMAIL, "name": "Canary Dora"}
CANARIES = ("dora", "canary", "sparrow")
# Each table is exported and erased by comments/privacy/, or is named here.
ERASED = {
    "Comment",
    "Ban",
    "ModerationAction",
    "Reason",
    "Flag",
    "NetworkTrace",
    "ModeratorVerdict",
    "TokenCount",
}
ERASED |= {"Note", "Pattern"}
OF_NOBODY = {"Thread", "TreeLock", "RateLimitWindow", "Rules", "SpentProof"}


@pytest.fixture
def moderator():
    return build_staff("mod", group="Moderators")


@pytest.fixture
def person(moderator, client):
    """Rows with the address in every table; returns another person's reply to the first."""
    article = build_article()
    first = build_comment(article, body="The sparrow says no.", **OURS)
    other = build_comment(article, first, name="Ben", body="It says yes.")
    for status in ("held", "hidden", "spam"):
        own = {"email": "dora.canary+tag@private.example", "name": "Dora C."}
        build_comment(article, first, body=f"A {status} sparrow", status=status, **own)
    for comment in Comment.objects.exclude(pk=other.pk):
        Reason.create_for(comment, [make_reason("pattern", "Holds sparrow", 80)])
        NetworkTrace.create_for(comment, "203.0.113.77")
    flagging.flag(first, "abuse", "This sparrow insults me", "203.0.113.1")
    Comment.objects.filter(pk=first.pk).hide(moderator, "A rude sparrow", "Canary talk")
    Comment.objects.filter(pk=first.pk).publish(moderator, "Dora meant well")
    Comment.objects.filter(pk=other.pk).hold(moderator, f"Answers {EMAIL.lower()}")
    Comment.objects.filter(pk=other.pk).publish(moderator, "Fine")
    create_ban("email", email=EMAIL, reason="Says sparrow", by=moderator)
    create_ban("name", name_pattern="Canary Dora", reason="Says sparrow", by=moderator)
    create_ban("name", name_pattern="*sparrow*", comment=first, reason="Sparrow", by=moderator)
    create_ban("name", name_pattern="Canary* Dora*", reason="Starred sparrow", by=moderator)
    Pattern.objects.create(kind="hold", text=r"\bdora\.canary@private\.example", is_regex=True)
    Pattern.objects.create(kind="hold", text="owl", note=f"Not {EMAIL}")
    Reason.create_for(other, [make_reason("pattern", f"Holds {Pattern.objects.first()}", 80)])
    create_ban("network", comment=first, reason="A sparrow's", by=moderator)
    feedback.train([first], True)
    Note.objects.create(email_hash=first.email_hash, text="Sings of a sparrow", by=moderator)
    client.force_login(moderator)
    chosen = {
        "action": "publish",
        "_selected_action": [comment.pk for comment in Comment.objects.all()],
    }
    client.post("/admin/comments/comment/", chosen)
    client.post(
        "/admin/comments/ban/add/", {"kind": "name", "name_pattern": "Canary Dora", "reason": "x"}
    )
    Comment.objects.filter(status="published").exclude(pk=other.pk).hold(moderator, "Sparrow")
    Comment.objects.filter(pk=first.pk).publish(moderator)
    client.logout()
    return other


def stored() -> str:
    """Every row of every table, folded for comparing."""
    models = apps.get_models(include_auto_created=True)
    rows = [list(model._base_manager.values()) for model in models]
    return json.dumps(rows, default=str).casefold()


def run(command, *arguments, **options) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue()


# --- Erasing ----------------------------------------------------------------------------------


def test_nothing_of_the_person_is_left_in_any_table(person):
    assert all(canary in stored() for canary in CANARIES)
    assert erase.erase("dora.canary@private.example") == 4
    left = stored()
    assert not [canary for canary in CANARIES if canary in left]


def test_every_table_is_known_to_hold_something_of_a_person_or_nothing():
    models = apps.get_app_config("comments").get_models()
    assert {model.__name__ for model in models} == ERASED | OF_NOBODY


def test_tree_numbers_and_what_others_wrote_stay(person):
    before = list(Comment.objects.order_by("pk").values_list("pk", "number", "tree_id", "lft"))
    erase.erase(EMAIL)
    after = list(Comment.objects.order_by("pk").values_list("pk", "number", "tree_id", "lft"))
    assert before == after and tree.find_faults() == []
    other = Comment.objects.get(pk=person.pk)
    assert (other.name, other.body, other.status) == ("Ben", "It says yes.", "published")
    assert other.email and Reason.objects.count() == 0


def test_readers_see_where_it_was_and_what_answers_it(client, person):
    Rules(public_log=True).save()
    client.get(url := person.article.get_absolute_url())
    erase.erase(EMAIL)
    html = client.get(url).content.decode()
    assert "erased at its author\u2019s request" in html and "It says yes." in html
    for path in (url, "/comments/feed/", f"{url}feed/", "/moderation/"):
        text = client.get(path).content.decode().casefold()
        assert not [canary for canary in CANARIES if canary in text], path
    assert "Nothing has all" in client.get("/search/?q=sparrow").content.decode()


def test_an_erased_comment_is_called_so_wherever_its_name_would_stand(client, person):
    erased = person.parent
    erase.erase(EMAIL)
    url = person.article.get_absolute_url()
    for path in (url, f"{url}newest/", "/comments/", f"/comments/{erased.pk}/feed/"):
        html = client.get(path).content.decode()
        assert "an erased comment" in html and "a hidden comment" not in html, path


def test_chain_of_the_log_is_whole_and_tells_how_many_entries_were_erased(person, moderator):
    acts = find.find_actions(EMAIL).count()
    assert acts > 9
    erase.erase(EMAIL, moderator)
    assert log.find_faults() == [] and log.count_erased() == acts
    assert f"Entries with erased words: {acts}" in run("check_log")
    newest = ModerationAction.objects.newest().first()
    assert (newest.verb, newest.comment, newest.actor_name) == ("erase", None, "mod")
    assert ModerationAction.objects.filter(reason="Fine").exists()


def test_erased_comment_is_never_published_again(person):
    erase.erase(EMAIL)
    erased = Comment.objects.exclude(erased_at=None)
    assert erased.publish() == [] and not erased.exclude(status="hidden").exists()
    run("rerender", all=True)
    assert not [canary for canary in CANARIES if canary in stored()]


def test_ban_goes_on_by_its_key_alone(person):
    erase.erase(EMAIL)
    for name, email, is_banned in (
        ("Eve", "DORA.canary+x@private.example", True),
        ("C\u0430nary D0ra", "eve@private.example", True),
        ("Eve", "eve@private.example", False),
    ):
        back = Comment(article=person.article, name=name, email=email, body="I am back.")
        back.render()
        assert bool(decide(back).reasons) == is_banned, email
    stars = Ban.objects.filter(kind="name", target_hash="")
    assert [(star.is_live, star.name_pattern) for star in stars] == [(False, "")] * 2


def test_second_erasing_finds_nothing_and_writes_nothing(person):
    erase.erase(EMAIL)
    before = stored()
    assert find.count_found(EMAIL) == {
        "comments": 0,
        "bans": 1,
        "log": 0,
        "notes": 0,
        "patterns": 0,
    }
    assert erase.erase(EMAIL) == 0 and stored() == before


def test_erasing_takes_the_same_queries_for_any_number(person, django_assert_max_num_queries):
    for _ in range(30):
        build_comment(person.article, **OURS)
    with django_assert_max_num_queries(65):
        assert erase.erase(EMAIL) == 34


def test_address_that_another_holds_is_not_another_person(person, moderator):
    others = ("x-dora.canary@private.example", f"{EMAIL}.uk", "dora.canary@private.examples")
    Comment.objects.filter(pk=person.pk).hold(moderator, f"By {', '.join(others)}")
    Pattern.objects.create(kind="hold", text=others[0])
    told = ModerationAction.objects.newest().first()
    assert told not in find.find_actions(EMAIL) and find.find_patterns(EMAIL).count() == 2
    erase.erase(EMAIL)
    told.refresh_from_db()
    assert others[0] in told.reason and Pattern.objects.get().text == others[0]


@pytest.mark.parametrize("command", ["export_person", "erase_person"])
def test_commands_take_a_whole_address_alone(person, command):
    before = stored()
    for part in ("o", "private.example", "@"):
        with pytest.raises(CommandError, match="valid email"):
            run(command, part)
    assert stored() == before


def test_command_asks_before_it_erases(person, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda _: "no")
    with pytest.raises(CommandError, match="Nothing was changed"):
        run("erase_person", EMAIL)
    told = run("erase_person", EMAIL, no_input=True)
    assert "notes: 1; patterns: 2\n" in told and "Comments erased: 4" in told
    with pytest.raises(CommandError, match="Nothing is kept"):
        run("erase_person", "nobody@private.example")


@pytest.mark.parametrize(("answer", "goes_on"), [("yes", True), ("no", False), ("", False)])
def test_commands_go_on_only_if_told_yes(monkeypatch, answer, goes_on):
    monkeypatch.setattr("sys.stdin", StringIO(f"{answer}\n" if answer else ""))
    with nullcontext() if goes_on else pytest.raises(CommandError, match="Nothing was changed"):
        require_confirmation("Sure? ", no_input=False)
    require_confirmation("Sure? ", no_input=True)


# --- Exporting --------------------------------------------------------------------------------


def test_export_holds_everything_and_nothing_of_others(person):
    exported = json.loads(run("export_person", EMAIL))
    assert [row["status"] for row in exported["comments"]] == ["published", "held", "held", "held"]
    first = exported["comments"][0]
    assert (first["name"], first["email"]) == ("Canary Dora", EMAIL)
    assert first["words"] == "The sparrow says no."
    assert first["flags"][0]["words"] == "This sparrow insults me"
    assert first["reasons"] and first["key_of_network"]
    told = json.dumps(exported)
    for words in ("A rude sparrow", "Canary talk", "Says sparrow", "*sparrow*"):
        assert words in told
    assert "It says yes." not in told and '"mod"' not in told
    assert ModerationAction.objects.newest().first().verb == "export"


def test_logs_name_the_command_line_where_a_command_was_used(person, client, admin_client):
    Rules(public_log=True).save()
    run("export_person", EMAIL)
    assert "on the command line" in client.get("/moderation/").content.decode()
    page = admin_client.get("/admin/comments/moderationaction/", {"verb__exact": "export"})
    assert "the command line" in page.content.decode()
    run("erase_person", EMAIL, no_input=True)
    assert client.get("/moderation/").content.decode().count("on the command line") == 2


def test_export_can_be_read_by_people(person):
    text = run("export_person", EMAIL, text=True)
    assert "Comments: 4" in text and "    Words: The sparrow says no." in text


def test_export_into_a_file_is_for_its_owner_alone(person, tmp_path):
    file = tmp_path / "dora.json"
    run("export_person", EMAIL, str(file))
    assert file.stat().st_mode & 0o077 == 0 and len(json.loads(file.read_text())["comments"]) == 4
    with pytest.raises(CommandError, match="cannot be made"):
        run("export_person", EMAIL, str(file))


def test_export_takes_few_queries(person, django_assert_max_num_queries):
    for _ in range(20):
        build_comment(person.article, **OURS)
    with django_assert_max_num_queries(14):
        export.export(EMAIL)
