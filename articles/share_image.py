"""The picture that stands with a link where it is shared: title, dek, author and the site."""

import zlib
from bisect import bisect
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from unicodedata import category, normalize

from django.conf import settings
from django.urls import reverse

from articles.bidi import LEFT, RIGHT, in_visual_order, reads_from_right

VERSION = 1  # raise when the same words are drawn differently: networks then ask anew
FONT = Path(__file__).parent / "fonts" / "LinLibertine_RZ.otf"
WIDTH, HEIGHT, EDGE = 1200, 630, 80
PAPER, INK, QUIET, ACCENT = "#fffdf9", "#1d1d1f", "#55555a", "#8a2b14"
TITLE_TOP, TITLE_BOTTOM = 168, 484
TITLE_SIZES = (88, 80, 72, 64, 56, 50, 44, 38, 33, 29)
DEK_SIZE, SMALL_SIZE, LEADING = 36, 34, 1.18
NO_CHARACTER = "\U0010fffd"
# Joiners and accents that are no part of a letter: nothing here would put them in their places.
UNPLACED_CATEGORIES = {"Mn", "Me", "Cf", "Cc"}
SYMBOL_CATEGORIES = {"So", "Sk", "Co", "Cn"}


def image_url(article) -> str:
    """Another one whenever the card is: networks keep what they fetched for an address."""
    words = (article.title, article.dek, article.author.name, settings.SITE_NAME)
    version = zlib.crc32("\0".join((str(VERSION), *words)).encode())
    path = reverse("articles:card", args=[f"{article.year:04}", article.slug])
    return f"{path}?v={version:08x}"


@lru_cache(maxsize=32)
def draw(title: str, dek: str, author: str, site: str) -> bytes:
    """A PNG. A reply changes an essay's stamp and not its card: so the last ones are kept.

    Without a title, or with one in a script that the font does not have, it shows the site's name
    alone.
    """
    canvas = Canvas()
    title, dek, author, site = map(canvas.writable, (title, dek, author, site))
    if title:
        canvas.write(canvas.wrap(site, SMALL_SIZE)[:1], SMALL_SIZE, EDGE, ACCENT)
        lower = canvas.write_title(title)
        lines = canvas.wrap(dek, DEK_SIZE)
        if lower + canvas.height(lines, DEK_SIZE) <= TITLE_BOTTOM:
            canvas.write(lines, DEK_SIZE, lower, QUIET)
        canvas.write(canvas.wrap(author, SMALL_SIZE)[:1], SMALL_SIZE, HEIGHT - EDGE - 30, INK)
    else:
        canvas.write_title(site)
    return canvas.png()


class Canvas:
    """An empty card. Pillow is loaded for the first: a worker that draws none does without."""

    def __init__(self):
        from PIL import Image, ImageDraw, ImageFont

        self.image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
        self.pencil = ImageDraw.Draw(self.image)
        self.pencil.rectangle((0, 0, WIDTH, 16), fill=ACCENT)
        # The basic layout is the same on every machine; the other asks for its libraries.
        self.fonts = {
            size: ImageFont.truetype(FONT, size, layout_engine=ImageFont.Layout.BASIC)
            for size in {*TITLE_SIZES, DEK_SIZE, SMALL_SIZE}
        }
        self.absent = self.picture_of(NO_CHARACTER)

    def picture_of(self, character: str) -> bytes:
        return bytes(self.fonts[DEK_SIZE].getmask(character))

    def writable(self, text: str) -> str:
        """The text without the signs that the font lacks; nothing where it lacks a letter."""
        text = "".join(c for c in normalize("NFC", text) if category(c) not in UNPLACED_CATEGORIES)
        lacking = {c for c in set(text) if self.picture_of(c) == self.absent}
        if any(category(c) not in SYMBOL_CATEGORIES for c in lacking):
            return ""
        return " ".join("".join(c for c in text if c not in lacking).split())

    def wrap(self, text: str, size: int) -> list[str]:
        """Lines that fit between the edges; a word that is longer is broken."""
        lines, line = [], ""
        for word in text.split():
            if self.fits(f"{line} {word}".strip(), size):
                line = f"{line} {word}".strip()
                continue
            if line:
                lines.append(line)
            while not self.fits(word, size):
                ends = range(2, len(word))
                end = 1 + bisect(ends, False, key=lambda n, w=word: not self.fits(w[:n], size))
                lines.append(word[:end])
                word = word[end:]
            line = word
        return [*lines, line] if line else lines

    def fits(self, text: str, size: int) -> bool:
        return self.fonts[size].getlength(text) <= WIDTH - 2 * EDGE

    def height(self, lines: list[str], size: int) -> int:
        return round(len(lines) * size * LEADING)

    def write_title(self, title: str) -> int:
        """As large as it fits. Returns where the next may begin."""
        for size in TITLE_SIZES:
            lines = self.wrap(title, size)
            if self.height(lines, size) <= TITLE_BOTTOM - TITLE_TOP:
                break
        return self.write(lines, size, TITLE_TOP, INK) + 26

    def write(self, lines: list[str], size: int, top: int, colour: str) -> int:
        """Writes them from the side that they are read from. Returns where they end."""
        font, turned = self.fonts[size], reads_from_right(" ".join(lines))
        for number, line in enumerate(lines):
            line = in_visual_order(line, RIGHT if turned else LEFT)
            left = WIDTH - EDGE - font.getlength(line) if turned else EDGE
            self.pencil.text((left, top + number * size * LEADING), line, colour, font)
        return top + self.height(lines, size)

    def png(self) -> bytes:
        # Few colours are enough for letters on paper, and a quarter of the bytes.
        file = BytesIO()
        self.image.quantize(32).save(file, "PNG", optimize=True)
        return file.getvalue()
