"""All tables of this app, imported here so that Django finds them."""

from articles.models.archive_year import ArchiveYear
from articles.models.article import Article
from articles.models.author import Author
from articles.models.discussion import DiscussionDefaults
from articles.models.old_slug import OldSlug
from articles.models.section import Point, Section
from articles.models.stamp import ListStamp
from articles.models.tag import Tag, Tagging

__all__ = [
    "ArchiveYear",
    "Article",
    "Author",
    "DiscussionDefaults",
    "ListStamp",
    "OldSlug",
    "Point",
    "Section",
    "Tag",
    "Tagging",
]
