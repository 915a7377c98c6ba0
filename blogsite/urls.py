"""The whole map of addresses."""

from django.contrib import admin
from django.urls import include, path

from blogsite import health, metrics
from blogsite.search import search

handler400 = "blogsite.errors.bad_request"
handler500 = "blogsite.errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", metrics.show, name="metrics"),
    path("search/", search, name="search"),
    path("", include("articles.urls")),
    path("", include("comments.urls")),
]
