"""The full-text index of essays: an FTS5 table on SQLite, a tsvector on PostgreSQL.

Its columns are those of the index in `articles/search.py`.
"""

from django.db import migrations

TABLES = {
    "sqlite": [
        "CREATE VIRTUAL TABLE articles_search USING fts5("
        "title, dek, body, tokenize = 'porter unicode61 remove_diacritics 2')",
    ],
    "postgresql": [
        "CREATE TABLE articles_search ("
        "id bigint PRIMARY KEY, title text NOT NULL, dek text NOT NULL, body text NOT NULL, "
        "vector tsvector GENERATED ALWAYS AS ("
        "setweight(to_tsvector('english', title), 'A') || "
        "setweight(to_tsvector('english', dek), 'B') || "
        "to_tsvector('english', body)) STORED)",
        "CREATE INDEX articles_search_vector ON articles_search USING gin (vector) "
        "WITH (fastupdate = off)",
    ],
}


def create_table(apps, editor):
    for statement in TABLES[editor.connection.vendor]:
        editor.execute(statement)


def drop_table(apps, editor):
    editor.execute("DROP TABLE articles_search")


class Migration(migrations.Migration):

    dependencies = [("articles", "0001_initial")]
    operations = [migrations.RunPython(create_table, drop_table)]
