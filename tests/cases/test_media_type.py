"""What a file really is, and its pixels read from the header alone."""

import io
import struct
import zipfile

import pytest

from cases.media_type import MOST_BYTES, UnfitFileError, identify


def png(width: int, height: int) -> bytes:
    header = b"\x00\x00\x00\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + header


def jpeg(width: int, height: int, *, before: bytes = b"") -> bytes:
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03"
    return b"\xff\xd8" + (before or b"\xff\xe0\x00\x04ab") + frame


def test_pictures_recordings_and_films_are_known_by_their_first_bytes() -> None:
    assert identify(png(100, 50)).name == "image/png"
    assert identify(jpeg(100, 50)).ending == "jpg"
    assert identify(b"#!AMR\n\x00").ending == "amr"
    assert identify(b"#!AMR-WB\n\x00").name == "audio/amr"
    assert identify(b"\x00\x00\x00\x18ftypmp42").name == "video/mp4"


def zipped(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return held.getvalue()


def test_documents_are_known_by_the_parts_they_name() -> None:
    assert identify(b"%PDF-1.7\n").ending == "pdf"
    assert identify(zipped("[Content_Types].xml", "word/document.xml")).ending == "docx"
    assert identify(zipped("[Content_Types].xml", "xl/workbook.xml")).ending == "xlsx"


@pytest.mark.parametrize("names", [("a.exe",), ("word/document.xml",), ("[Content_Types].xml",)])
def test_another_archive_is_no_document(names: tuple[str, ...]) -> None:
    with pytest.raises(UnfitFileError, match="PDF"):
        identify(zipped(*names))


@pytest.mark.parametrize("make", [png, jpeg])
def test_the_size_is_read_from_the_header(make: type) -> None:
    found = identify(make(1170, 2532))
    assert (found.width, found.height) == (1170, 2532)


@pytest.mark.parametrize(
    "before",
    [
        b"\xff\xff\xe0\x00\x04ab",  # a fill byte
        b"\xff\x01\xff\xe1\x00\x02",  # a marker without a length
        b"\xff\xc4\x00\x04ab",  # a table, not a frame
    ],
)
def test_a_jpegs_frame_is_found_behind_other_markers(before: bytes) -> None:
    assert identify(jpeg(640, 480, before=before)).width == 640


@pytest.mark.parametrize(("width", "fits"), [(49_999, True), (50_000, True), (50_001, False)])
def test_b11_a_picture_of_too_many_pixels_is_refused_undecoded(width: int, fits: bool) -> None:
    if fits:
        assert identify(png(width, 1000)).width == width
        return
    with pytest.raises(UnfitFileError, match="像素过大"):
        identify(png(width, 1000))


def test_b11_a_bomb_of_a_hundred_kilobytes_is_refused() -> None:
    with pytest.raises(UnfitFileError, match="30000 × 30000"):
        identify(png(30_000, 30_000) + bytes(100_000))


@pytest.mark.parametrize(("over", "fits"), [(-1, True), (0, True), (1, False)])
def test_ten_megabytes_are_the_most(over: int, fits: bool) -> None:
    content = png(10, 10)
    content += bytes(MOST_BYTES + over - len(content))
    if fits:
        assert identify(content).ending == "png"
        return
    with pytest.raises(UnfitFileError, match="10 MB"):
        identify(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<html>",
        b"PK\x03\x04",
        b"MZ",
        b"\x00\x00\x00\x18ftxpmp42",
    ],
)
def test_everything_else_is_refused(content: bytes) -> None:
    with pytest.raises(UnfitFileError, match="只收"):
        identify(content)


@pytest.mark.parametrize(
    "content",
    [
        png(1, 1)[:20],
        png(0, 5),
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 20,
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\x00\x00",
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xda\x00\x02\x00\x00",
        b"\xff\xd8\xff\xe0\x00\x02\x00\x00\x00\x00",
        jpeg(0, 0),
        jpeg(5, 5)[:-6],
    ],
)
def test_a_damaged_picture_is_refused(content: bytes) -> None:
    with pytest.raises(UnfitFileError, match="损坏"):
        identify(content)
