"""Cases, what was reported about them, who is responsible, and all that has happened."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from cases.model import ENDED, AssignmentState, Part, State
from storage.states import ReportKind
from storage.tables.base import BIG, JSON_VALUE, one_of, table_of

_ENDED = ", ".join(repr(state.value) for state in State if state in ENDED)
OPEN = text(f"state NOT IN ({_ENDED})")  # to be repeated word for word, else its index is not found
_MERGED = text("merged_into IS NOT NULL")
_DRILLED = text("drill IS NOT NULL")


class RulebookRow(SQLModel, table=True):
    """A numbered version of a rulebook; a case keeps the one it was registered under."""

    __tablename__ = "rulebook"
    __table_args__ = (
        UniqueConstraint("name", "number"),
        Index("ix_rulebook_in_force", "in_force"),  # asked for in every transaction
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str
    number: int
    content: dict[str, str] = Field(sa_type=JSON_VALUE)
    digest: str
    imported_at: datetime
    imported_by: str
    in_force: bool = False


class CaseNumberRow(SQLModel, table=True):
    """The last number given out on a day."""

    __tablename__ = "case_number"

    day: str = Field(primary_key=True)
    last: int


class CaseRow(SQLModel, table=True):
    """One case as it stands now."""

    __tablename__ = "case_file"
    __table_args__ = (
        UniqueConstraint("number"),
        Index(
            "ix_case_file_open",
            "id",
            "level",
            "proposed_level",
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index(
            "ix_case_file_merged_into",
            "merged_into",
            sqlite_where=_MERGED,
            postgresql_where=_MERGED,
        ),
        Index("ix_case_file_closed_at", "closed_at"),
        Index(
            "ix_case_file_drill",
            "drill",
            sqlite_where=_DRILLED,
            postgresql_where=_DRILLED,
        ),
        Index("ix_case_file_reported_at", "reported_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    number: str
    day: str
    seq: int
    title: str
    summary: str
    appeal: str
    platform: str
    source_media: str
    state: State = Field(sa_type=one_of(State, "state"))
    level: str | None = None
    proposed_level: str
    proposal: dict[str, object] = Field(sa_type=JSON_VALUE)
    proposed_unit: str | None = None
    plan: dict[str, object] | None = Field(default=None, sa_type=JSON_VALUE)
    reported_by: str
    reported_at: datetime
    event_at: datetime | None = None
    rulebook_id: int = Field(foreign_key="rulebook.id")
    lead_unit: str | None = None
    reporters: list[str] = Field(sa_type=JSON_VALUE)
    missing: list[str] = Field(sa_type=JSON_VALUE)
    returns: int = 0
    extensions: int = 0
    extension: dict[str, object] | None = Field(default=None, sa_type=JSON_VALUE)
    reports: int = 0
    verdict: str | None = None
    supervised: bool = False
    restricted: bool = False
    merged_into: str | None = None
    closed_at: datetime | None = None
    ending: str | None = None
    ended_from: str | None = None
    reopened: int = 0
    linked_to: str | None = None
    drill: int | None = Field(default=None, sa_type=BIG)  # the drill it belongs to
    version: int = 0
    response: dict[str, object] = Field(sa_type=JSON_VALUE)
    facts: dict[str, object] = Field(sa_type=JSON_VALUE)


class AssignmentRow(SQLModel, table=True):
    """One unit's part in a case; its id is given by the lifecycle."""

    __tablename__ = "assignment"

    id: int = Field(primary_key=True, sa_type=BIG, sa_column_kwargs={"autoincrement": False})
    case_id: int = Field(foreign_key="case_file.id", index=True, sa_type=BIG)
    unit_id: str
    part: Part = Field(sa_type=one_of(Part, "part"))
    state: AssignmentState = Field(sa_type=one_of(AssignmentState, "state"))
    assigned_by: str
    assigned_at: datetime
    signed_by: str | None = None
    signed_at: datetime | None = None
    demand: str = ""
    deadline: datetime | None = None
    handed_to: str | None = None
    hand_signed_at: datetime | None = None


class CaseListRow(SQLModel, table=True):
    """Many new cases that came within minutes, put to the office as one numbered list."""

    __tablename__ = "case_list"

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    opened_at: datetime
    shown: int = 0  # how many of its lines the office has been shown
    closed_at: datetime | None = None


class CaseListLineRow(SQLModel, table=True):
    """One case of such a list, under its number there."""

    __tablename__ = "case_list_line"

    list_id: int = Field(primary_key=True, foreign_key="case_list.id", sa_type=BIG)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    case_id: int = Field(foreign_key="case_file.id", unique=True, sa_type=BIG)
    settled_at: datetime | None = None
    hint: str | None = None  # what the office should see beside it


class CaseEventRow(SQLModel, table=True):
    """Something that happened to a case; never changed, folded to the case as it stands."""

    __tablename__ = "case_event"
    __table_args__ = (UniqueConstraint("case_id", "seq"), Index(None, "at"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    case_id: int = Field(foreign_key="case_file.id", sa_type=BIG)
    seq: int
    kind: str
    data: dict[str, object] = Field(sa_type=JSON_VALUE)
    by: str
    at: datetime
    message_key: str | None = None


class ReportRow(SQLModel, table=True):
    """One message that reported the case, or added to it; personal text is masked before."""

    __tablename__ = "report"

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    case_id: int = Field(foreign_key="case_file.id", index=True, sa_type=BIG)
    kind: ReportKind = Field(sa_type=one_of(ReportKind, "kind"))
    reporter: str
    at: datetime
    text: str
    message_key: str | None = None


class CaseLinkRow(SQLModel, table=True):
    """A link of a case."""

    __tablename__ = "case_link"
    __table_args__ = (UniqueConstraint("case_id", "link_key"), Index(None, "link_key"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    case_id: int = Field(foreign_key="case_file.id", sa_type=BIG)
    link_key: str
    url: str
    canonical: str
    platform: str
    kind: str
    item_id: str | None = None
    needs_expansion: bool = False
    author: str | None = None
    added_by: str
    at: datetime


class OpenLinkRow(SQLModel, table=True):
    """The link belongs to this open case, and to no other: gone when the case ends."""

    __tablename__ = "open_link"

    link_key: str = Field(primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True, sa_type=BIG)


class MetricRow(SQLModel, table=True):
    """A number somebody read off a page, and when; later ones never overwrite it."""

    __tablename__ = "metric"

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    case_id: int = Field(foreign_key="case_file.id", index=True, sa_type=BIG)
    name: str
    value: float
    text: str | None = None
    at: datetime
    by: str
    report_id: int | None = Field(default=None, foreign_key="report.id", sa_type=BIG)


RULEBOOK = table_of(RulebookRow)
CASE_NUMBER = table_of(CaseNumberRow)
CASE = table_of(CaseRow)
ASSIGNMENT = table_of(AssignmentRow)
CASE_LIST = table_of(CaseListRow)
CASE_LIST_LINE = table_of(CaseListLineRow)
CASE_EVENT = table_of(CaseEventRow)
REPORT = table_of(ReportRow)
CASE_LINK = table_of(CaseLinkRow)
OPEN_LINK = table_of(OpenLinkRow)
METRIC = table_of(MetricRow)

REAL = CASE.c.drill.is_(None)  # of no drill: whatever is counted counts only these
