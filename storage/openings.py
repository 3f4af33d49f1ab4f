"""Who has opened the page of a case: what 已点开 rests on."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from storage.columns import insert_into
from storage.tables.board import OPENING

_AGAIN = timedelta(minutes=1)  # a page looked at again so soon is not written down again


class OpeningStore:
    """Openings in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_known(self, case_id: int, userid: str, now: datetime) -> bool:
        """Whether it stands there already that the person looked at the case just now."""
        mine = select(OPENING.c.last_at).where(
            OPENING.c.case_id == case_id, OPENING.c.userid == userid
        )
        last = self._connection.execute(mine).scalar_one_or_none()
        return last is not None and abs(now - last) < _AGAIN

    def add(self, case_id: int, userid: str, now: datetime) -> None:
        """The person has opened the page of the case."""
        first = insert_into(self._connection, OPENING).values(
            case_id=case_id, userid=userid, first_at=now, last_at=now
        )
        again = first.on_conflict_do_update(
            index_elements=["case_id", "userid"], set_={"last_at": first.excluded.last_at}
        )
        self._connection.execute(again)

    def of_case(self, case_id: int) -> Mapping[str, tuple[datetime, datetime]]:
        """When each person opened the case, first and last, by userid."""
        mine = select(OPENING.c.userid, OPENING.c.first_at, OPENING.c.last_at).where(
            OPENING.c.case_id == case_id
        )
        return {row[0]: (row[1], row[2]) for row in self._connection.execute(mine)}
