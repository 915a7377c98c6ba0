"""The search page, which lists essays and comments together, the best match first."""

from dataclasses import dataclass

from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from articles import search as essays
from articles.models import Article
from articles.pagination import page_number, page_of
from articles.text.clean import clean_text
from comments import search as comments
from comments.models import Comment

RESULTS_PER_PAGE = 10
MAX_QUERY_LENGTH = 200


@dataclass
class Result:
    """An essay or a comment; its excerpt is pieces of text, each with whether it is a match."""

    essay: Article
    comment: Comment | None
    excerpt: list[tuple[str, bool]]


# The page cache compresses other pages; this page is not cached.
@gzip_page
@require_safe
def search_page(request):
    typed = request.GET.get("q", "").strip()
    query = clean_text(typed).strip()
    words, number = essays.query_words(query), page_number(request)
    context = {"query": query[:MAX_QUERY_LENGTH], "asked": bool(typed), "words": words}
    if words:
        matches = find_matches(words)
        page = page_of(matches, number, RESULTS_PER_PAGE)
        page.rows = read_results(words, page.rows)
        context |= {"page": page, "found": len(matches)}
    response = render(request, "search.html", context)
    # No cache may reuse the page without asking again.
    response["Cache-Control"] = "no-cache"
    return response


def find_matches(words) -> list[tuple[float, int, type]]:
    """Rank, id and model of every match, the best first; of equal ones, the newest first."""
    articles, replies = Article.objects.published(), Comment.objects.published()
    matches = [(*match, Article) for match in essays.essays.find(words, articles)]
    matches += [(*match, Comment) for match in comments.comments.find(words, replies)]
    return sorted(matches, key=lambda match: match[:2], reverse=True)


def read_results(words, matches) -> list[Result]:
    """The matches' rows and excerpts. A row that has been unpublished meanwhile is left out."""
    ids = {model: [pk for _, pk, kind in matches if kind is model] for model in (Article, Comment)}
    rows = read_rows(ids[Article], ids[Comment])
    excerpts = {
        Article: essays.essays.excerpts(words, ids[Article]),
        Comment: comments.comments.excerpts(words, ids[Comment]),
    }
    results = []
    for _, pk, model in matches:
        if row := rows[model].get(pk):
            text = essays.plain_text(row.body_html)
            excerpt = essays.highlight(excerpts[model].get(pk, ""), text)
            is_essay = model is Article
            results.append(Result(*((row, None) if is_essay else (row.article, row)), excerpt))
    return results


def read_rows(essay_ids, comment_ids):
    replies = Comment.objects.published().select_related("article")
    replies = replies.defer("email", "body", "article__body", "article__body_html")
    articles = Article.objects.published().select_related("author").defer("body")
    return {Article: articles.in_bulk(essay_ids), Comment: replies.in_bulk(comment_ids)}
