"""Tables as files: Excel with every word of people kept a word, and CSV that guards them."""

import csv
import io

import xlsxwriter

from cases.cells import Table, guarded

_WIDEST = 60  # characters of a column
_WIDE = 14
_BOM = "\ufeff"  # without it Excel reads Chinese as something else


def as_xlsx(table: Table, mark: str) -> bytes:
    """Return the table as an Excel file: no formula, no link, the watermark on top and in print."""
    held = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(held, options) as book:
        book.set_properties({"title": table.name, "comments": mark})
        words = book.add_format({"quote_prefix": True, "text_wrap": True, "valign": "top"})
        head = book.add_format({"bold": True, "bottom": 1, "quote_prefix": True})
        faint = book.add_format({"font_color": "#5A6673", "quote_prefix": True})
        sheet = book.add_worksheet("导出")
        sheet.write_string(0, 0, f"{table.name} · 共 {len(table.rows)} 行 · {mark}", faint)
        for column, name in enumerate(table.heads):
            sheet.write_string(1, column, name, head)
            sheet.set_column(column, column, _width(table, column))
        for nth, row in enumerate(table.rows, start=2):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(nth, column, cell)
                else:
                    sheet.write_string(nth, column, cell, words)
        sheet.freeze_panes(2, 0)
        sheet.repeat_rows(1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{_in_footer(mark)}&R&P/&N")
    return held.getvalue()


def as_csv(table: Table, mark: str) -> bytes:
    """Return the table as CSV in UTF-8; the watermark is the last line."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\r\n")
    writer.writerow(table.heads)
    for row in table.rows:
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    writer.writerow([guarded(f"{table.name} 共 {len(table.rows)} 行 {mark}")])
    return f"{_BOM}{held.getvalue()}".encode()


def _width(table: Table, column: int) -> int:
    longest = max((len(str(row[column])) for row in table.rows[:200]), default=0)
    return min(_WIDEST, max(_WIDE, longest * 2))


def _in_footer(words: str) -> str:
    # & begins a command there; a footer holds 255 characters.
    return words.replace("&", "&&")[:200]
