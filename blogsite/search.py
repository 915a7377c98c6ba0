"""The search page: essays and comments in one list, the best first."""

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
    """An essay or a comment, and a few of its words with those that were looked for marked."""

    essay: Article
    comment: Comment | None
    excerpt: list[tuple[str, bool]]


# What is kept is compressed once, in the page cache; this is not kept.
@gzip_page
@require_safe
def search_page(request):
    asked = request.GET.get("q", "").strip()
    query = clean_text(asked).strip()
    words, number = essays.query_words(query), page_number(request)
    context = {"query": query[:MAX_QUERY_LENGTH], "asked": bool(asked), "words": words}
    if words:
        found = find_results(words)
        page = page_of(found, number, RESULTS_PER_PAGE)
        page.rows = read_results(words, page.rows)
        context |= {"page": page, "found": len(found)}
    response = render(request, "search.html", context)
    # One reader's words: kept by nobody.
    response["Cache-Control"] = "no-cache"
    return response


def find_results(words) -> list[tuple[float, int, type]]:
    """Rank, key and model of all that was found, the best first, of equals the newest."""
    found = [(*row, Article) for row in essays.essays.find(words, Article.objects.published())]
    shown = Comment.objects.published()
    found += [(*row, Comment) for row in comments.comments.find(words, shown)]
    return sorted(found, key=lambda row: row[:2], reverse=True)


def read_results(words, found) -> list[Result]:
    """What was found, read from the database: only what is shown here needs an excerpt."""
    keys = {
        model: [key for _, key, kind in found if kind is model] for model in (Article, Comment)
    }
    rows = read_rows(keys[Article], keys[Comment])
    excerpts = {
        Article: essays.essays.excerpts(words, keys[Article]),
        Comment: comments.comments.excerpts(words, keys[Comment]),
    }
    results = []
    for _, key, model in found:
        if row := rows[model].get(key):
            excerpt = essays.highlight(
                excerpts[model].get(key, ""), essays.plain_text(row.body_html)
            )
            is_essay = model is Article
            results.append(Result(*((row, None) if is_essay else (row.article, row)), excerpt))
    return results


def read_rows(essay_keys, comment_keys):
    replies = Comment.objects.published().select_related("article")
    replies = replies.defer("email", "body", "article__body", "article__body_html")
    articles = Article.objects.published().select_related("author").defer("body")
    return {Article: articles.in_bulk(essay_keys), Comment: replies.in_bulk(comment_keys)}
