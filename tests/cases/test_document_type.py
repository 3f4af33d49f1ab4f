"""What may be uploaded is told by its bytes, and a packed paper by its directory alone."""

import io
import struct
import zipfile

import pytest

from cases.document_type import identify_upload, shown_name
from cases.media_type import MOST_BYTES, UnfitFileError

PNG = (
    b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + (640).to_bytes(4) + (480).to_bytes(4) + bytes(9)
)
HUGE = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + (30000).to_bytes(4) * 2 + bytes(9)
TYPES = "[Content_Types].xml"


def packed(*names: str, content: bytes = b"x", **more: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
        for name in names:
            out.writestr(name, content)
        for name, data in more.items():
            out.writestr(name, data)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "ending", "is_paper"),
    [
        (b"%PDF-1.7\n", "pdf", True),
        (PNG, "png", False),
        (b"#!AMR\n123", "amr", False),
        (packed(TYPES, "word/document.xml"), "docx", True),
        (packed(TYPES, "xl/workbook.xml"), "xlsx", True),
        (packed(TYPES, "ppt/presentation.xml"), "pptx", True),
        (b"%PDF-" + bytes(MOST_BYTES - 5), "pdf", True),
    ],
)
def test_what_it_is_is_told_by_its_bytes(content: bytes, ending: str, is_paper: bool) -> None:
    found = identify_upload(content)
    assert (found.media.ending, found.is_paper) == (ending, is_paper)


def encrypted() -> bytes:
    plain = bytearray(packed(TYPES, "word/document.xml"))
    place = plain.index(b"PK\x01\x02")
    plain[place + 8] |= 1
    return bytes(plain)


def many(count: int) -> bytes:
    return packed(TYPES, *(f"word/{nth}.xml" for nth in range(count - 1)))


def pretends(size: int) -> bytes:
    """A paper whose directory says that a part becomes this large."""
    plain = bytearray(packed(TYPES, "word/document.xml"))
    place = plain.rindex(b"PK\x01\x02")
    plain[place + 24 : place + 28] = struct.pack("<I", size)
    return bytes(plain)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空的"),
        (b"%PDF-" + bytes(MOST_BYTES - 4), "超过 10 MB"),
        (b"MZ\x90", "只收 PDF"),
        (HUGE, "像素过大"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "另存为 DOCX"),
        (b"PK\x03\x04nothing", "已损坏"),
        (packed("a.txt"), "压缩包不收"),
        (packed(TYPES, "other/a.xml"), "只收 PDF"),
        (packed(TYPES, "word/document.xml", "word/vbaProject.bin"), "带宏"),
        (packed(TYPES, "word/../../etc/passwd"), "路径不正常"),
        (packed(TYPES, "/etc/passwd"), "路径不正常"),
        (encrypted(), "加密"),
        (many(2001), "过大"),
        (pretends(100 * 1024 * 1024 + 1), "过大"),
        (pretends(64 * 1024 + 1), "压缩得不正常"),
    ],
)
def test_b10_what_no_honest_paper_is_is_refused_with_the_reason(content: bytes, says: str) -> None:
    with pytest.raises(UnfitFileError, match=says):
        identify_upload(content)


def test_the_borders_of_a_packed_paper_are_kept() -> None:
    assert identify_upload(many(2000)).media.ending == "docx"
    assert identify_upload(pretends(64 * 1024)).media.ending == "docx"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("现场.png", "现场.png"),
        ("C:\\照片\\现场.png", "现场.png"),
        ("../../etc/passwd", "passwd"),
        ("a\u202egnp.exe", "agnp.exe"),
        ('a"b<c>.pdf', "a_b_c_.pdf"),
        ("", "未命名"),
        ("...", "未命名"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("长" * 80, "长" * 80),
        ("长" * 81, "长" * 79 + "…"),
        ("长" * 81 + ".docx", "长" * 74 + "….docx"),
        ("长" * 40 + "." + "尾" * 60, "长" * 40 + "." + "尾" * 38 + "…"),
    ],
)
def test_a_name_is_shown_without_path_tricks_or_length(name: str, shown: str) -> None:
    assert shown_name(name) == shown
