"""Papers as files: hostile text stays text in every format, and a second library can open them."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import docx
import openpyxl
import pytest
import python_calamine

from bench.papers.pictures import collisions, pages, text_of
from bot.papers.glyphs import FONT, LOST, known_to, marked
from bot.papers.maker import print_paper
from bot.papers.outlines import outlines
from bot.papers.pdf import picture, print_pdf
from bot.papers.word import BadTemplateError, Templates, print_docx
from bot.papers.word_templates import write_templates
from cases.cells import Table as Cells
from cases.cells import cell_text
from cases.drawing.charts import Bar, bars
from cases.papers.facts import said
from cases.papers.handling_form import handling_form
from cases.papers.model import Field, Figure, Kind, Paper, Prose, Table
from config.paper_settings import SHIPPED
from handlers.papers.content import Sheet
from tests.support.paper_facts import after

AT = datetime(2026, 11, 20, 8, 0, 0, 123456, tzinfo=UTC)  # as clocks give it: to the microsecond
SHIPS = Templates(SHIPPED)
HOSTILE = [
    '=HYPERLINK("http://evil.example")',
    "=cmd|'/C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "{=1+1}",
    "#REF!",
    "http://evil.example",
    "\x00\x0b\ud800\uffff正文",
    "</w:t></w:r></w:p><w:p><w:r><w:t>INJECTED",
    "a<b & c",
    "{{ 7*7 }}",
    "{% for x in y %}",
    "{%p if 1 %}",
    '#panic("x") *x* $x$ @preview/x',
    "\u202egnp.exe",
    "]]><script>alert(1)</script>",
    "名" * 300,
    "a" * 300,
    "\a换段\f换页",
]


def hostile_paper() -> Paper:
    """One paper that carries the whole corpus, in each of its parts."""
    texts = [said(one) for one in HOSTILE]
    return Paper(
        Kind.WEEKLY,
        head="网络舆情周报",
        title=texts[10],
        number="2026年第47周",
        issuer="云溪市舆情办",
        date="2026年11月20日",
        sections=(
            Prose(Field("一、总量", "\n".join(texts))),
            Figure("逐日情况", bars(texts[10], [Bar(one, 3) for one in texts[:12]])),
            Table(
                "二、分级", ("名称", "件数", "占比"), (6, 2, 2), tuple((t, t, "1") for t in texts)
            ),
            Table("三、平台", ("名称", "件数", "占比"), (6, 2, 2), ()),
            Table("四、单位", ("名称", "件数", "占比"), (6, 2, 2), ()),
            Table("五、签收、首报、回应、办结时效", ("环节",) * 4, (1, 1, 1, 1), ()),
            Table("六、典型", ("编号",) * 5, (1, 1, 1, 1, 1), ()),
            Table("七、下期到期与超时", ("编号",) * 4, (1, 1, 1, 1), ()),
            Prose(Field("八、下期风险研判", texts[12])),
            Table("附：数字来源", ("数字",) * 3, (1, 1, 1), ()),
        ),
    )


def joined(words: str) -> str:
    return re.sub(r"[\s\u200b\ufffe\u0002]", "", words)


def test_f04_hostile_text_stays_text_in_word() -> None:
    raw, trouble = print_docx(hostile_paper(), SHIPS)
    assert trouble == ""
    document = docx.Document(io.BytesIO(raw))
    texts = [said(one) for one in HOSTILE]
    table = next(t for t in document.tables if t.rows[0].cells[0].text == "名称")
    assert [row.cells[0].text for row in table.rows[1:]] == texts
    whole = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "{{ 7*7 }}" in whole
    assert "49" not in whole
    assert [p.text for p in document.paragraphs if p.text == "INJECTED"] == []
    names = zipfile.ZipFile(io.BytesIO(raw)).namelist()
    assert not [name for name in names if "vba" in name.lower()]


def test_hostile_text_stays_text_in_pdf() -> None:
    raw, lost = print_pdf(hostile_paper(), AT)
    whole = joined("".join(text_of(raw)))
    for one in HOSTILE[10:16]:
        assert joined(said(one)) in whole
    assert lost == "\ufffd"
    assert LOST in whole
    for risky in (b"/JavaScript", b"/Launch", b"/URI", b"/EmbeddedFile"):
        assert risky not in raw


def test_f01_f03_every_cell_of_the_ledger_is_a_text() -> None:
    rows = tuple((cell_text(one), cell_text("x" * 40_000)) for one in HOSTILE)
    made = print_paper(
        Sheet(Cells("台账 [2026]:*?/", "ledger", ("标题", "链接"), rows), ()), SHIPS, AT
    )
    raw = next(iter(made.files.values()))
    sheet = openpyxl.load_workbook(io.BytesIO(raw)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert sheet.cell(3, 1).quotePrefix
    read = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0)
    assert [row[0] for row in read.to_python()[2:]] == [row[0] for row in rows]


@pytest.mark.parametrize("paper", outlines(), ids=lambda one: one.kind.name)
def test_each_kind_is_printed_and_opened_by_another_library(paper: Paper) -> None:
    made = print_paper(paper, SHIPS, AT)
    assert made.notes == ""
    files = {form.value: raw for form, raw in made.files.items()}
    written = "".join(text_of(files["pdf"]))
    assert joined(paper.head) in joined(written)
    for one in paper.fields():
        assert joined(one.label) in joined(written) or one.label == "正文", one.label
    document = docx.Document(io.BytesIO(files["docx"]))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    whole = "\n".join([*(p.text for p in document.paragraphs), *cells])
    assert paper.title in whole
    assert "{{" not in whole
    assert "{%" not in whole
    for one in paper.fields():
        assert one.shown.split("\n")[0] in whole


def test_no_page_runs_over_its_margins() -> None:
    raw, _ = print_pdf(hostile_paper(), AT)
    for width, height, pixels in pages(raw, scale=0.5):
        edge = int(width * 0.04)
        for y in range(height):
            line = pixels[4 * width * y : 4 * width * (y + 1)]
            assert min(line[: 4 * edge]) > 200
            assert min(line[4 * (width - edge) :]) > 200


def test_the_same_paper_at_the_same_moment_is_the_same_file() -> None:
    paper = handling_form(after(hours=4))
    assert print_pdf(paper, AT) == print_pdf(paper, AT)


def test_what_the_font_lacks_is_marked_and_named() -> None:
    assert marked("张\U00020bb7喆😀") == (f"张{LOST}喆{LOST}", "\U00020bb7😀")
    paper = replace(handling_form(after(hours=4)), title="𠮷野家")
    made = print_paper(paper, SHIPS, AT)
    assert "𠮷 (U+20BB7)" in made.notes
    document = docx.Document(
        io.BytesIO(next(raw for form, raw in made.files.items() if form == "docx"))
    )
    assert any("𠮷野家" in p.text for p in document.paragraphs)


def test_the_font_covers_what_offices_write() -> None:
    for low in range(0xA1, 0xFF):
        for high in range(0xB0, 0xF8):
            try:
                one = bytes([high, low]).decode("gb2312")
            except UnicodeDecodeError:
                continue
            assert ord(one) in known_to(FONT), one
    assert marked("镕堃甯喆昇珺䶮\u3014\u3015—…①№℃")[1] == ""


def test_a_font_that_cannot_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    bad = tmp_path / "x.ttf"
    bad.write_bytes(b"\0\1\0\0\0\0" + b"\0" * 6)
    with pytest.raises(ValueError, match="no cmap"):
        known_to(bad)


def test_a_drawing_becomes_a_picture_for_word() -> None:
    raw = picture(bars("件数", [Bar("市城管局", 3), Bar("]]><script>", 1)]))
    assert raw.startswith(b"\x89PNG")
    assert len(raw) > 2_000


def test_the_shipped_templates_are_what_the_program_makes(tmp_path: Path) -> None:
    made = write_templates(outlines(), tmp_path)
    assert {path.name for path in made} == {path.name for path in SHIPPED.glob("*.docx")}
    for path in made:
        assert _body(path) == _body(SHIPPED / path.name), path.name


def _body(path: Path) -> bytes:
    return zipfile.ZipFile(path).read("word/document.xml")


def own(folder: Path, words: str) -> Templates:
    document = docx.Document()
    document.add_paragraph(words)
    document.save(str(folder / "处置表.docx"))
    return Templates(SHIPPED, folder)


def test_the_office_uses_its_own_template(tmp_path: Path) -> None:
    raw, trouble = print_docx(
        handling_form(after(hours=4)), own(tmp_path, "本局 {{ 标题 }} {{ 文号 }}")
    )
    assert trouble == ""
    texts = [p.text for p in docx.Document(io.BytesIO(raw)).paragraphs]
    assert texts == ["本局 青禾路积水 YQ-20261120-007"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("{{ 标题党 }}", "没有叫 {{ 标题党 }} 的内容"),
        ("{{ 标题 ", "花括号里的写法不对"),
        ("{{ 标题.__class__.__mro__ }}", "花括号里的写法不对"),
        ("{% for x in 标题 %}", "花括号里的写法不对"),
    ],
)
def test_a_bad_template_is_named_and_the_shipped_one_is_used(
    tmp_path: Path, words: str, why: str
) -> None:
    raw, trouble = print_docx(handling_form(after(hours=4)), own(tmp_path, words))
    assert "模板 处置表.docx 用不了" in trouble
    assert why in trouble
    assert "管理员" in trouble
    assert len(docx.Document(io.BytesIO(raw)).tables) == 5


def changed(folder: Path, part: str, content: str) -> Templates:
    """The office's template with one part put into it, or put in place of what was there."""
    templates = own(folder, "本局 {{ 标题 }}")
    path = folder / "处置表.docx"
    with zipfile.ZipFile(path) as archive:
        held = {one.filename: archive.read(one) for one in archive.infolist()}
    held[part] = content.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, raw in held.items():
            archive.writestr(name, raw)
    return templates


BODY = "<w:document xmlns:w='w'><w:body><w:p>{}</w:p></w:body></w:document>"
OUTSIDE = '<Relationships><Relationship Id="r1" Target="{}" TargetMode="External"/></Relationships>'


@pytest.mark.parametrize(
    ("part", "content", "why"),
    [
        ("word/vbaProject.bin", "macro", "带宏"),
        ("word/embeddings/oleObject1.bin", "object", "嵌入的对象"),
        ("word/_rels/settings.xml.rels", OUTSIDE.format("http://10.0.0.1/a.dotm"), "外部"),
        ("word/_rels/document.xml.rels", OUTSIDE.format("file:///etc/passwd"), "外部"),
        ("word/document.xml", BODY.format("<w:instrText>DDEAUTO c:/cmd</w:instrText>"), "域"),
        ("word/footer9.xml", BODY.format("<w:fldSimple w:instr='INCLUDETEXT \"/etc/x\"'/>"), "域"),
        ("word/document.xml", "<!DOCTYPE x [<!ENTITY a 'aa'>]>" + BODY.format("&a;"), "文档类型"),
        ("../../outside.xml", "x", "路径"),
    ],
)
def test_f05_a_template_that_runs_reads_or_reaches_outside_is_named_and_not_used(
    tmp_path: Path, part: str, content: str, why: str
) -> None:
    raw, trouble = print_docx(handling_form(after(hours=4)), changed(tmp_path, part, content))
    assert "模板 处置表.docx 用不了" in trouble
    assert why in trouble
    assert len(docx.Document(io.BytesIO(raw)).tables) == 5  # the one that ships


@pytest.mark.parametrize(
    "words",
    [
        "{{ 标题.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% for a in range(1000000000) %}a{% endfor %}",
    ],
)
def test_f05_a_template_can_ask_for_nothing_but_what_the_paper_says(
    tmp_path: Path, words: str
) -> None:
    raw, trouble = print_docx(handling_form(after(hours=4)), own(tmp_path, words))
    assert "模板 处置表.docx 用不了" in trouble
    assert len(docx.Document(io.BytesIO(raw)).tables) == 5


def test_f05_a_template_that_others_may_change_is_not_used(tmp_path: Path) -> None:
    templates = own(tmp_path, "本局 {{ 标题 }}")
    (tmp_path / "处置表.docx").chmod(0o666)
    assert "chmod go-w" in print_docx(handling_form(after(hours=4)), templates)[1]
    (tmp_path / "处置表.docx").chmod(0o644)
    assert print_docx(handling_form(after(hours=4)), templates)[1] == ""


def test_what_is_no_word_file_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "处置表.docx").write_bytes(b"not a zip")
    paper = handling_form(after(hours=4))
    assert "不是能读的 Word 文件" in print_docx(paper, Templates(SHIPPED, tmp_path))[1]
    with zipfile.ZipFile(tmp_path / "处置表.docx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/document.xml", b"0" * (60 * 1024 * 1024))
    assert "文件太大" in print_docx(paper, Templates(SHIPPED, tmp_path))[1]
    with pytest.raises(BadTemplateError):
        print_docx(paper, Templates(tmp_path))


def test_a_cell_that_runs_over_its_edge_is_seen_by_the_check_of_pages() -> None:
    wide = Table("表", ("编号", "说明"), (1, 12), (("YQ20261120001" * 2, "长" * 60),))
    narrow = replace(outlines()[0], sections=(wide,))
    assert list(collisions(print_pdf(narrow, AT)[0]))
    even = replace(wide, weights=(8, 4))
    assert not list(collisions(print_pdf(replace(narrow, sections=(even,)), AT)[0]))
