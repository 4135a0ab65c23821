"""A PDF of text and lines in the fonts that every reader has, and nothing else.

Written here because the libraries for it bring an image and a font library into the service,
for one page of typewriter text. Source: ISO 32000-1 (PDF 1.7), sections 7.5, 8.5 and 9.4; the
standard fonts stand in 9.6.2.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

POINTS_PER_MM = 72 / 25.4


class Font(StrEnum):
    """Fonts that need not be embedded. The value is PDF's name."""

    TEXT = "Helvetica"
    BOLD = "Helvetica-Bold"
    CODE = "Courier-Bold"


@dataclass(frozen=True, slots=True)
class Text:
    """One line. x, y: of its left end, in points from the lower left corner."""

    x: float
    y: float
    font: Font
    size: float
    words: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A dashed line to cut along, in points."""

    x1: float
    y1: float
    x2: float
    y2: float


Mark = Text | Cut


def write_pdf(pages: Sequence[Sequence[Mark]], width: float, height: float) -> bytes:
    """The whole file. width, height: of every page, in points. No date and no author in it.

    Raises ValueError for a letter that the standard fonts lack.
    """
    fonts = {font: f"F{place}" for place, font in enumerate(Font)}
    first_page = 3 + len(fonts)
    kids = " ".join(f"{first_page + 2 * place} 0 R" for place in range(len(pages)))
    names = " ".join(f"/{name} {3 + place} 0 R" for place, name in enumerate(fonts.values()))
    size = f"/MediaBox [0 0 {width:.2f} {height:.2f}]"
    tree = f"/Type /Pages /Kids [{kids}] /Count {len(pages)} {size}"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< {tree} /Resources << /Font << {names} >> >> >>".encode(),
        *(_describe_font(font) for font in fonts),
    ]
    for place, marks in enumerate(pages):
        content = b"\n".join(_draw(mark, fonts) for mark in marks)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /Contents {first_page + 2 * place + 1} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return _join(objects)


def _describe_font(font: Font) -> bytes:
    kind = "/Type /Font /Subtype /Type1 /Encoding /WinAnsiEncoding"
    return f"<< {kind} /BaseFont /{font} >>".encode()


def _draw(mark: Mark, fonts: dict[Font, str]) -> bytes:
    if isinstance(mark, Cut):
        line = f"q 0.4 w [2 3] 0 d {mark.x1:.2f} {mark.y1:.2f} m {mark.x2:.2f} {mark.y2:.2f} l S Q"
        return line.encode("ascii")
    raw = mark.words.encode("cp1252")
    for letter in (b"\\", b"(", b")"):
        raw = raw.replace(letter, b"\\" + letter)
    place = f"BT /{fonts[mark.font]} {mark.size:.1f} Tf {mark.x:.2f} {mark.y:.2f} Td ("
    return place.encode("ascii") + raw + b") Tj ET"


def _join(objects: Sequence[bytes]) -> bytes:
    """Header, objects, the table of where each begins, trailer."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    starts = []
    for number, content in enumerate(objects, 1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for start in starts:
        out += b"%010d 00000 n \n" % start
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    out += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(out)
