"""The full-text index of published comments."""

from articles.search import open_index, plain_text

comments = open_index("comments_search", body=1.0)


def index_comments(rows):
    """Stores the text of published comments, and drops that of all others."""
    comments.store((row.pk, plain_text(row.body_html)) for row in rows if row.is_published)
    comments.drop([row.pk for row in rows if not row.is_published])
