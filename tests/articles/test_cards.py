"""Preview cards: the pictures that other sites show beside a link to an essay."""

import hashlib
import re
import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from articles import share_image
from tests.builders import build_article, build_comment

SITE = "The Letters Page"
ARABIC, HEBREW = "\u0645\u0642\u0627\u0644", "\u05e2\u05dc \u05d4\u05e1\u05e4\u05e1\u05dc"


def drawn(title="", dek="", author="", site=SITE) -> Image.Image:
    return Image.open(BytesIO(share_image.draw(title, dek, author, site))).convert("L")


def ink(picture) -> tuple[int, int, int, int]:
    """The smallest box around all that is written below the coloured edge."""
    paper = Image.new("L", picture.size, picture.getpixel((0, 629)))
    box = ImageChops.difference(picture, paper).crop((0, 20, 1200, 630)).getbbox()
    left, top, right, bottom = box
    return left, top + 20, right, bottom + 20


@pytest.mark.once
def test_font_is_the_one_that_its_notice_names():
    notice = (share_image.FONT.parent / "README.md").read_text()
    assert hashlib.sha256(share_image.FONT.read_bytes()).hexdigest() in notice
    assert "SIL OPEN FONT LICENSE" in (share_image.FONT.parent / "OFL.txt").read_text()


@pytest.mark.once
@pytest.mark.parametrize(
    "words",
    [
        ("On benches", "A dek.", "Ada Lark"),
        ("T" * 200, "D" * 400, "W" * 80),
        (("Against all of it " * 12)[:200], "dek " * 100, "Ada " * 20),
        ("\u041e \u043f\u043e\u043b\u044c\u0437\u0435 \u0447\u0430\u0441\u043e\u0432", "", "A"),
        ("Z" + "\u0316\u0317" * 90, "\u200b", "\u202e"),
        ("i" * 200, "-" * 400, "."),
    ],
)
def test_words_of_any_length_stay_between_the_edges(words):
    picture = drawn(*words)
    assert picture.size == (1200, 630)
    left, top, right, bottom = ink(picture)
    assert left >= share_image.MARGIN - 10 and right <= 1200 - share_image.MARGIN + 10
    assert top > 60 and bottom < 630 - 30


@pytest.mark.once
def test_title_dek_and_author_are_all_there():
    whole = drawn("On benches", "A dek.", "Ada Lark")
    for less in (("On clocks", "A dek.", "Ada Lark"), ("On benches", "", "Ada Lark")):
        assert ImageChops.difference(whole, drawn(*less)).getbbox()
    assert ImageChops.difference(whole, drawn("On benches", "A dek.", "Bo Finch")).getbbox()


@pytest.mark.once
def test_right_to_left_title_shows_the_site_alone():
    assert drawn(HEBREW, "A dek.", "Ada").tobytes() == drawn().tobytes()
    assert drawn("Benches", HEBREW, HEBREW).tobytes() == drawn("Benches").tobytes()
    assert drawn(f"Benches {HEBREW}").tobytes() == drawn().tobytes()


@pytest.mark.once
def test_letters_missing_from_the_font_are_not_drawn_as_boxes():
    assert drawn(ARABIC, "A dek.", "Ada").tobytes() == drawn().tobytes()
    assert drawn("Benches", ARABIC, ARABIC).tobytes() == drawn("Benches").tobytes()
    # A title with holes in it would be worse than none.
    assert drawn(f"Benches {ARABIC}").tobytes() == drawn().tobytes()
    # A picture among words is left out; the words stay.
    assert drawn("Benches \U0001fa91\ufe0f").tobytes() == drawn("Benches").tobytes()
    assert drawn(ARABIC, site=ARABIC).tobytes() == drawn(site="").tobytes()


@pytest.mark.once
@pytest.mark.server
def test_worker_that_draws_nothing_does_not_load_the_library():
    code = "import blogsite.wsgi, django.urls, sys; django.urls.reverse('articles:home');"
    code += "assert 'articles.share_image' in sys.modules and 'PIL.Image' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


# --- Where they stand -------------------------------------------------------------------------


@pytest.mark.django_db
def test_essay_has_a_card_that_is_kept_until_the_essay_changes(client):
    article = build_article()
    url = f"{article.get_absolute_url()}card.png"
    response = client.get(url)
    assert response["Content-Type"] == "image/png"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert Image.open(BytesIO(response.content)).size == (1200, 630)
    tag = response["ETag"]
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
    article.title = "Another"
    article.save()
    assert client.get(url, headers={"If-None-Match": tag}).content != response.content


@pytest.mark.django_db
def test_reply_does_not_have_the_card_drawn_again(client):
    article = build_article("Drawn once")
    url = f"{article.get_absolute_url()}card.png"
    client.get(url)
    before = share_image.draw.cache_info()
    build_comment(article)
    client.get(url)
    assert share_image.draw.cache_info().misses == before.misses


@pytest.mark.django_db
def test_draft_has_no_public_card(client):
    draft = build_article(published=False)
    assert client.get(f"{draft.get_absolute_url()}card.png").status_code == 404


@pytest.mark.django_db
def test_card_of_a_renamed_essay_is_found_under_its_old_address(client):
    article = build_article()
    old = f"{article.get_absolute_url()}card.png"
    article.slug = "renamed"
    article.save()
    response = client.get(old)
    assert (response.status_code, response.url) == (301, article.get_share_image_url())


# --- What pages say of themselves -------------------------------------------------------------


SAID = re.compile(r'<meta (?:property|name)="((?:og|article|twitter):[^"]+)" content="([^"]*)"')


def said(page) -> dict[str, str]:
    """The page's Open Graph and Twitter tags by name; each may stand once only."""
    pairs = SAID.findall(page)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


@pytest.mark.django_db
def test_essay_says_what_to_show_with_a_link_to_it(client, settings):
    article = build_article('A "title" <b>', dek="A & dek.", tags=["Towns"])
    build_comment(article)
    found = said(client.get(article.get_absolute_url()).content.decode())
    site = settings.SITE_URL
    assert found["og:type"] == "article" and found["twitter:card"] == "summary_large_image"
    assert found["og:title"] == "A &quot;title&quot; &lt;b&gt;"
    assert found["og:description"] == "A &amp; dek."
    assert found["og:url"] == site + article.get_absolute_url()
    assert found["og:image"] == site + article.get_share_image_url()
    assert found["article:tag"] == "Towns"
    assert client.get(found["og:image"].removeprefix(site)).status_code == 200


@pytest.mark.django_db
def test_card_has_another_address_when_its_words_are_others():
    article = build_article()
    seen = {article.get_share_image_url()}
    for field, words in (("title", "New"), ("dek", "New"), ("discussion", "closed")):
        setattr(article, field, words)
        seen.add(article.get_share_image_url())
    assert len(seen) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/tags/towns/", "/authors/ada-lark/"])
def test_lists_share_the_card_of_the_site(client, settings, path):
    build_article(tags=["Towns"])
    found = said(client.get(path).content.decode())
    assert found["og:url"] == settings.SITE_URL + path
    assert found["og:image"] == f"{settings.SITE_URL}/card.png"
    response = client.get("/card.png")
    assert Image.open(BytesIO(response.content)).size == (1200, 630)


@pytest.mark.django_db
def test_every_public_page_names_its_address(client, settings):
    article = build_article(tags=["Towns"])
    paths = ["/", "/tags/towns/", "/authors/ada-lark/", "/archive/", f"/archive/{article.year}/"]
    paths += [article.get_absolute_url(), article.get_reply_url(), "/search/"]
    for path in paths:
        page = client.get(f"{path}{'&' if '?' in path else '?'}utm_source=x").content.decode()
        assert page.count('rel="canonical"') == 1
        assert f'<link rel="canonical" href="{settings.SITE_URL}{path}">' in page
