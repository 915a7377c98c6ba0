"""The full-text index of comments: an FTS5 table on SQLite, a tsvector on PostgreSQL.

Its columns are those of the index in `comments/search.py`.
"""

from django.db import migrations

TABLES = {
    "sqlite": [
        "CREATE VIRTUAL TABLE comments_search USING fts5("
        "body, tokenize = 'porter unicode61 remove_diacritics 2')",
    ],
    "postgresql": [
        "CREATE TABLE comments_search ("
        "id bigint PRIMARY KEY, body text NOT NULL, "
        "vector tsvector GENERATED ALWAYS AS (to_tsvector('english', body)) STORED)",
        "CREATE INDEX comments_search_vector ON comments_search USING gin (vector) "
        "WITH (fastupdate = off)",
    ],
}


def create_table(apps, editor):
    for statement in TABLES[editor.connection.vendor]:
        editor.execute(statement)


def drop_table(apps, editor):
    editor.execute("DROP TABLE comments_search")


class Migration(migrations.Migration):

    dependencies = [("comments", "0001_initial")]
    operations = [migrations.RunPython(create_table, drop_table)]
