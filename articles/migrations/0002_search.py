"""The index of essays' words, in each database's own way: see articles/search.py."""

from django.db import migrations

TABLES = {
    "sqlite": [
        "CREATE VIRTUAL TABLE IF NOT EXISTS articles_search USING fts5("
        "title, dek, body, tokenize = 'porter unicode61 remove_diacritics 2')",
    ],
    "postgresql": [
        "CREATE TABLE IF NOT EXISTS articles_search ("
        "id bigint PRIMARY KEY, title text NOT NULL, dek text NOT NULL, body text NOT NULL, "
        "vector tsvector GENERATED ALWAYS AS ("
        "setweight(to_tsvector('english', title), 'A') || "
        "setweight(to_tsvector('english', dek), 'B') || "
        "to_tsvector('english', body)) STORED)",
        "CREATE INDEX IF NOT EXISTS articles_search_vector ON articles_search USING gin (vector) "
        "WITH (fastupdate = off)",
    ],
}


def make_table(apps, editor):
    for statement in TABLES[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [("articles", "0001_first")]
    operations = [migrations.RunPython(make_table, migrations.RunPython.noop)]
