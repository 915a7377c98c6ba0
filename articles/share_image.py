"""The picture that is shown with a shared link: title, dek, author and the site's name."""

import zlib
from bisect import bisect
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from unicodedata import bidirectional, category, normalize

VERSION = 1  # raise when the same text is drawn differently, so that social networks fetch again
FONT = Path(__file__).parent / "fonts" / "LinLibertine_RZ.otf"
WIDTH, HEIGHT, MARGIN = 1200, 630, 80
PAPER, INK, MUTED, ACCENT = "#fffdf9", "#1d1d1f", "#55555a", "#8a2b14"
TITLE_TOP, TITLE_BOTTOM = 168, 484
TITLE_SIZES = (88, 80, 72, 64, 56, 50, 44, 38, 33, 29)
DEK_SIZE, SMALL_SIZE, LINE_HEIGHT = 36, 34, 1.18
TITLE_SPACING = 26  # pixels between the title and the dek
UNASSIGNED_CHARACTER = "\U0010fffd"
# Joiners and accents that are not part of a letter: the basic layout cannot position them.
UNPLACED_CATEGORIES = {"Mn", "Me", "Cf", "Cc"}
SYMBOL_CATEGORIES = {"So", "Sk", "Co", "Cn"}
RIGHT_TO_LEFT = {"R", "AL"}  # Unicode's classes of Hebrew, Arabic and similar letters


def content_hash(*texts: str) -> str:
    """Eight hex digits that change whenever an image of these texts does."""
    content = "\0".join((str(VERSION), *texts))
    return f"{zlib.crc32(content.encode()):08x}"


# Cached by text: a reply changes an essay's stamp, but not its picture.
@lru_cache(maxsize=32)
def draw(title: str, dek: str, author: str, site: str) -> bytes:
    """A PNG of 1200 by 630 pixels.

    It shows the site's name alone where there is no title, or where the title cannot be drawn:
    letters that the font lacks, or a right-to-left script. Dek and author are left out likewise.
    """
    canvas = Canvas()
    title, dek, author, site = map(canvas.drawable_text, (title, dek, author, site))
    if title:
        canvas.draw_lines(canvas.wrap(site, SMALL_SIZE)[:1], SMALL_SIZE, MARGIN, ACCENT)
        top = canvas.draw_title(title) + TITLE_SPACING
        lines = canvas.wrap(dek, DEK_SIZE)
        if top + canvas.height(lines, DEK_SIZE) <= TITLE_BOTTOM:
            canvas.draw_lines(lines, DEK_SIZE, top, MUTED)
        lines = canvas.wrap(author, SMALL_SIZE)[:1]
        canvas.draw_lines(lines, SMALL_SIZE, HEIGHT - MARGIN - 30, INK)
    else:
        canvas.draw_title(site)
    return canvas.png()


class Canvas:
    """An empty picture and its fonts."""

    def __init__(self) -> None:
        # Imported here, so that a worker that draws nothing does not load Pillow.
        from PIL import Image, ImageDraw, ImageFont

        self.image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
        self.drawing = ImageDraw.Draw(self.image)
        self.drawing.rectangle((0, 0, WIDTH, 16), fill=ACCENT)
        # The basic layout is the same on every machine; the other one needs system libraries.
        self.fonts = {
            size: ImageFont.truetype(FONT, size, layout_engine=ImageFont.Layout.BASIC)
            for size in {*TITLE_SIZES, DEK_SIZE, SMALL_SIZE}
        }
        self.missing_glyph = self.glyph(UNASSIGNED_CHARACTER)

    def glyph(self, character: str) -> bytes:
        return bytes(self.fonts[DEK_SIZE].getmask(character))

    def drawable_text(self, text: str) -> str:
        """The text without the symbols that the font lacks; empty if a letter cannot be drawn."""
        text = "".join(c for c in normalize("NFC", text) if category(c) not in UNPLACED_CATEGORIES)
        missing = {c for c in set(text) if self.glyph(c) == self.missing_glyph}
        if any(category(c) not in SYMBOL_CATEGORIES for c in missing):
            return ""
        if any(bidirectional(c) in RIGHT_TO_LEFT for c in text):
            return ""
        return " ".join("".join(c for c in text if c not in missing).split())

    def wrap(self, text: str, size: int) -> list[str]:
        """Lines that fit between the margins; a word that is longer than a line is broken."""
        lines: list[str] = []
        line = ""
        for word in text.split():
            if self.fits(f"{line} {word}".strip(), size):
                line = f"{line} {word}".strip()
                continue
            if line:
                lines.append(line)
            while not self.fits(word, size):
                end = self.fitting_length(word, size)
                lines.append(word[:end])
                word = word[end:]
            line = word
        return [*lines, line] if line else lines

    def fitting_length(self, word: str, size: int) -> int:
        """How many characters of a long word fit on a line, at least one."""
        lengths = range(2, len(word))
        return 1 + bisect(lengths, False, key=lambda length: not self.fits(word[:length], size))

    def fits(self, text: str, size: int) -> bool:
        return self.fonts[size].getlength(text) <= WIDTH - 2 * MARGIN

    def height(self, lines: list[str], size: int) -> int:
        return round(len(lines) * size * LINE_HEIGHT)

    def draw_title(self, title: str) -> int:
        """Draws it in the largest size that fits; returns the y coordinate of its end."""
        for size in TITLE_SIZES:
            lines = self.wrap(title, size)
            if self.height(lines, size) <= TITLE_BOTTOM - TITLE_TOP:
                break
        return self.draw_lines(lines, size, TITLE_TOP, INK)

    def draw_lines(self, lines: list[str], size: int, top: int, colour: str) -> int:
        """Draws them one below the other; returns the y coordinate of their end."""
        for number, line in enumerate(lines):
            position = (MARGIN, top + number * size * LINE_HEIGHT)
            self.drawing.text(position, line, colour, self.fonts[size])
        return top + self.height(lines, size)

    def png(self) -> bytes:
        # A palette of 32 colours is enough for text and makes a quarter of the bytes.
        file = BytesIO()
        self.image.quantize(32).save(file, "PNG", optimize=True)
        return file.getvalue()
