"""Which cases are counted: one condition for statistics, broadcasts and papers."""

from sqlalchemy import ColumnElement

from cases.model import State
from storage.tables.cases import CASE, REAL


def counted() -> list[ColumnElement[bool]]:
    """What a case must be to be counted.

    One that was merged into another is not: the other stands for both. Nor is one that was
    withdrawn (误报), nor one of a drill (演练).
    """
    return [REAL, CASE.c.state.not_in((State.MERGED, State.WITHDRAWN))]
