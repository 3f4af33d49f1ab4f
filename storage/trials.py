"""The trial (试运行): everything is computed and written, only the office is spoken to.

What others would have been told waits in the outbox, so that whatever makes it unwanted still
cancels it; when the trial ends it is cancelled with a reason, never sent late.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, String, and_, cast, func, or_, select, update

from cases.people import Role
from storage.columns import columns_for, read_as
from storage.settings import SettingStore
from storage.states import Channel, OutboxState
from storage.tables.messages import ATTEMPT, OUTBOX, UNSENT
from storage.tables.people import PERSON
from storage.tables.system import SETTING

SPOKEN_TO = (Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR, Role.ADMINISTRATOR)
_ANSWER = 1  # whoever types hears an answer
_NOW, _ENDED = "trial.now", "trial.ended"
TRIAL = select(SETTING.c.value).where(SETTING.c.key == _NOW)
_MERGED = "并入汇总"  # said in another message, which is counted itself


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial under way."""

    since: datetime
    by: str
    listed_until: datetime  # up to when the office has been given the list


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A message that would have left if this were no trial."""

    id: int
    kind: str
    channel: Channel
    recipient: str
    priority: int
    reason: str
    case_id: int | None
    first_at: datetime


class TrialStore:
    """The trial in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._trial: Trial | None = None
        self.was_read = False

    def current(self) -> Trial | None:
        """The trial under way, or None."""
        if not self.was_read:
            self.found(self._get(_NOW))
        return self._trial

    def found(self, value: object) -> None:
        """Somebody has read what is kept of the trial under way (`TRIAL`), with something else."""
        self._trial = _trial_of(value) if isinstance(value, dict) else None
        self.was_read = True

    def ended(self) -> bool:
        """Whether a trial has been ended here: the configuration does not begin it again."""
        return self._get(_ENDED) is not None

    def begin(self, by: str, now: datetime) -> bool:
        """Speak to the office alone from now on; False where a trial is under way."""
        if self.current() is not None:
            return False
        self._keep(Trial(now, by, now))
        return True

    def listed(self, until: datetime) -> None:
        """Note up to when the office has been given the list."""
        trial = self.current()
        if trial is not None:
            self._keep(Trial(trial.since, trial.by, until))

    def end(self, by: str, now: datetime) -> None:
        """Speak to everybody from now on."""
        self._put(_NOW, None)
        self._put(_ENDED, {"at": now.isoformat(), "by": by})
        self._trial, self.was_read = None, True

    def condition(self) -> ColumnElement[bool] | None:
        """What the trial holds, as a condition on the outbox; None while there is no trial."""
        return None if self.current() is None else _to_others()

    def unsaid(self, since: datetime, until: datetime) -> list[Unsaid]:
        """What would have left in that time, in order; what its case made needless included."""
        never_tried = ~select(ATTEMPT.c.id).where(ATTEMPT.c.outbox_id == OUTBOX.c.id).exists()
        is_merged = func.coalesce(OUTBOX.c.ended_reason, "") == _MERGED
        wanted = select(*columns_for(OUTBOX, Unsaid)).where(
            OUTBOX.c.first_at > since,
            OUTBOX.c.first_at <= until,
            OUTBOX.c.state.in_([OutboxState.NEW, OutboxState.RETRY, OutboxState.CANCELLED]),
            _to_others(),
            never_tried,
            ~is_merged,
        )
        rows = self._connection.execute(wanted.order_by(OUTBOX.c.first_at, OUTBOX.c.id))
        return [read_as(Unsaid, row) for row in rows]

    def waiting(self) -> list[Unsaid]:
        """What the trial holds now, in order."""
        wanted = select(*columns_for(OUTBOX, Unsaid)).where(UNSENT, _to_others())
        rows = self._connection.execute(wanted.order_by(OUTBOX.c.first_at, OUTBOX.c.id))
        return [read_as(Unsaid, row) for row in rows]

    def drop(self, reason: str) -> int:
        """Cancel all that the trial holds, with the reason; return how many."""
        gone = update(OUTBOX).where(UNSENT, _to_others())
        gone = gone.values(
            state=OutboxState.CANCELLED, ended_reason=reason, lease_until=None, owner=None
        )
        return self._connection.execute(gone).rowcount

    def _keep(self, trial: Trial) -> None:
        moments = {"since": trial.since, "listed_until": trial.listed_until}
        value = {name: moment.isoformat() for name, moment in moments.items()}
        self._put(_NOW, value | {"by": trial.by})
        self._trial, self.was_read = trial, True

    def _get(self, key: str) -> object | None:
        return SettingStore(self._connection).get(key)

    def _put(self, key: str, value: object) -> None:
        SettingStore(self._connection).put(key, value)


def _trial_of(value: dict[str, object]) -> Trial:
    since, until = str(value["since"]), str(value["listed_until"])
    return Trial(datetime.fromisoformat(since), str(value["by"]), datetime.fromisoformat(until))


def _to_others() -> ColumnElement[bool]:
    """What is said to anybody but the office, save answers to whoever types."""
    roles = cast(PERSON.c.roles, String)
    is_office = or_(*(roles.contains(f'"{role.value}"') for role in SPOKEN_TO))
    office = select(PERSON.c.userid).where(PERSON.c.active, is_office)
    to_office = and_(
        OUTBOX.c.channel.in_([Channel.APP, Channel.AIBOT]),
        func.lower(OUTBOX.c.recipient).in_(office),
    )
    return and_(OUTBOX.c.priority > _ANSWER, ~to_office)
