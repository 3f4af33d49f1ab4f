"""What the office asks of a unit in the sentence that gives it a case: 交教体局, 查清食材来源."""

import re
from collections.abc import Iterable
from datetime import datetime

from cases.chat.times import find_moments

_CLAUSE = re.compile(r"[,，。;；\n]+")
_NUMBER = re.compile(r"^\s*(?:#|编号|第)?\s*(?:YQ-?)?[0-9][0-9-]*\s*(?:号件?|件)?\s*$")
_NUMBER_FIRST = re.compile(r"^\s*(?:#|编号)?\s*(?:YQ-?[0-9]{8}-?|[0-9]{4}-)?[0-9]{3}(?![0-9])")
_GRADES = re.compile(r"定(?:为|成)?.{0,4}(?:级|重大|较大|一般|轻微)|^\s*同意\s*$")
_BY_THEN = re.compile(
    r"^[\s请要务必须在于]*(?:前|之前|以前|内|之内)?"
    r"(?:请|要)?(?:签收|首报|反馈|回复|报告|报我|办结|完成|上报|回应|答复)?(?:情况|结果)?[\s!。]*$"
)
_LONGEST = 200
_SHORTEST = 2


def demand_in(words: str, names: Iterable[str], now: datetime) -> str:
    """Return what is asked, clause by clause; "" where the sentence only names unit and time.

    Args:
        words: the sentence.
        names: names and short names of units: a clause with one says who, not what.
        now: the moment it was said at, by which times are found.
    """
    known = [name for name in names if len(name) >= _SHORTEST]
    clauses = [clause.strip() for clause in _CLAUSE.split(words)]
    asked = [one for one in clauses if _asks(one, known, now)]
    return "，".join(asked)[:_LONGEST]


def _asks(clause: str, names: Iterable[str], now: datetime) -> bool:
    if len(clause) < _SHORTEST or any(name in clause for name in names):
        return False
    if _NUMBER.match(clause) or _NUMBER_FIRST.match(clause) or _GRADES.search(clause):
        return False
    rest = clause
    for moment in reversed(find_moments(clause, now)):
        rest = rest[: moment.start] + rest[moment.end :]
    return not _BY_THEN.match(rest)
