"""The intelligent robot's own: who its encrypted ids are, and which replica holds its line."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables.base import table_of


class LeaseRow(SQLModel, table=True):
    """Something that one replica at a time may hold."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    owner: str
    epoch: int  # one more with each new holder
    until: datetime


class RobotUserRow(SQLModel, table=True):
    """A person as an intelligent robot names them; the platform is asked for the userid."""

    __tablename__ = "robot_user"

    open_id: str = Field(primary_key=True)
    userid: str | None = None  # None: not asked yet, or nobody the platform knows
    asked_at: datetime | None = None  # when the platform last answered
    wanted_at: datetime | None = Field(default=None, index=True)  # to be asked then
    tries: int = 0


LEASE = table_of(LeaseRow)
ROBOT_USER = table_of(RobotUserRow)
