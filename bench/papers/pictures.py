"""Pages of a PDF as PNG, and how much of a page is ink; no picture library is needed."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pypdfium2


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


def save(pdf: bytes, folder: Path, name: str, scale: float = 1.1) -> list[Path]:
    """Write every page as PNG; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for nth, (width, height, pixels) in enumerate(pages(pdf, scale), start=1):
        path = folder / f"{name}-{nth}.png"
        path.write_bytes(png(width, height, pixels))
        made.append(path)
    return made
