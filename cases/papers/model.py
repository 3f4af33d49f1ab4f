"""A paper as content: fields, prose, tables and figures, each fact there or marked 待补."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

WANTED = "\u3014待补\u3015"  # stands where a fact is not known: never invented
LONGEST = 8000  # characters of one text in a paper
_NO_KEY = re.compile(r"[^0-9A-Za-z_\u4e00-\u9fff]")
_NONCHARACTERS = frozenset({"\ufffe", "\uffff"})


class Kind(StrEnum):
    """A paper; the value is what officers call it."""

    HANDLING_FORM = "处置表"
    NOTE = "提示单"
    ASSIGNMENT = "交办单"
    URGING = "催办单"
    SUPERVISION = "督办单"
    ENDING = "办结单"
    FIRST_REPORT = "快报"
    LATER_REPORT = "续报"
    LAST_REPORT = "终报"
    UPWARD = "特报"
    SPECIAL = "专报"
    REVIEW = "复盘"
    DAILY = "日报"
    WEEKLY = "周报"
    MONTHLY = "月简报"
    LEDGER = "台账"
    BULLETIN = "通报"
    DRILL = "演练结果"

    @property
    def is_of_case(self) -> bool:
        """Whether it is about one case; else about a period, or a drill."""
        return self not in _PERIODICAL


_PERIODICAL = frozenset(
    {Kind.DAILY, Kind.WEEKLY, Kind.MONTHLY, Kind.LEDGER, Kind.BULLETIN, Kind.DRILL}
)


class Form(StrEnum):
    """A form of file that a paper is printed in."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"


FORMS = dict.fromkeys(Kind, (Form.PDF, Form.DOCX)) | {Kind.LEDGER: (Form.XLSX,)}


def key_of(label: str) -> str:
    """Return the name by which a template speaks of a field: its label without punctuation."""
    return _NO_KEY.sub("", label)


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `is_wanted`: empty is a gap to be filled, not simply nothing."""

    label: str
    text: str = ""
    is_wanted: bool = True
    is_open: bool = False  # people's own judgement: may be written over

    @property
    def key(self) -> str:
        """The name by which a template speaks of it."""
        return key_of(self.label)

    @property
    def is_missing(self) -> bool:
        """Whether it has to be asked for."""
        return self.is_wanted and not self.text

    @property
    def shown(self) -> str:
        """What is printed."""
        return self.text or (WANTED if self.is_wanted else "")


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields under one heading, as the rows of a form."""

    heading: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """A section of running text."""

    field: Field
    is_letter: bool = False  # printed without its heading: the body of a letter


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `weights`: how wide its columns are beside each other."""

    heading: str
    columns: tuple[str, ...]
    weights: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    nothing: str = "无。"  # said where there is no row

    @property
    def key(self) -> str:
        """The name by which a template speaks of its rows."""
        return key_of(self.heading)


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing, as SVG, with what it shows in words."""

    heading: str
    svg: str
    caption: str = ""

    @property
    def key(self) -> str:
        """The name by which a template speaks of it."""
        return key_of(self.heading)


Section = Fields | Prose | Table | Figure


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper, ready to be printed in any form."""

    kind: Kind
    head: str  # 舆情特报: in red above a letter, above the frame of a form
    title: str
    number: str  # YQ-20261120-007, or 2026年第47周
    issuer: str
    date: str  # 2026年11月20日
    sections: tuple[Section, ...]
    to: str = ""  # whom it addresses
    sources: tuple[str, ...] = ()  # the cases behind it, by number
    version: int = 1
    note: str = ""  # 知悉范围, or that it is a draft

    def fields(self) -> Iterator[Field]:
        """Yield every field, those of prose included."""
        for section in self.sections:
            match section:
                case Fields(fields=fields):
                    yield from fields
                case Prose(field=one):
                    yield one
                case _:
                    continue

    @property
    def missing(self) -> tuple[str, ...]:
        """The labels of what has to be asked for."""
        return tuple(one.label for one in self.fields() if one.is_missing)


def filled(paper: Paper, given: Mapping[str, str]) -> Paper:
    """Return the paper with what people have given for its gaps, and their own judgements.

    Args:
        paper: as the facts have it.
        given: texts by the key of the field. A fact that is known is not written over.
    """

    def one(was: Field) -> Field:
        text = given.get(was.key, "")
        return replace(was, text=text) if text and (was.is_open or not was.text) else was

    def section(was: Section) -> Section:
        match was:
            case Fields(fields=fields):
                return replace(was, fields=tuple(one(each) for each in fields))
            case Prose(field=field_):
                return replace(was, field=one(field_))
            case _:
                return was

    return replace(paper, sections=tuple(section(was) for was in paper.sections))


def fillable(paper: Paper, said: str) -> Field | None:
    """Return the field that somebody names, None where none may be filled under that name."""
    key = key_of(said)
    may = [one for one in paper.fields() if one.is_open or one.is_missing]
    exact = next((one for one in may if one.key == key), None)
    return exact or next((one for one in may if key and key in one.key), None)


def fit(text: str, limit: int = LONGEST) -> str:
    """Return outside text as it can stand in any file: no control, direction or half characters.

    Line breaks stay. Every format refuses or obeys some of them: XML holds no NUL, a mark of
    direction turns a line round, a bell begins a paragraph in templates.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(_fit(one) for one in plain)
    return kept if len(kept) <= limit else f"{kept[: limit - 1]}…"


def _fit(one: str) -> str:
    category = unicodedata.category(one)
    if one == "\n":
        return one
    if category in {"Cf", "Cn", "Co"} or one in _NONCHARACTERS:
        return ""
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    return "\ufffd" if category == "Cs" else one
