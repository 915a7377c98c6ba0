"""The addresses of essays, their lists, feeds and sitemaps."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from articles.views import essay, feeds, lists, sitemaps


class YearConverter(StringConverter):
    regex = "[0-9]{4}"


class UnicodeSlugConverter(StringConverter):
    """A slug in any script."""

    regex = r"[-\w]{1,80}"


register_converter(YearConverter, "year")
register_converter(UnicodeSlugConverter, "unislug")

app_name = "articles"
urlpatterns = [
    path("", lists.home, name="home"),
    path("feed/", feeds.NewestEssays(), name="feed"),
    path("feed.json", feeds.json_feed, name="json_feed"),
    path("tags/<unislug:slug>/", lists.tag_detail, name="tag"),
    path("tags/<unislug:slug>/feed/", feeds.TagEssays(), name="tag_feed"),
    path("authors/<unislug:slug>/", lists.author_detail, name="author"),
    path("authors/<unislug:slug>/feed/", feeds.AuthorEssays(), name="author_feed"),
    path("archive/", lists.archive, name="archive"),
    path("archive/<year:year>/", lists.archive_year, name="archive_year"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemaps.sitemap_part, name="sitemap_part"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("card.png", essay.site_share_image, name="site_card"),
    path("<year:year>/<unislug:slug>/", essay.detail, name="detail"),
    path("<year:year>/<unislug:slug>/card.png", essay.essay_share_image, name="card"),
]
