"""A site in German: all its words, dates and numbers are German."""

import gettext
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from html import unescape

import pytest
from django.conf import settings as site
from django.urls import reverse

from comments.models import Comment, Thread
from tests.builders import build_article, build_comment, reply_data
from tests.comments.reading import points_path, read
from tests.server import ROOT

CATALOGUE = ROOT / "blogsite/locale/de/LC_MESSAGES/django.po"
MOMENT = datetime(2025, 3, 5, 14, 3, 9, tzinfo=UTC)
VALUE = re.compile(r"%\(\w+\)s|%s|<[^>]*>")
COMMAND = re.compile(r"^messages:.*\n\t\$\(BIN\)/python (.*)\n\t\$\(BIN\)/python (.*)\n", re.M)
# The words of a template outside of tags, elements and translated texts.
PARTS = (
    r"{% blocktranslate.*?{% endblocktranslate %}|{% block bodyclass %}.*?{% endblock %}",
    r"{#.*?#}|{%.*?%}|{{.*?}}",
    r"<script.*?</script>|<kbd>.*?</kbd>|<[^>]*>|&\w+;",
)


@pytest.fixture
def german(settings):
    settings.LANGUAGE_CODE = "de"


@pytest.fixture
def essay(db):
    body, fields = "Worte.\n\n- Punkt.", {"published_at": MOMENT, "tags": ["Ort"]}
    article = build_article("Bänke", body, dek="Kurz.", slug="baenke", **fields)
    first = build_comment(article, name="Änne", body="Wort.", posted_at=MOMENT, pk=123_456)
    build_comment(article, first, name="Öde", body="Nein.", point=article.points.first())
    hidden = build_comment(article, name="Weg", body="Fort.", status=Comment.Status.HIDDEN)
    build_comment(article, hidden, name="Da", body="Hier.")
    return article


def words_of(file) -> dict[str, str]:
    """Every message and its translation; of a plural its first form."""
    with file.open("rb") as compiled:
        found = gettext.GNUTranslations(compiled)._catalog
    return {
        key if isinstance(key, str) else key[0]: said
        for key, said in found.items()
        if key and not (isinstance(key, tuple) and key[1])
    }


# --- The catalogue ----------------------------------------------------------------------------


@pytest.mark.once
def test_every_language_that_can_be_set_is_shipped():
    for code, _name in site.LANGUAGES:
        file = ROOT / f"blogsite/locale/{code}/LC_MESSAGES/django.mo"
        assert code == "en-gb" or len(words_of(file)) > 300


@pytest.mark.once
def test_a_translation_holds_the_values_that_its_message_has():
    for message, said in words_of(CATALOGUE.with_suffix(".mo")).items():
        assert said and sorted(VALUE.findall(message)) == sorted(VALUE.findall(said)), message


@pytest.mark.once
@pytest.mark.server
@pytest.mark.skipif(not shutil.which("msgfmt"), reason="no gettext: apt-get install gettext")
def test_catalogue_is_complete_and_compiled(tmp_path):
    copy = tmp_path / "site"
    unread = shutil.ignore_patterns(".*", "var", "tests", "docs", "static", "benchmarks")
    shutil.copytree(ROOT, copy, ignore=unread)
    kept = copy / CATALOGUE.relative_to(ROOT)
    known = words_of(kept.with_suffix(".mo"))
    kept.with_suffix(".mo").unlink()
    for arguments in COMMAND.search((ROOT / "Makefile").read_text()).groups():
        run(copy, sys.executable, *arguments.split())
    counted = run(copy, "msgfmt", "--check-format", "--statistics", "-o", "/dev/null", kept)
    assert re.fullmatch(r"\d+ translated messages\.\n", counted), f"make messages: {counted}"
    assert words_of(kept.with_suffix(".mo")) == known


def run(folder, *command) -> str:
    """The English output of a command."""
    environment = os.environ | {"LC_ALL": "C", "DJANGO_SETTINGS_MODULE": "blogsite.settings"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.once
def test_templates_have_no_words_that_are_not_translated():
    for template in (ROOT / "templates").rglob("*.html"):
        said = template.read_text()
        for part in PARTS:
            said = re.sub(part, "", said, flags=re.S)
        assert not re.search(r"[^\W\d_]", said), (template, said.split())


# --- Pages ------------------------------------------------------------------------------------


def test_essay_and_its_thread_speak_german(client, german, essay):
    page = read(client, essay.get_absolute_url())
    for part in (
        '<html lang="de">',
        ">5. März 2025</time>",
        'title="Mittwoch, 5. März 2025, 14:03:09 UTC"',
        ">1 Minute Lesezeit<",
        ">3 Antworten</a>",
        ">1 Antwort<span",
        '<bdi class="name">Änne</bdi> sagt</span>',
        "als Antwort auf den Essay",
        "Dieser Kommentar wurde von einem Moderator verborgen.",
        ">Antwort hinterlassen</h2>",
        "Ihre E-Mail-Adresse wird nicht veröffentlicht.",
        '"inLanguage":"de"',
    ):
        assert part in page, part


def test_an_english_page_stays_as_it_is_known(client, essay):
    page = read(client, essay.get_absolute_url())
    for part in (
        '<html lang="en-gb">',
        ">5 March 2025</time>",
        'title="Wednesday 5 March 2025, 14:03:09 UTC"',
        ">3 replies</a>",
        '<bdi class="name">Änne</bdi> says</span>',
        ">Leave A Reply</h2>",
        "Your email address will not be published.",
        '"inLanguage":"en-gb"',
    ):
        assert part in page, part


def test_errors_search_archive_and_missing_pages_speak_german(client, german, essay):
    bad = client.post(essay.get_reply_url(), reply_data(name="\u200b", body="x" * 12_345))
    assert bad.status_code == 422
    assert "Bitte geben Sie einen Namen an" in bad.text
    assert "höchstens 10.000 Zeichen; diese hat 12.345." in bad.text
    missing = client.get("/2025/nichts/")
    assert missing.status_code == 404 and "Diese Seite gibt es nicht" in missing.text
    assert "1 Essay oder Kommentar enthält diese Wörter." in read(client, "/search/?q=Bänke")
    assert "Nichts enthält alle diese Wörter." in read(client, "/search/?q=Quagga")
    assert "<h2>März</h2>" in read(client, "/archive/2025/")
    assert 'xml:lang="de"' in read(client, "/feed/")
    assert client.get("/feed.json").json()["language"] == "de"


def test_no_page_has_an_english_sentence_left(client, german, essay):
    start, found = essay.get_absolute_url(), Comment.objects.get(name="Öde")
    paths = ["/", "/archive/", "/archive/2025/", "/search/?q=Quagga", "/comments/", start]
    paths += [f"{start}newest/", f"{start}since/0/", points_path(essay), f"{start}reply/"]
    paths += [f"{start}reply/?parent={found.pk}", f"/comments/{found.pk}/flag/"]
    paths += [reverse("articles:tag", args=["ort"]), essay.author.get_absolute_url()]
    words = words_of(CATALOGUE.with_suffix(".mo"))
    sentences = [one for one, said in words.items() if " " in one and said != one]
    for path in paths:
        page = unescape(read(client, path))
        assert [one for one in sentences if f">{one}<" in page or f'"{one}"' in page] == [], path


@pytest.mark.parametrize(
    ("language", "count"), [("en-gb", "12,345 replies"), ("de", "12.345 Antworten")]
)
def test_counts_are_grouped_and_addresses_are_not(client, settings, essay, language, count):
    settings.LANGUAGE_CODE = language
    Thread.objects.filter(article=essay).update(published_count=12_345)
    for path in ("/", essay.get_absolute_url()):
        assert count in read(client, path)
    assert 'href="/comments/123456/"' in read(client, essay.get_absolute_url())
