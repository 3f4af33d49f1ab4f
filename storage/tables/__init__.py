"""The tables, as SQLModel classes; each file also names their Core tables for plain statements."""

from sqlmodel import SQLModel

from storage.tables import (
    admin,
    board,
    cards,
    cases,
    clocks,
    duty,
    intake,
    kept,
    learning,
    messages,
    papers,
    people,
    robot,
    system,
    talk,
)

METADATA = SQLModel.metadata

__all__ = [
    "METADATA",
    "admin",
    "board",
    "cards",
    "cases",
    "clocks",
    "duty",
    "intake",
    "kept",
    "learning",
    "messages",
    "papers",
    "people",
    "robot",
    "system",
    "talk",
]
