"""PDF by typst, of which only this file knows: data goes in as JSON and is shown as text.

No font of the machine and no package of the network is used, so a page looks the same everywhere.
"""

import json
import re
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import typst

from bot.papers.glyphs import FONTS, marked
from cases.drawing.svg import FONT as PAGE_FONTS
from cases.drawing.svg import escaped, width_of
from cases.papers.model import Fields, Figure, Kind, Paper, Prose, Section, Table

_TEMPLATE = Path(__file__).with_name("paper.typ")
_FAMILY = "Noto Serif SC"
_FORMS = frozenset({Kind.HANDLING_FORM})
_SHORT = {True: 14, False: 11}  # widths of a character: a field that has room beside another
_LONG_LABEL = 8
_RUN = re.compile(r"[!-~]{24,}")  # what has no place to break a line at
_EVERY = 12
_ZERO_WIDTH = "\u200b"
_CHINA = timezone(timedelta(hours=8))


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )


def print_pdf(paper: Paper, at: datetime) -> tuple[bytes, str]:
    """Return the paper as PDF/A, and the characters for which the font has no shape.

    Args:
        paper: what is printed.
        at: the moment written into the file; the same paper and moment give the same bytes.
    """
    is_form = paper.kind in _FORMS
    data = {
        "style": "form" if is_form else "letter",
        "head": paper.head,
        "title": paper.title,
        "number": paper.number,
        "version": str(paper.version),
        "issuer": paper.issuer,
        "date": paper.date,
        "to": paper.to,
        "note": paper.note,
        "sections": [_section(one, short=_SHORT[is_form]) for one in paper.sections],
    }
    shown, lost = _checked(data)
    made = typst.Compiler(
        _TEMPLATE.read_bytes(),
        root=str(FONTS),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(shown, ensure_ascii=False)},
    ).compile(
        format="pdf", pdf_standards="a-2b", timestamp=at.astimezone(_CHINA).replace(microsecond=0)
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single file")
    return made, lost


def picture(svg: str, ppi: float = 150) -> bytes:
    """Return a drawing as PNG, for where SVG cannot stand."""
    data = {"svg": _drawing(svg)}
    source = (
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        '#image(bytes(sys.inputs.svg), format: "svg", width: 160mm)'
    )
    made = typst.Compiler(
        source.encode(),
        root=str(FONTS),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=data,
    ).compile(format="png", ppi=ppi)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single picture")
    return made


def _drawing(svg: str) -> str:
    return marked(svg.replace(escaped(PAGE_FONTS), _FAMILY))[0]


def _section(section: Section, short: int) -> dict[str, object]:
    match section:
        case Fields(heading=heading):
            return {"kind": "fields", "heading": heading, "rows": _rows(section, short)}
        case Prose(field=one, is_letter=is_letter):
            heading = "" if is_letter else one.label
            return {"kind": "prose", "heading": heading, "text": one.shown}
        case Table(heading=heading):
            return {
                "kind": "table",
                "heading": heading,
                "columns": list(section.columns),
                "weights": list(section.weights),
                "rows": [list(row) for row in section.rows],
                "nothing": section.nothing,
            }
        case Figure(heading=heading, svg=svg, caption=caption):
            return {"kind": "figure", "heading": heading, "svg": svg, "caption": caption}


def _rows(section: Fields, short: int) -> list[list[str]]:
    """Two short fields stand side by side; a long one has the width of the page."""
    rows: list[list[str]] = []
    for one in section.fields:
        pair = [one.label, one.shown]
        if (
            rows
            and len(rows[-1]) == len(pair)
            and all(_is_short(one[0], one[1], short) for one in (pair, rows[-1]))
        ):
            rows[-1] += pair
        else:
            rows.append(pair)
    return rows


def _is_short(label: str, text: str, short: int) -> bool:
    return len(label) <= _LONG_LABEL and "\n" not in text and width_of(text, 1) <= short


def _checked(value: object, key: str = "") -> tuple[object, str]:
    """Return the data with unprintable characters marked and long words given places to break."""
    if isinstance(value, dict):
        done = {name: _checked(one, str(name)) for name, one in value.items()}
        lost = "".join(part for _, part in done.values())
        return {name: one for name, (one, _) in done.items()}, _once(lost)
    if isinstance(value, list):
        parts = [_checked(one) for one in value]
        return [one for one, _ in parts], _once("".join(part for _, part in parts))
    if not isinstance(value, str):
        return value, ""
    if key == "svg":
        return _drawing(value), ""
    shown, lost = marked(value)
    return _RUN.sub(_breakable, shown), lost


def _once(characters: str) -> str:
    return "".join(dict.fromkeys(characters))


def _breakable(match: re.Match[str]) -> str:
    word = match[0]
    return _ZERO_WIDTH.join(word[n : n + _EVERY] for n in range(0, len(word), _EVERY))
