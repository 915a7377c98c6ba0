"""Measures each admin page for comments on a large site; run by `manage.py shell`."""

import json
import time

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse

from comments.models import Comment, Flag, Reason
from comments.models.ban import create_ban

ROUNDS = 3
HOME = "/admin/comments/"
SEARCHES = ("comment/?q=nothing+has+this", "comment/?q=bench", "comment/?status__exact=held")
HELD = 2_000


def fill():
    """Stores held comments with reasons, spam, flags, bans and a long log."""
    ids = list(Comment.objects.order_by("-pk").values_list("pk", flat=True)[: 3 * HELD])
    for verb, start in (("hold", 0), ("mark_spam", 1), ("hide", 2)):
        getattr(Comment.objects.filter(pk__in=ids[start::3]), verb)(reason="benchmark")
    held = Comment.objects.filter(pk__in=ids[::3])
    Reason.objects.bulk_create(
        Reason(comment=comment, rule=rule, text=text, weight=weight)
        for comment in held
        for rule, text, weight in (("links", "Has 8 links", 80), ("first", "The first", 50))
    )
    Flag.objects.bulk_create(
        Flag(comment_id=pk, reason="spam", reader=f"reader {n}") for pk in ids for n in range(2)
    )
    for n in range(100):
        create_ban("name", name_pattern=f"Spammer {n}", reason="benchmark")


def page_urls() -> list[str]:
    """Lists, custom pages, and the pages of each model's newest row."""
    names = get_resolver().namespace_dict["admin"][1].reverse_dict
    models = {m._meta.model_name: m for m in admin.site._registry}
    urls = {HOME, *(f"{HOME}{search}" for search in SEARCHES)}
    for name in filter(lambda name: isinstance(name, str), names):
        model = models.get(name.split("_")[1]) if name.startswith("comments_") else None
        newest = model and model._default_manager.order_by("-pk").first()
        for args in ([], [newest.pk] if newest else []):
            try:
                urls.add(reverse(f"admin:{name}", args=args))
            except NoReverseMatch:
                continue
    return sorted(url for url in urls if url.startswith(HOME))


def measure():
    """Prints the lowest milliseconds and the queries of each page that answers a GET."""
    settings.ALLOWED_HOSTS = ["testserver"]
    client, figures = Client(), {}
    client.force_login(User.objects.filter(is_superuser=True).first())
    for url in page_urls():
        times, queries = [], None
        for _ in range(ROUNDS):
            started = time.perf_counter()
            status = client.get(url).status_code
            times.append(time.perf_counter() - started)
        if status == 200:
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            # The ids of the newest rows differ between sites.
            page = "/".join("1" if part.isdecimal() else part for part in url.split("/"))
            figures[page] = round(min(times) * 1000, 1), len(queries)
    print(json.dumps(figures))
