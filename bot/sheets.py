"""Rows of a table somebody made: XLSX or CSV, checked before anything is unpacked (B10)."""

import csv
import io
import stat
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 5000
_MOST_UNPACKED = 60 * 1024 * 1024
_MOST_RATIO = 200
_MOST_ENTRIES = 300
_MOST_COLUMNS = 60
_LONGEST_CELL = 4000
_CHUNK = 1 << 16
_ARCHIVES = (".zip", ".xlsx", ".docx", ".7z", ".rar", ".jar", ".exe", ".bin")
_ZIP = b"PK\x03\x04"

Row = dict[str, str]


class UnreadableTableError(Exception):
    """The file cannot be read as a table; the text says why, in Chinese."""


def read_rows(path: Path) -> list[tuple[int, Row]]:
    """Return the rows as the sheet numbers them, each as heading -> text.

    The first row that is not empty holds the headings.

    Raises:
        UnreadableTableError: too large, of another kind, damaged, or made to do harm.
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise UnreadableTableError(f"读不了 {path}: {type(fault).__name__}") from None
    return list(_named(rows_of(content)))


def rows_of(content: bytes) -> list[list[str]]:
    """Return the cells of a table as they stand, headings too.

    Raises:
        UnreadableTableError: too large, of another kind, damaged, or made to do harm.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableTableError("文件超过 10 MB")
    return _workbook(content) if content.startswith(_ZIP) else _comma(content)


def _workbook(content: bytes) -> list[list[str]]:
    _check_archive(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=MOST_ROWS + 2)
    except (CalamineError, IndexError) as fault:
        raise UnreadableTableError("不是有效的 XLSX 文件, 请用表格软件另存后再试") from fault
    return [[_text(cell) for cell in row[:_MOST_COLUMNS]] for row in rows]


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)[:_LONGEST_CELL]


def _comma(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UnreadableTableError("看不懂的文字编码, 请存成 UTF-8 或 GBK")
    if "\x00" in text:
        raise UnreadableTableError("不是表格: 只收 XLSX 和 CSV")
    try:
        rows = [
            [cell[:_LONGEST_CELL] for cell in row[:_MOST_COLUMNS]]
            for _, row in zip(range(MOST_ROWS + 2), csv.reader(io.StringIO(text)), strict=False)
        ]
    except csv.Error as fault:
        raise UnreadableTableError(f"CSV 有误: {fault}") from fault
    return rows


def _named(rows: Iterable[list[str]]) -> Iterator[tuple[int, Row]]:
    headings: list[str] = []
    count = 0
    for number, row in enumerate(rows, start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if not headings:
            headings = cells
            continue
        count += 1
        if count > MOST_ROWS:
            raise UnreadableTableError(f"超过 {MOST_ROWS} 行, 请分成几个文件")
        yield number, {name: cell for name, cell in zip(headings, cells, strict=False) if name}


def _check_archive(content: bytes) -> None:
    """Refuse bombs, odd names, links, encryption and nested archives before anything is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > _MOST_ENTRIES:
                raise UnreadableTableError("文件里的部分过多")
            unpacked = 0
            for entry in entries:
                _check_entry(entry)
                unpacked += _unpacked(archive, entry, _MOST_UNPACKED - unpacked)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as fault:
        raise UnreadableTableError("文件已损坏或加密, 请另存后再试") from fault


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.replace("\\", "/")
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    if name.startswith("/") or ".." in name.split("/") or ":" in name or is_link:
        raise UnreadableTableError("文件里有不该有的路径")
    if entry.flag_bits & 1:
        raise UnreadableTableError("文件有密码, 请去掉密码后再试")
    if name.lower().endswith(_ARCHIVES):
        raise UnreadableTableError("文件里套着别的文件, 请另存为普通 XLSX")
    if entry.file_size > _MOST_RATIO * max(entry.compress_size, 1024):
        raise UnreadableTableError("压缩得过于厉害, 不像表格")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> int:
    """Return how many bytes an entry really holds, counted while they are thrown away."""
    size = 0
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            if size == 0 and b"<!DOCTYPE" in chunk[:1024].upper():
                raise UnreadableTableError("文件里有 DTD, 不收")
            size += len(chunk)
            if size > room:
                raise UnreadableTableError("展开后过大, 不像表格")
    return size
