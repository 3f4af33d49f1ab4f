"""/metrics in the format of Prometheus: counted when asked, no personal data, not for outside.

The only file that knows prometheus_client.
"""

import hmac
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.pulse import Pulse
from bot.wecom.lifeboat import Lifeboat
from bot.wecom.tally import Tally
from storage.board import Wanted
from storage.database import Database
from storage.errors import Unavailable
from storage.settings import LAST_BACKUP
from storage.work import Work

_DAY = timedelta(days=1)
_LOOPBACK = ("127.0.0.1", "::1")
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")
_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# Every name, its label ("" for none) and what it says: docs/metrics.md lists the same.
METRICS: dict[str, tuple[str, str]] = {
    "duban_database_up": ("", "1 while the database answers; else the counts below are missing"),
    "duban_beat_age_seconds": (
        "",
        "since a whole beat turned in this process; -1 before the first",
    ),
    "duban_inbox_waiting": ("", "callbacks that are kept and not carried out yet"),
    "duban_inbox_oldest_seconds": ("", "how long the oldest of them has waited; 0 without one"),
    "duban_outbox_late": ("", "messages that are due and have not left, without what is held"),
    "duban_outbox_oldest_seconds": ("", "how long the oldest of them has waited; 0 without one"),
    "duban_outbox_messages": ("state", "unsent messages, and those of the last 24 h, by state"),
    "duban_timers_pending": ("", "timers that are set"),
    "duban_cases_open": ("", "cases that are open"),
    "duban_cases_overdue": ("", "open cases whose nearest deadline has passed"),
    "duban_alarms": ("kind", "alarms that sound, by kind"),
    "duban_brakes_pulled": ("scope", "emergency brakes that are pulled, by what they hold"),
    "duban_trial": ("", "1 during a trial (试运行)"),
    "duban_audit_rows": ("", "the number of the last row of the audit chain"),
    "duban_backup_age_seconds": ("", "since the last backup was made; -1 where none is known"),
    "duban_callbacks": (
        "result",
        "callbacks since the start of this process, by what became of them",
    ),
    "duban_lifeboat_records": ("", "callbacks in the lifeboat, not home yet"),
    "duban_lifeboat_fill_ratio": ("", "how full the lifeboat is, 0 to 1"),
    "duban_disk_free_bytes": ("place", "free space where data lie"),
}


@dataclass(frozen=True, slots=True)
class Watched:
    """What is counted."""

    database: Database
    pulse: Pulse
    lifeboat: Lifeboat
    tally: Tally
    clock: Callable[[], datetime]
    places: Mapping[str, Path]  # where data lie, by a short name
    token: str = ""  # whoever shows it may ask from elsewhere


def build_metrics(watched: Watched) -> APIRouter:
    """Return the page. It answers this machine, or who shows the token; else 404."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Counted(watched))
    router = APIRouter(tags=["health"])

    @router.get("/metrics")
    def metrics(request: Request) -> Response:
        if not _may_ask(request, watched.token):
            return PlainTextResponse("没有这个页面\n", status_code=404)
        return Response(generate_latest(registry), media_type=_TYPE)

    return router


def _may_ask(request: Request, token: str) -> bool:
    shown = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(shown.encode(), token.encode()):
        return True
    # Behind a proxy everybody comes from loopback; then it says for whom.
    is_passed_on = any(name in request.headers for name in _FORWARDED)
    host = request.client.host if request.client is not None else ""
    return not token and not is_passed_on and host in _LOOPBACK


class _Counted(Collector):
    """Counts anew each time it is asked."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched

    def describe(self) -> Iterable[Metric]:
        """Nothing is counted before it is asked for."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Return every metric; without a database those of this process alone."""
        watched = self._watched
        found = dict(_of_process(watched))
        now = watched.clock()
        try:
            with watched.database.read() as work:
                found |= dict(_of_database(work, now))
            found["duban_database_up"] = 1
        except Unavailable:
            found["duban_database_up"] = 0
        for name, value in found.items():
            yield _family(name, value)


_Value = float | Mapping[str, float]


def _family(name: str, value: _Value) -> Metric:
    label, says = METRICS[name]
    if isinstance(value, Mapping):
        family = GaugeMetricFamily(name, says, labels=[label])
        for word, number in sorted(value.items()):
            family.add_metric([word], number)
        return family
    return GaugeMetricFamily(name, says, value=value)


def _of_process(watched: Watched) -> Iterator[tuple[str, _Value]]:
    age, state = watched.pulse.seconds_since_beat(), watched.lifeboat.state()
    yield "duban_beat_age_seconds", -1 if age is None else age
    yield "duban_callbacks", {"kept": 0, **watched.tally.totals()}
    yield "duban_lifeboat_records", state.records
    yield "duban_lifeboat_fill_ratio", state.size / state.max_size
    yield (
        "duban_disk_free_bytes",
        {
            name: shutil.disk_usage(place).free
            for name, place in watched.places.items()
            if place.exists()
        },
    )


def _of_database(work: Work, now: datetime) -> Iterator[tuple[str, _Value]]:
    yield "duban_inbox_waiting", work.inbox.waiting_count()
    yield "duban_inbox_oldest_seconds", _age(work.inbox.oldest_waiting(), now)
    yield "duban_outbox_late", work.outbox.late_count(now)
    yield "duban_outbox_oldest_seconds", _age(work.outbox.oldest_waiting(now), now)
    counts = work.outbox.counts(now - _DAY)
    yield "duban_outbox_messages", {state.value: count for state, count in counts.items()}
    yield "duban_timers_pending", work.timers.pending_count()
    yield "duban_cases_open", work.board.count(Wanted(sees_all=True))
    yield "duban_cases_overdue", work.board.count(Wanted(sees_all=True, due_before=now))
    yield "duban_alarms", _by(alarm.kind.split(":")[0] for alarm in work.alarms.sounding())
    yield "duban_brakes_pulled", _by(brake.scope.value for brake in work.brakes.pulled())
    yield "duban_trial", int(work.trials.current() is not None)
    head = work.audit.head()
    yield "duban_audit_rows", 0 if head is None else head.seq
    made = work.settings.get(LAST_BACKUP)
    last = datetime.fromisoformat(made) if isinstance(made, str) else None
    yield "duban_backup_age_seconds", -1 if last is None else _age(last, now)


def _age(since: datetime | None, now: datetime) -> float:
    return 0 if since is None else max(0.0, (now - since).total_seconds())


def _by(words: Iterable[str]) -> dict[str, float]:
    counts: dict[str, float] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts
