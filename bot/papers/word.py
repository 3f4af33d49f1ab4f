"""Word files from templates an office can edit; only this file knows docxtpl.

Everything outside is escaped before it comes into the file. A template of the office that cannot
be used is named, with what is wrong in it, and the one that ships is used.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from bot.papers.pdf import picture
from bot.papers.template_checks import UnfitTemplateError, must_be_plain
from cases.papers.model import Fields, Figure, Paper, Prose, Section, Table

_FIGURE_WIDTH = 152 * 36_000  # 152 mm in the units of Word
# What Jinja and python-docx answer to a template that is no good, beside words of their own.
_FAULTS = (
    *(ValueError, LookupError, TypeError, ArithmeticError, AttributeError, SyntaxError),
    *(RecursionError, MemoryError, OSError, zipfile.BadZipFile),
)
_PARAGRAPH = "\a"  # docxtpl begins a paragraph here; `fit` lets no such character in


class BadTemplateError(Exception):
    """A template that cannot be used; the text says what to mend in it."""


@dataclass(frozen=True, slots=True)
class Templates:
    """Where templates lie: those that ship, and the office's own, which go first."""

    shipped: Path
    own: Path | None = None


def print_docx(paper: Paper, templates: Templates) -> tuple[bytes, str]:
    """Return the paper as DOCX, and what was wrong with the office's own template, "" if nothing.

    Raises:
        BadTemplateError: the template that ships is at fault.
    """
    name = f"{paper.kind.value}.docx"
    trouble = ""
    if templates.own is not None and (own := templates.own / name).is_file():
        try:
            return _filled(paper, own), ""
        except BadTemplateError as fault:
            trouble = f"模板 {name} 用不了: {fault}。这次用了自带的模板, 请管理员改好。"
    return _filled(paper, templates.shipped / name), trouble


def _filled(paper: Paper, path: Path) -> bytes:
    try:
        must_be_plain(path)
    except UnfitTemplateError as fault:
        raise BadTemplateError(str(fault)) from fault
    environment = SandboxedEnvironment(undefined=StrictUndefined)
    out = io.BytesIO()
    try:
        template = DocxTemplate(str(path))
        said = _said(paper, template)
        names = template.get_undeclared_template_variables(environment)
        if unknown := sorted(names - said.keys()):
            shown = "、".join(f"{{{{ {one} }}}}" for one in unknown[:5])
            raise BadTemplateError(f"没有叫 {shown} 的内容")
        template.render(said, environment, autoescape=True)
        template.save(out)
    except (TemplateError, *_FAULTS) as fault:
        raise BadTemplateError(_why(fault)) from fault
    return out.getvalue()


def _why(fault: Exception) -> str:
    if isinstance(fault, TemplateError):
        return f"花括号里的写法不对 ({fault.message or type(fault).__name__})"
    return f"不是能读的 Word 文件 ({type(fault).__name__})"


def _said(paper: Paper, template: DocxTemplate) -> dict[str, object]:
    """Return what the names in a template stand for."""
    said: dict[str, object] = {
        "公文名称": paper.head,
        "文题": paper.title,
        "文号": paper.number,
        "发文单位": paper.issuer,
        "成文日期": paper.date,
        "主送": paper.to,
        "知悉范围": paper.note,
        "版次": str(paper.version),
    }
    for section in paper.sections:
        said |= _of_section(section, template)
    return said | {name: "" for name in _FIGURES if name not in said}


_FIGURES = ("走势图", "各环节用时", "逐日情况", "主办单位件数")


def _of_section(section: Section, template: DocxTemplate) -> Mapping[str, object]:
    match section:
        case Fields(fields=fields):
            return {one.key: one.shown for one in fields}
        case Prose(field=one):
            return {one.key: one.shown.replace("\n", _PARAGRAPH)}
        case Table(rows=rows):
            nothing = (section.nothing, *[""] * (len(section.columns) - 1))
            return {section.key: [list(row) for row in rows or (nothing,)]}
        case Figure(svg=svg):
            drawn = io.BytesIO(picture(svg))
            return {section.key: InlineImage(template, drawn, width=_FIGURE_WIDTH)}
