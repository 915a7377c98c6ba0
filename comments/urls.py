"""URLs of comments, threads and the public moderation log."""

from django.urls import path, register_converter

from comments.converters import TimestampConverter
from comments.views import feeds, flag, lists, permalink, public_log, reply

register_converter(TimestampConverter, "moment")
ESSAY = "<year:year>/<unislug:slug>/"

app_name = "comments"
urlpatterns = [
    path("comments/", lists.newest_comments, name="newest"),
    path("comments/before/<int:before>/", lists.newest_comments, name="before"),
    path("comments/feed/", feeds.NewestComments(), name="feed"),
    path("comments/<int:pk>/", permalink.comment_permalink, name="comment"),
    path("comments/<int:pk>/feed/", feeds.BranchComments(), name="branch_feed"),
    path("comments/<int:pk>/flag/", flag.flag_comment, name="flag"),
    path("moderation/", public_log.public_log, name="public_log"),
    path(f"{ESSAY}reply/", reply.reply, name="reply"),
    path(f"{ESSAY}feed/", feeds.ArticleComments(), name="article_feed"),
    path(f"{ESSAY}newest/", lists.newest_first, name="newest_first"),
    path(f"{ESSAY}points/<unislug:anchor>/", lists.point_replies, name="answers"),
    path(f"{ESSAY}since/<moment:moment>/", lists.since, name="since"),
    path(f"{ESSAY}since/<moment:moment>/<int:after>/", lists.since, name="since_one"),
]
