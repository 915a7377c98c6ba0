"""The log is only added to: the database itself refuses what would change an entry.

Texts that may name a person can be erased, with their salt; see comments/log.py.
"""

from django.db import migrations

KEPT = (
    "id number batch at verb comment_id before after undoes_id by_rule actor_mark reason_mark mark"
).split()
ERASABLE = "actor_name actor_salt reason public_reason reason_salt".split()
CHANGED = " OR ".join(
    [f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in KEPT]
    + [f"NEW.{column} NOT IN ('', OLD.{column})" for column in ERASABLE]
    + ["(NEW.actor_id IS NOT NULL AND NEW.actor_id IS DISTINCT FROM OLD.actor_id)"]
)
TRIGGERS = {
    "sqlite": [
        "CREATE TRIGGER comments_act_kept BEFORE UPDATE ON comments_act WHEN "
        + CHANGED.replace("IS DISTINCT FROM", "IS NOT")
        + " BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END",
        "CREATE TRIGGER comments_act_stays BEFORE DELETE ON comments_act "
        "BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION comments_act_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the log is only added to' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER comments_act_kept BEFORE UPDATE ON comments_act FOR EACH ROW "
        f"WHEN ({CHANGED}) EXECUTE FUNCTION comments_act_refuse()",
        "CREATE TRIGGER comments_act_stays BEFORE DELETE ON comments_act FOR EACH ROW "
        "EXECUTE FUNCTION comments_act_refuse()",
    ],
}


def make_triggers(apps, editor):
    for statement in TRIGGERS[editor.connection.vendor]:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [("comments", "0003_moderation")]
    operations = [migrations.RunPython(make_triggers, migrations.RunPython.noop)]
