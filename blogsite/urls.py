"""The root of the URL configuration."""

from django.contrib import admin
from django.urls import include, path

from blogsite import health
from blogsite.search import search_page
from blogsite.serving import metrics

handler400 = "blogsite.error_views.bad_request"
handler500 = "blogsite.error_views.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", metrics.show, name="metrics"),
    path("search/", search_page, name="search"),
    path("", include("articles.urls")),
    path("", include("comments.urls")),
]
