"""What the running system remembers of itself: audit, tokens, budgets, alarms, small facts."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from storage.states import BrakeScope
from storage.tables.base import BIG, JSON_VALUE, one_of, table_of

_SOUNDING = text("ended_at IS NULL")
_PULLED = text("released_at IS NULL")


class AuditRow(SQLModel, table=True):
    """One link of the audit chain (R17). Only ever inserted."""

    __tablename__ = "audit"

    seq: int = Field(primary_key=True, sa_type=BIG, sa_column_kwargs={"autoincrement": False})
    at: datetime
    actor: str
    role: str
    action: str
    object_type: str
    object_id: str
    result: str
    details: dict[str, object] = Field(sa_type=JSON_VALUE)
    algorithm: str
    prev_hash: str
    hash: str


class TokenRow(SQLModel, table=True):
    """An access token of the platform, refreshed by one at a time."""

    __tablename__ = "token"

    name: str = Field(primary_key=True)
    value: str
    expires_at: datetime
    version: int
    refreshing_until: datetime | None = None


class BudgetRow(SQLModel, table=True):
    """How much was said lately under one key, counted in slots of the window."""

    __tablename__ = "budget"

    key: str = Field(primary_key=True)
    slots: list[list[int]] = Field(sa_type=JSON_VALUE)  # [slot number, how many], oldest first


class AlarmRow(SQLModel, table=True):
    """Something the office or the administrator must see."""

    __tablename__ = "alarm"
    __table_args__ = (
        Index(
            "uq_alarm_sounding",
            "kind",
            "text",
            unique=True,
            sqlite_where=_SOUNDING,
            postgresql_where=_SOUNDING,
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    kind: str
    text: str
    at: datetime
    last_at: datetime
    ended_at: datetime | None = None
    count: int = 1


class BrakeRow(SQLModel, table=True):
    """An emergency brake (紧急暂停): messages that are held, never clocks or intake."""

    __tablename__ = "brake"
    __table_args__ = (
        Index(
            "uq_brake_pulled",
            "scope",
            "what",
            unique=True,
            sqlite_where=_PULLED,
            postgresql_where=_PULLED,
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    scope: BrakeScope = Field(sa_type=one_of(BrakeScope, "scope"))
    what: str  # a unit's id, a place in the order of leaving, a moment; "" of all
    since: datetime
    by: str
    reason: str
    released_at: datetime | None = None
    released_by: str | None = None


class SettingRow(SQLModel, table=True):
    """A small fact of the running system."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True)
    value: object = Field(sa_type=JSON_VALUE)


AUDIT = table_of(AuditRow)
TOKEN = table_of(TokenRow)
BUDGET = table_of(BudgetRow)
ALARM = table_of(AlarmRow)
BRAKE = table_of(BrakeRow)
SETTING = table_of(SettingRow)
