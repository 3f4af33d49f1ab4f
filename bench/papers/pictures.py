"""Pages of a PDF as PNG, and how much of a page is ink; no picture library is needed."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pypdfium2

_SHARED = 0.2  # of the smaller box: letters that touch share less


def pages(pdf: bytes, scale: float = 1.1) -> Iterator[tuple[int, int, bytes]]:
    """Yield width, height and grey pixels of each page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            bitmap = page.render(scale=scale, rev_byteorder=True, force_bitmap_format=4)
            width, height, stride = bitmap.width, bitmap.height, bitmap.stride
            raw = bytes(bitmap.buffer)
            rows = [raw[y * stride : y * stride + 4 * width] for y in range(height)]
            yield width, height, b"".join(rows)
            bitmap.close()
            page.close()
    finally:
        document.close()


def png(width: int, height: int, rgba: bytes) -> bytes:
    """Return pixels (4 bytes each, the last unused) as a PNG."""
    lines = []
    for y in range(height):
        row = rgba[4 * width * y : 4 * width * (y + 1)]
        line = bytearray(3 * width)
        line[0::3], line[1::3], line[2::3] = row[0::4], row[1::4], row[2::4]
        lines.append(b"\0" + bytes(line))
    head = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(lines), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def text_of(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def collisions(pdf: bytes) -> Iterator[tuple[int, str]]:
    """Yield page and text where a character stands on another: a cell that ran over its edge."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for nth, page in enumerate(document, start=1):
            yield from ((nth, words) for words in _collisions(page.get_textpage()))
    finally:
        document.close()


def _collisions(text: pypdfium2.PdfTextPage) -> Iterator[str]:
    """Yield two characters that share more than a fifth of the smaller one's box."""
    placed = sorted(_placed(text))
    for nth, (box, one) in enumerate(placed):
        for other_box, other in placed[nth + 1 :]:
            if other_box[0] >= box[2]:
                break
            if _common(box, other_box) > _SHARED * min(_area(box), _area(other_box)):
                yield one + other


Box = tuple[float, float, float, float]  # left, bottom, right, top


def _placed(text: pypdfium2.PdfTextPage) -> Iterator[tuple[Box, str]]:
    for nth in range(text.count_chars()):
        char, box = text.get_text_range(nth, 1), text.get_charbox(nth)
        if not char.isspace() and char != "\u200b" and _area(box) > 0:
            yield box, char


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _common(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def save(pdf: bytes, folder: Path, name: str, scale: float = 1.1) -> list[Path]:
    """Write every page as PNG; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for nth, (width, height, pixels) in enumerate(pages(pdf, scale), start=1):
        path = folder / f"{name}-{nth}.png"
        path.write_bytes(png(width, height, pixels))
        made.append(path)
    return made
