"""Cleaning of plain text: line ends, Unicode normal form, invisible control characters."""

import re
import unicodedata

LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
# Control characters (the Markdown parser uses two of them as placeholders) and the overrides that
# make text read other than it is written (Unicode TR 36, 2.2).
UNSAFE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
SURROGATES = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """The text in normal form C, with \\n as its line end and without invisible controls."""
    text = LINE_ENDS.sub("\n", text)
    text = SURROGATES.sub("\ufffd", UNSAFE.sub("", text))
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """The cleaned text on one line: line ends would break titles, feeds and mail headers."""
    return " ".join(clean_text(text).split())
