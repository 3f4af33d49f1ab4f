"""What a file really is, by its first bytes, and how large its picture is, without decoding it."""

from dataclasses import dataclass

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000  # a telephone's largest photo; 30 000 × 30 000 would fill the memory (B11)

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_AMR = (b"#!AMR\n", b"#!AMR-WB\n")
_ZIP = b"PK\x03\x04"
_PARTS = b"[Content_Types].xml"  # stands in every Office Open XML file (ECMA-376, part 2)
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
# Start-of-frame markers of JPEG: they hold the height and width (ITU T.81, B.2.2).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
_END, _SCAN = 0xD9, 0xDA


class UnfitFileError(Exception):
    """The file cannot be kept; the text says why, in Chinese, and what to send instead."""


@dataclass(frozen=True, slots=True)
class MediaType:
    """The type of a file that may be kept, with the ending its name gets from us."""

    name: str  # image/png
    ending: str
    width: int = 0  # pixels, of a picture
    height: int = 0


_DOCUMENTS = (
    (b"word/document.xml", MediaType(f"{_OPEN_XML}.wordprocessingml.document", "docx")),
    (b"xl/workbook.xml", MediaType(f"{_OPEN_XML}.spreadsheetml.sheet", "xlsx")),
)


def identify(content: bytes) -> MediaType:
    """Return what `content` is.

    Raises:
        UnfitFileError: too large, of another type, or a picture of too many pixels.
    """
    if len(content) > MOST_BYTES:
        raise UnfitFileError("文件超过 10 MB, 请压缩后再发")
    found = _known(content)
    if found is None:
        raise UnfitFileError("只收 JPG、PNG 图片, AMR 语音, MP4 视频和 PDF、Word、Excel 文件")
    if found.width * found.height > MOST_PIXELS:
        raise UnfitFileError(f"图片 {found.width} × {found.height} 像素过大, 请截图后再发")
    return found


def _known(content: bytes) -> MediaType | None:
    if content.startswith(_PNG):
        return _png(content)
    if content.startswith(_JPEG):
        return _jpeg(content)
    if content.startswith(_AMR):
        return MediaType("audio/amr", "amr")
    if content[4:8] == b"ftyp":
        return MediaType("video/mp4", "mp4")
    if content.startswith(b"%PDF-"):
        return MediaType("application/pdf", "pdf")
    return _document(content) if content.startswith(_ZIP) else None


def _document(content: bytes) -> MediaType | None:
    """A document of Word or Excel: a ZIP that names its parts. It is never unpacked."""
    if _PARTS not in content:
        return None
    found = (one for folder, one in _DOCUMENTS if folder in content)
    return next(found, None)


def _png(content: bytes) -> MediaType:
    if content[12:16] != b"IHDR" or len(content) < 24:  # noqa: PLR2004 - where IHDR's sizes end
        raise UnfitFileError("图片已损坏, 请重新发")
    width, height = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    return _sized("image/png", "png", width, height)


def _jpeg(content: bytes) -> MediaType:
    place = 2
    while place + 4 <= len(content) and content[place] == 0xFF:  # noqa: PLR2004 - every marker's
        marker = content[place + 1]
        if marker == 0xFF or marker in _ALONE:  # noqa: PLR2004 - a fill byte
            place += 1 if marker == 0xFF else 2  # noqa: PLR2004
            continue
        if marker in {_END, _SCAN}:
            break
        if marker in _FRAMES:
            height = int.from_bytes(content[place + 5 : place + 7])
            width = int.from_bytes(content[place + 7 : place + 9])
            return _sized("image/jpeg", "jpg", width, height)
        place += 2 + max(2, int.from_bytes(content[place + 2 : place + 4]))
    raise UnfitFileError("图片已损坏, 请重新发")


def _sized(name: str, ending: str, width: int, height: int) -> MediaType:
    if not (width and height):
        raise UnfitFileError("图片已损坏, 请重新发")
    return MediaType(name, ending, width, height)
