"""Triggers that make the moderation log append-only: no entry is changed or deleted.

Texts that may name a person can be emptied together with their salt: see `comments/models/log.py`.
"""

from django.db import migrations

KEPT = (
    "id number batch created_at verb comment_id before after undoes_id by_rule "
    "actor_hash reason_hash hash"
).split()
ERASABLE = "actor_name actor_salt reason public_reason reason_salt".split()
CHANGED = " OR ".join(
    [f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in KEPT]
    + [f"NEW.{column} NOT IN ('', OLD.{column})" for column in ERASABLE]
    + ["(NEW.actor_id IS NOT NULL AND NEW.actor_id IS DISTINCT FROM OLD.actor_id)"]
)
TRIGGERS = {
    "sqlite": [
        "CREATE TRIGGER comments_moderationaction_kept BEFORE UPDATE ON comments_moderationaction WHEN "
        + CHANGED.replace("IS DISTINCT FROM", "IS NOT")
        + " BEGIN SELECT RAISE(ABORT, 'the moderation log is append-only'); END",
        "CREATE TRIGGER comments_moderationaction_stays BEFORE DELETE ON comments_moderationaction "
        "BEGIN SELECT RAISE(ABORT, 'the moderation log is append-only'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION comments_moderationaction_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the moderation log is append-only' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER comments_moderationaction_kept BEFORE UPDATE ON comments_moderationaction FOR EACH ROW "
        f"WHEN ({CHANGED}) EXECUTE FUNCTION comments_moderationaction_refuse()",
        "CREATE TRIGGER comments_moderationaction_stays BEFORE DELETE ON comments_moderationaction FOR EACH ROW "
        "EXECUTE FUNCTION comments_moderationaction_refuse()",
    ],
}


def create_triggers(apps, editor):
    for statement in TRIGGERS[editor.connection.vendor]:
        editor.execute(statement, params=None)


def drop_triggers(apps, editor):
    is_sqlite = editor.connection.vendor == "sqlite"
    on = "" if is_sqlite else " ON comments_moderationaction"
    editor.execute(f"DROP TRIGGER comments_moderationaction_kept{on}")
    editor.execute(f"DROP TRIGGER comments_moderationaction_stays{on}")
    if not is_sqlite:
        editor.execute("DROP FUNCTION comments_moderationaction_refuse()")


class Migration(migrations.Migration):

    dependencies = [("comments", "0002_search_index")]
    operations = [migrations.RunPython(create_triggers, drop_triggers)]
