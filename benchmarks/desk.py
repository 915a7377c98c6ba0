"""What each screen of the moderators' desk costs on a large site. Run by `manage.py shell`."""

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
from comments.models.reason import make_reason

ROUNDS = 3
HOME = "/admin/comments/"
SEARCHES = ("comment/?q=nothing+has+this", "comment/?q=bench", "comment/?status__exact=held")
WAITING = 2_000


def fill():
    """Gives the desk work: comments that wait and why, spam, flags, bans and a long log."""
    keys = list(Comment.objects.order_by("-pk").values_list("pk", flat=True)[: 3 * WAITING])
    for verb, start in (("hold", 0), ("mark_spam", 1), ("hide", 2)):
        getattr(Comment.objects.filter(pk__in=keys[start::3]), verb)(reason="benchmark")
    waiting = Comment.objects.filter(pk__in=keys[::3])
    Reason.objects.bulk_create(
        Reason(comment=row, rule=found.rule, text=found.text, weight=found.weight)
        for row in waiting
        for found in (
            make_reason("links", "Has 8 links", 80),
            make_reason("first", "The first", 50),
        )
    )
    Flag.objects.bulk_create(
        Flag(comment_id=key, reason="spam", reader=f"reader {n}") for key in keys for n in range(2)
    )
    for n in range(100):
        create_ban("name", name_pattern=f"Spammer {n}", reason="benchmark")


def screens() -> list[str]:
    """Every address of the desk: lists, custom screens, and the newest row's own pages."""
    names = get_resolver().namespace_dict["admin"][1].reverse_dict
    rows = {m._meta.model_name: m for m in admin.site._registry if m._meta.app_label == "comments"}
    found = {HOME, *(f"{HOME}{search}" for search in SEARCHES)}
    for name in filter(lambda name: isinstance(name, str), names):
        model = rows.get(name.split("_")[1]) if name.startswith("comments_") else None
        newest = model and model._default_manager.order_by("-pk").first()
        for args in ([], [newest.pk] if newest else []):
            try:
                found.add(reverse(f"admin:{name}", args=args))
            except NoReverseMatch:
                continue
    return sorted(url for url in found if url.startswith(HOME))


def measure():
    """Prints for each screen that answers a GET its milliseconds, the least, and its queries."""
    settings.ALLOWED_HOSTS = ["testserver"]
    client, figures = Client(), {}
    client.force_login(User.objects.filter(is_superuser=True).first())
    for url in screens():
        times, queries = [], None
        for _ in range(ROUNDS):
            began = time.perf_counter()
            status = client.get(url).status_code
            times.append(time.perf_counter() - began)
        if status == 200:
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            # A row's own page by its kind: which row it is differs from site to site.
            place = "/".join("1" if part.isdecimal() else part for part in url.split("/"))
            figures[place] = round(min(times) * 1000, 1), len(queries)
    print(json.dumps(figures))
