"""The index of comments' words: only those that readers may read are in it."""

from articles.search import open_index, plain_text

comments = open_index("comments_search", body=1.0)


def index_comments(rows):
    """Keeps the words of published comments, and forgets those of hidden and held ones."""
    comments.store((row.pk, plain_text(row.body_html)) for row in rows if row.is_published)
    comments.drop([row.pk for row in rows if not row.is_published])
