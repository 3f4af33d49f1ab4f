"""What an office's own Word template may contain: text, pictures and formatting, nothing else.

A template comes from the folder the operator names, never from a page or a chat. Still a file that
was replaced there must not run anything, read anything else or reach outside (F05): no macro, no
embedded object, no link to another file, no field that fetches, no document type, and nothing that
unpacks to more than it should.
"""

import re
import stat
import zipfile
from pathlib import Path

from cases.document_type import identify_upload
from cases.media_type import UnfitFileError

_LARGEST = 5 * 1024 * 1024
_UNPACKED = 50 * 1024 * 1024
_OBJECTS = re.compile(r"(?i)vbaProject|vbaData|/embeddings/|/activeX/|oleObject|/afchunk|altChunk")
_OUTSIDE = re.compile(rb"(?i)TargetMode\s*=\s*[\"']\s*External")
_FETCHES = re.compile(
    rb"(?i)\b(?:DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|DATABASE|MACROBUTTON|HYPERLINK)\b"
)
_FIELD = re.compile(
    rb"<w:instrText\b[^>]*>(.*?)</w:instrText>|<w:fldSimple\b[^>]*?w:instr\s*=\s*(\"[^\"]*\"|'[^']*')",
    re.DOTALL,
)
_ENTITIES = re.compile(rb"(?i)<!\s*(?:DOCTYPE|ENTITY)")
_WIDE = re.compile(rb"^(?:\xff\xfe|\xfe\xff|<\x00|\x00<)")  # UTF-16 would hide all of this


class UnfitTemplateError(Exception):
    """A template that is not used; the text says what is wrong with it."""


def must_be_plain(path: Path) -> None:
    """Look into a template without using it.

    Raises:
        UnfitTemplateError: it holds, or reaches for, more than text and formatting.
    """
    try:
        others = path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        content = path.read_bytes() if path.stat().st_size <= _LARGEST else b""
    except OSError as fault:
        raise UnfitTemplateError(f"不是能读的 Word 文件 ({type(fault).__name__})") from fault
    if others:
        raise UnfitTemplateError("别的用户也能改这个文件, 请先 chmod go-w")
    try:
        with zipfile.ZipFile(path) as archive:
            whole = sum(one.file_size for one in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as fault:
        raise UnfitTemplateError(f"不是能读的 Word 文件 ({type(fault).__name__})") from fault
    if not content or whole > _UNPACKED:
        raise UnfitTemplateError("文件太大")
    try:
        identify_upload(content)
    except UnfitFileError as fault:
        raise UnfitTemplateError(str(fault)) from fault
    with zipfile.ZipFile(path) as archive:
        for one in archive.infolist():
            _look_into(one.filename, archive.read(one))


def _look_into(name: str, content: bytes) -> None:
    if _OBJECTS.search(f"/{name}"):
        raise UnfitTemplateError(f"含宏或嵌入的对象 ({name})")
    if not name.endswith((".xml", ".rels")):
        return
    if _WIDE.match(content) or _ENTITIES.search(content):
        raise UnfitTemplateError(f"含文档类型声明或不是 UTF-8 ({name})")
    if name.endswith(".rels") and _OUTSIDE.search(content):
        raise UnfitTemplateError(f"引用了外部文件或网址 ({name})")
    fields = b" ".join(b" ".join(found) for found in _FIELD.findall(content))
    if name.startswith("word/") and _FETCHES.search(fields):
        raise UnfitTemplateError(f"含会取外部内容的域 ({name})")
