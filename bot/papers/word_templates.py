"""Makes the Word templates that ship, from the papers themselves; only this file knows python-docx.

An office edits its copies in Word: a text in double braces is replaced by what the paper says.
"""

from collections.abc import Iterable
from pathlib import Path

from docx import Document
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table as DocxTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from cases.papers.model import Fields, Figure, Kind, Paper, Prose, Section, Table

_BODY, _BOLD, _LATIN = "仿宋", "黑体", "Times New Roman"
_RED = RGBColor(0xC8, 0x16, 0x1D)
_SMALL, _NORMAL, _TITLE, _HEAD = Pt(10.5), Pt(14), Pt(18), Pt(30)
_MARGINS = {False: (Cm(2.7), Cm(2.5), Cm(2.8)), True: (Cm(1.8), Cm(1.8), Cm(2.0))}


def name_of(kind: Kind) -> str:
    """Return the file name of a kind's template."""
    return f"{kind.value}.docx"


def write_templates(papers: Iterable[Paper], folder: Path) -> list[Path]:
    """Write one template for each paper into a folder; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for paper in papers:
        path = folder / name_of(paper.kind)
        _template(paper).save(str(path))
        made.append(path)
    return made


def _template(paper: Paper) -> Docx:
    document = Document()
    is_form = paper.kind is Kind.HANDLING_FORM
    style = document.styles["Normal"]
    style.font.name, style.font.size = _LATIN, _SMALL if is_form else _NORMAL
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _BODY)
    _speaks_chinese(style.element.get_or_add_rPr())
    style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(0), 1.35
    _page(document, is_form=is_form)
    _head(document, is_form=is_form)
    for section in paper.sections:
        _section(document, section)
    if not is_form:
        _add(
            document, "{{ 发文单位 }}", WD_ALIGN_PARAGRAPH.RIGHT
        ).paragraph_format.space_before = Pt(24)
        _add(document, "{{ 成文日期 }}", WD_ALIGN_PARAGRAPH.RIGHT)
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "督办", paper.kind.value, ""
    return document


def _speaks_chinese(looks: BaseOxmlElement) -> None:
    """Punctuation stands as in mainland China; without it some programs set it as elsewhere."""
    language = OxmlElement("w:lang")
    for name, value in (("val", "en-US"), ("eastAsia", "zh-CN")):
        language.set(qn(f"w:{name}"), value)
    looks.append(language)


def _page(document: Docx, *, is_form: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin, section.top_margin = _MARGINS[is_form]
    section.bottom_margin = section.top_margin
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(foot, "{{ 文号 }} · 第{{ 版次 }}版　{{ 知悉范围 }}　— ", size=Pt(9))
    _page_number(foot)
    _run(foot, " —", size=Pt(9))


def _page_number(paragraph: Paragraph) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no fields


def _head(document: Docx, *, is_form: bool) -> None:
    centre = WD_ALIGN_PARAGRAPH.CENTER
    if is_form:
        _add(document, "{{ 公文名称 }}", centre, size=_TITLE, font=_BOLD)
        _add(document, "{{ 文题 }}　　{{ 成文日期 }}", size=_SMALL)
        return
    _add(document, "{{ 公文名称 }}", centre, size=_HEAD, font=_BOLD, colour=_RED)
    line = _add(document, "{{ 文号 }}　　{{ 发文单位 }}　{{ 成文日期 }}", centre, size=Pt(11))
    _red_line(line)
    title = _add(document, "{{ 文题 }}", centre, size=_TITLE, font=_BOLD)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(12)
    _add(document, "{%p if 主送 %}")
    _add(document, "{{ 主送 }}：")
    _add(document, "{%p endif %}")


def _red_line(paragraph: Paragraph) -> None:
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "4"), ("color", "C8161D")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)  # noqa: SLF001 - nor borders of paragraphs


def _section(document: Docx, section: Section) -> None:
    match section:
        case Fields():
            _fields(document, section)
        case Prose(field=one, is_letter=is_letter):
            if not is_letter:
                _heading(document, one.label)
            body = _add(document, f"{{{{ {one.key} }}}}")
            body.paragraph_format.first_line_indent = _NORMAL * 2
        case Table():
            _heading(document, section.heading)
            _table(document, section)
        case Figure():
            _add(document, f"{{%p if {section.key} %}}")
            _heading(document, section.heading)
            _add(document, f"{{{{ {section.key} }}}}", WD_ALIGN_PARAGRAPH.CENTER)
            _add(document, "{%p endif %}")


def _heading(document: Docx, words: str) -> None:
    heading = _add(document, words, font=_BOLD)
    heading.paragraph_format.keep_with_next = True
    heading.paragraph_format.space_before = Pt(6)


def _fields(document: Docx, section: Fields) -> None:
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    head = table.add_row().cells
    merged = head[0].merge(head[1])
    _write(merged, section.heading, font=_BOLD)
    merged.paragraphs[0].paragraph_format.keep_with_next = True
    for one in section.fields:
        label, value = table.add_row().cells
        _write(label, one.label)
        _write(value, f"{{{{ {one.key} }}}}")
    _widths(table, (3, 10))
    for row in table.rows:
        _keep_whole(row._tr)  # noqa: SLF001 - python-docx has no such property of rows
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _table(document: Docx, section: Table) -> None:
    table = document.add_table(rows=4, cols=len(section.columns))
    table.style = "Table Grid"
    for cell, words in zip(table.rows[0].cells, section.columns, strict=True):
        _write(cell, words, font=_BOLD)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001 - likewise
    _write(table.rows[1].cells[0], f"{{%tr for 行 in {section.key} %}}")
    for nth, cell in enumerate(table.rows[2].cells):
        _write(cell, f"{{{{ 行[{nth}] }}}}")
    _write(table.rows[3].cells[0], "{%tr endfor %}")
    _widths(table, section.weights)
    for row in table.rows:
        _keep_whole(row._tr)  # noqa: SLF001 - likewise


def _keep_whole(row: object) -> None:
    row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # type: ignore[attr-defined]


def _widths(table: DocxTable, weights: Iterable[int]) -> None:
    shares = list(weights)
    table.autofit = False
    widths = [int(Cm(15.8) * share / sum(shares)) for share in shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width  # some programs go by the grid, others by the cells
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = sum(widths) if row.cells[0]._tc is row.cells[-1]._tc else width  # noqa: SLF001 - one merged cell


def _write(cell: _Cell, words: str, *, font: str = _BODY) -> None:
    cell.paragraphs[0].paragraph_format.line_spacing = 1.15
    _run(cell.paragraphs[0], words, size=_SMALL, font=font)


def _add(  # noqa: PLR0913 - how a paragraph looks, by name
    document: Docx,
    words: str,
    align: WD_ALIGN_PARAGRAPH | None = None,
    *,
    size: Pt | None = None,
    font: str = _BODY,
    colour: RGBColor | None = None,
) -> Paragraph:
    paragraph = document.add_paragraph()
    if align is not None:
        paragraph.alignment = align
    run = _run(paragraph, words, size=size, font=font)
    run.font.color.rgb = colour
    return paragraph


def _run(paragraph: Paragraph, words: str, *, size: Pt | None = None, font: str = _BODY) -> Run:
    run = paragraph.add_run(words)
    run.font.name, run.font.size = _LATIN, size
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001 - East Asian fonts have no property
    return run
