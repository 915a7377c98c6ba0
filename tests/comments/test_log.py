"""The moderation log is append-only, and `check_log` finds every change made to it."""

import re
from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from comments.models import Ban, Comment, ModerationAction, Rules, log
from comments.models.ban import create_ban
from comments.moderation.undo import undo
from comments.views import public_log
from tests.builders import build_article, build_comment, build_staff

pytestmark = pytest.mark.django_db
LOG = "comments_moderationaction"


@pytest.fixture
def acts():
    """Five acts of a moderator, with reasons."""
    moderator = build_staff("mod", group="Moderators")
    comment = build_comment(build_article(), email="cleo@private.example")
    rows = Comment.objects.filter(pk=comment.pk)
    for verb in ("hide", "publish", "mark_spam", "hold", "publish"):
        getattr(rows, verb)(by=moderator, reason=f"Secret {verb}", public_reason="Off topic")
    return list(ModerationAction.objects.order_by("number"))


def force(sql, *values):
    """Changes the log as someone could who owns the database: past its triggers."""
    names = ("comments_moderationaction_kept", "comments_moderationaction_stays")
    with connection.cursor() as cursor:
        for name in names:
            on = "" if connection.vendor == "sqlite" else " ON comments_moderationaction"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
        cursor.execute(sql, values)


def check(**options) -> str:
    out = StringIO()
    call_command("check_log", stdout=out, stderr=out, **options)
    return out.getvalue()


def test_unbroken_log_passes_the_check_with_its_newest_hash(acts):
    assert f"Entries: 5; newest hash: {acts[-1].hash}" in check()
    assert "newest hash: none" not in check()


def test_empty_log_is_whole():
    assert "Entries: 0" in check()


EDITS = {
    "verb": f"UPDATE {LOG} SET verb = 'hold' WHERE number = 2",
    "status": f"UPDATE {LOG} SET after = 'spam' WHERE number = 2",
    "comment": f"UPDATE {LOG} SET comment_id = NULL WHERE number = 2",
    "reason": f"UPDATE {LOG} SET reason = 'Nicer' WHERE number = 2",
    "public reason": f"UPDATE {LOG} SET public_reason = 'Nicer' WHERE number = 2",
    "actor": f"UPDATE {LOG} SET actor_name = 'other' WHERE number = 2",
    "rule": f"UPDATE {LOG} SET by_rule = NOT by_rule WHERE number = 2",
    "time": f"UPDATE {LOG} SET created_at = (SELECT MIN(created_at) FROM {LOG}) WHERE number = 2",
    "batch": f"UPDATE {LOG} SET batch = 1 WHERE number = 2",
    "what it takes back": f"UPDATE {LOG} SET undoes_id = (SELECT MIN(id) FROM {LOG}) "
    "WHERE number = 2",
    "digest": f"UPDATE {LOG} SET reason_hash = actor_hash WHERE number = 2",
    "mark": f"UPDATE {LOG} SET hash = actor_hash WHERE number = 5",
    "removal": f"DELETE FROM {LOG} WHERE number = 2",
    "first": f"DELETE FROM {LOG} WHERE number = 1",
    "reordering": f"UPDATE {LOG} SET number = CASE number WHEN 2 THEN 30 ELSE 40 END "
    "WHERE number IN (2, 3)",
    "erasing that puts words in": f"UPDATE {LOG} SET reason_salt = '', reason = 'Nicer' "
    "WHERE number = 2",
}


@pytest.mark.parametrize("edit", EDITS)
def test_edit_past_the_triggers_is_found(acts, edit):
    force(EDITS[edit])
    with pytest.raises(CommandError, match="Faults"):
        check()


def test_cut_off_end_is_found_by_a_mark_noted_earlier(acts):
    noted = acts[-1].hash
    assert check(hash=noted)
    force(f"DELETE FROM {LOG} WHERE number = 5")
    assert "whole" in check()
    with pytest.raises(CommandError):
        check(hash=noted)


def test_log_that_is_written_anew_is_found_by_a_mark_noted_earlier_alone(acts):
    noted = acts[-1].hash
    mark = ""
    for act in acts:
        act.reason = "Nicer"
        act.set_hashes(mark)
        mark = act.hash
        force(
            f"UPDATE {LOG} SET reason = %s, reason_salt = %s, reason_hash = %s, "
            "actor_salt = %s, actor_hash = %s, hash = %s WHERE number = %s",
            *(act.reason, act.reason_salt, act.reason_hash),
            *(act.actor_salt, act.actor_hash, act.hash, act.number),
        )
    assert "whole" in check()
    with pytest.raises(CommandError):
        check(hash=noted)


def test_entry_that_was_put_in_is_found(acts):
    columns = [
        f.column
        for f in ModerationAction._meta.concrete_fields
        if f.column not in ("id", "number")
    ]
    names = ", ".join(columns)
    force(f"INSERT INTO {LOG} (number, {names}) SELECT 6, {names} FROM {LOG} WHERE number = 5")
    with pytest.raises(CommandError, match="Faults"):
        check()


@pytest.mark.parametrize("edit", EDITS)
def test_database_itself_refuses(acts, edit):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(EDITS[edit])
    assert "whole" in check()


def test_no_entry_is_changed_or_deleted_by_its_model(acts):
    for call in (acts[0].save, acts[0].delete, ModerationAction.objects.all().delete):
        with pytest.raises(TypeError, match="append-only"):
            call()
    with pytest.raises(TypeError, match="append-only"):
        ModerationAction.objects.update(reason="Nicer")


def test_erased_words_leave_the_chain_whole_and_are_counted(acts):
    assert ModerationAction.objects.filter(number__in=[2, 3]).erase_texts() == 2
    # No command erases a moderator's name; the database allows it to whoever has to.
    name = "actor_id = NULL, actor_name = '', actor_salt = ''"
    connection.cursor().execute(f"UPDATE {LOG} SET {name} WHERE number = 3")
    second, third = ModerationAction.objects.filter(number__in=[2, 3]).order_by("number")
    assert (second.reason, second.public_reason, second.actor_name) == ("", "", "mod")
    assert (third.reason, third.actor_name, third.actor) == ("", "", None)
    assert "Entries with erased words: 2" in check()


def test_account_that_is_deleted_leaves_its_acts(acts):
    acts[0].actor.delete()
    act = ModerationAction.objects.get(number=1)
    assert (act.actor, act.actor_name) == (None, "mod") and "whole" in check()


def test_marks_are_not_those_of_the_same_words_elsewhere(acts):
    assert len({act.reason_hash for act in acts}) == len({act.actor_hash for act in acts}) == 5


def test_many_acts_take_few_queries(django_assert_max_num_queries):
    article = build_article()
    for _ in range(30):
        build_comment(article)
    with django_assert_max_num_queries(25):
        Comment.objects.all().mark_spam()
    assert ModerationAction.objects.count() == 30 and log.find_faults() == []


# --- For readers ------------------------------------------------------------------------------


def test_public_log_is_off_until_an_administrator_wants_it(client, acts):
    assert client.get("/moderation/").status_code == 404
    Rules(public_log=True).save()
    page = client.get("/moderation/")
    html = page.content.decode()
    assert page.status_code == 200 and acts[-1].hash in html and "Off topic" in html
    assert 'href="/comments/' in html and "ETag" in page


def test_newest_comments_lead_to_the_public_log_where_there_is_one(client):
    assert "/moderation/" not in client.get("/comments/").content.decode()
    Rules(public_log=True).save()
    assert 'href="/moderation/"' in client.get("/comments/").content.decode()


def test_public_log_shows_the_newest_mark_after_every_kind_of_act(client, acts, monkeypatch):
    monkeypatch.setattr(public_log, "ACTIONS_PER_PAGE", 2)
    Rules(public_log=True).save()
    rows, moderator = Comment.objects.all(), acts[0].actor
    kinds = [partial(getattr(rows, verb), moderator) for verb in ("hide", "publish", "hold")]
    kinds += [partial(getattr(rows, verb), moderator) for verb in ("mark_spam", "lock", "unlock")]
    kinds += [lambda: undo([ModerationAction.objects.newest().first()], moderator)]
    kinds += [partial(create_ban, "name", name_pattern="Cleo"), lambda: Ban.objects.get().lift()]
    kinds += [partial(log.record_single, verb) for verb in ("rules", "export", "erase")]
    for act in kinds:
        act()
        newest = ModerationAction.objects.newest().first()
        for page in ("", "?page=2"):
            html = client.get(f"/moderation/{page}").content.decode()
            assert re.findall("<code>(.*)</code>", html) == [newest.hash]
    assert newest.number == 5 + len(kinds)


def test_public_log_names_nobody_and_tells_no_inner_reason(client, acts):
    Rules(public_log=True).save()
    html = client.get("/moderation/").content.decode()
    for private in ("Secret", "mod<", "cleo@", ">Ben<"):
        assert private not in html
    Rules(public_log=True, show_moderator_names=True).save()
    assert "<bdi>mod</bdi>" in client.get("/moderation/").content.decode()


def test_public_log_does_not_tell_who_is_banned(client):
    Rules(public_log=True).save()
    comment = build_comment(build_article())
    log.record_single("ban", build_staff("mod"), "Insults", comment.pk)
    html = client.get("/moderation/").content.decode()
    assert "banned" in html
    assert f"/comments/{comment.pk}/" not in html and "On benches" not in html


def test_public_log_tells_nothing_of_an_essay_that_is_not_public(client, acts):
    Rules(public_log=True).save()
    acts[0].comment.article.__class__.objects.set_status("draft")
    html = client.get("/moderation/").content.decode()
    assert "On benches" not in html and "on-benches" not in html


def test_public_log_is_paged_in_a_constant_number_of_queries(client, django_assert_num_queries):
    Rules(public_log=True).save()
    article = build_article()
    comments = [build_comment(article) for _ in range(60)]
    rows = Comment.objects.filter(pk__in=[comment.pk for comment in comments])
    rows.hide()
    rows.publish()
    with django_assert_num_queries(4):
        first = client.get("/moderation/").content.decode()
    assert 'start="120"' in first and 'rel="next"' in first
    second = client.get("/moderation/?page=2").content.decode()
    assert second.count('id="act-') == 20 and "Newest hash" in second
    assert client.get("/moderation/?page=3").status_code == 404
