from django.urls import path

from comments import feeds, views

app_name = "comments"
urlpatterns = [
    path("comments/feed/", feeds.NewestComments(), name="feed"),
    path("comments/<int:pk>/", views.comment, name="comment"),
    path("comments/<int:pk>/flag/", views.flag, name="flag"),
    path("moderation/", views.public_log, name="public_log"),
    path("<year:year>/<unislug:slug>/reply/", views.reply, name="reply"),
    path("<year:year>/<unislug:slug>/feed/", feeds.ArticleComments(), name="article_feed"),
]
