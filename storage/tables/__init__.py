"""The tables, as SQLModel classes; each file also names their Core tables for plain statements."""

from sqlmodel import SQLModel

from storage.tables import (
    board,
    cards,
    cases,
    clocks,
    duty,
    intake,
    learning,
    messages,
    people,
    robot,
    system,
    talk,
)

METADATA = SQLModel.metadata

__all__ = [
    "METADATA",
    "board",
    "cards",
    "cases",
    "clocks",
    "duty",
    "intake",
    "learning",
    "messages",
    "people",
    "robot",
    "system",
    "talk",
]
