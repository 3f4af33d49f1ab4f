"""What an uploaded file really is: pictures and recordings as in chat, and papers.

A packed paper (DOCX, XLSX, PPTX) is looked at without unpacking it: how many parts it has, how
large they would become and how they are named is written in its directory (B10).
"""

import io
import re
import zipfile
from dataclasses import dataclass

from cases.media_type import MOST_BYTES, MediaType, UnfitFileError, identify

_PDF = b"%PDF-"
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_PARTS = 2000
_MOST_UNPACKED = 100 * 1024 * 1024
_HIGHEST_RATIO = 200
_SMALL = 64 * 1024  # a part that becomes no larger than this may be packed as tightly as it likes
_ENCRYPTED = 0x1
_ENDS = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
)
_KINDS = {"word/": (_ENDS[0], "docx"), "xl/": (_ENDS[1], "xlsx"), "ppt/": (_ENDS[2], "pptx")}
_ONLY = "只收 PDF、DOCX、XLSX、PPTX 文件, JPG、PNG 图片, AMR 语音和 MP4 视频"
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_PLACE = re.compile(r"[/\\:*?\"<>|]+")
_LONGEST_NAME = 80  # characters


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file that may be kept."""

    media: MediaType
    is_paper: bool


def identify_upload(content: bytes) -> Upload:
    """Return what `content` is, by its first bytes; what it is called says nothing.

    Raises:
        UnfitFileError: too large, of another type, or packed in a way that no honest paper is.
    """
    if not content:
        raise UnfitFileError("文件是空的, 请重新选择")
    if len(content) > MOST_BYTES:
        raise UnfitFileError("文件超过 10 MB, 请压缩或拆开后再传")
    if content.startswith(_PDF):
        return Upload(MediaType("application/pdf", "pdf"), is_paper=True)
    if content.startswith(_ZIP):
        return Upload(_packed(content), is_paper=True)
    if content.startswith(_OLD_OFFICE):
        raise UnfitFileError("旧格式或加密的 Office 文件不收, 请另存为 DOCX、XLSX 或 PDF")
    try:
        return Upload(identify(content), is_paper=False)
    except UnfitFileError as fault:
        raise UnfitFileError(_ONLY if str(fault).startswith("只收") else str(fault)) from None


def shown_name(name: str) -> str:
    """Return what a file is called, as it can be shown: no path, nothing invisible, not long."""
    plain = _UNSEEN.sub("", name.replace("\\", "/").rsplit("/", 1)[-1])
    plain = _PLACE.sub("_", plain).strip(". ")
    if len(plain) <= _LONGEST_NAME:
        return plain or "未命名"
    head, dot, ending = plain.rpartition(".")
    tail = f"{dot}{ending}" if dot and len(ending) <= 5 else ""  # noqa: PLR2004 - .docx
    return f"{(head if tail else plain)[: _LONGEST_NAME - len(tail) - 1]}…{tail}"


def _packed(content: bytes) -> MediaType:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        raise UnfitFileError("文件已损坏, 请重新导出后再传") from None
    _must_be_honest(parts)
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names:
        raise UnfitFileError(f"压缩包不收; {_ONLY}")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise UnfitFileError("带宏的文件不收, 请另存为不带宏的文件")
    for folder, (name, ending) in _KINDS.items():
        if any(part.startswith(folder) for part in names):
            return MediaType(name, ending)
    raise UnfitFileError(_ONLY)


def _must_be_honest(parts: list[zipfile.ZipInfo]) -> None:
    whole = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS or whole > _MOST_UNPACKED:
        raise UnfitFileError("文件解开后过大, 请拆开或转成 PDF 再传")
    for part in parts:
        if part.flag_bits & _ENCRYPTED:
            raise UnfitFileError("加密的文件不收, 请去掉密码再传")
        if part.filename.startswith("/") or ".." in part.filename.split("/"):
            raise UnfitFileError("文件内部的路径不正常, 不收")
        if part.file_size > max(_SMALL, _HIGHEST_RATIO * part.compress_size):
            raise UnfitFileError("文件压缩得不正常, 不收")
