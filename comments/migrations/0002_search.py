"""The index of comments' words, in each database's own way: see comments/search.py."""

from django.db import migrations

TABLES = {
    "sqlite": [
        "CREATE VIRTUAL TABLE IF NOT EXISTS comments_search USING fts5("
        "body, tokenize = 'porter unicode61 remove_diacritics 2')",
    ],
    "postgresql": [
        "CREATE TABLE IF NOT EXISTS comments_search ("
        "id bigint PRIMARY KEY, body text NOT NULL, "
        "vector tsvector GENERATED ALWAYS AS (to_tsvector('english', body)) STORED)",
        "CREATE INDEX IF NOT EXISTS comments_search_vector ON comments_search USING gin (vector) "
        "WITH (fastupdate = off)",
    ],
}


def make_table(apps, editor):
    for statement in TABLES[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [("comments", "0001_first")]
    operations = [migrations.RunPython(make_table, migrations.RunPython.noop)]
