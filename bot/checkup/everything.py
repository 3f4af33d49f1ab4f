"""All checks of one installation in the order in which they are read."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.checkup import machine, office, platform
from bot.checkup.finding import Check, Finding, Verdict, ok
from bot.clocks import Clocks
from bot.service import CALLBACK_PATH, Line
from bot.wecom.client import WeComClient
from cases.holidays import Overrides
from cases.people import Person
from handlers.people_events import last_received
from storage.database import Database
from storage.errors import Unavailable
from storage.work import Work


@dataclass(frozen=True, slots=True)
class Facts:
    """What an installation is made of, as the configuration has it."""

    database: Database
    line: Line
    clocks: Clocks
    base_url: str  # the public address; "" where none is set
    days_off: Overrides
    folders: Mapping[str, Path]  # what must be writable, by its name
    warnings: tuple[str, ...]  # of the configuration


def findings_of(facts: Facts, *, sends: bool) -> Iterator[Finding]:
    """Check everything; `sends` also posts to groups and sends a card to each key person."""
    yield from _guarded(_here(facts))
    try:
        is_current = facts.database.is_current()
    except Unavailable:
        return  # said already; without a database there is no token and no directory
    if not is_current:
        yield Finding(
            "数据库结构",
            Verdict.BAD,
            "数据库还没有建好, 或不是最新结构",
            "程序读不懂旧结构",
            "先启动一次服务, 或运行 python main.py migrate",
        )
        return
    yield from _guarded(_of_office(facts))
    yield from _guarded(_of_line(facts, sends=sends))


def _guarded(checks: Iterable[Check]) -> Iterator[Finding]:
    for check in checks:
        try:
            yield from check()
        except Unavailable as fault:
            yield Finding(
                "数据库", Verdict.BAD, f"数据库没有应答: {fault}", "查不下去", "检查数据库"
            )


def _here(facts: Facts) -> Iterator[Check]:
    file = facts.database.file
    yield partial(_configuration, facts.warnings)
    yield partial(machine.disk, [*facts.folders.values(), *filter(None, [file])])
    yield partial(machine.folders, facts.folders)
    yield partial(machine.modes, [*facts.folders.values(), *filter(None, [file])])
    yield machine.time_zone
    yield partial(machine.database, facts.database, file)


def _configuration(warnings: tuple[str, ...]) -> Iterator[Finding]:
    for warning in warnings:
        yield Finding("配置", Verdict.WARN, warning, "密钥可能被同机的其他程序看到", "改用文件")
    if not warnings:
        yield ok("配置", "没有问题")


def _of_office(facts: Facts) -> Iterator[Check]:
    database, now = facts.database, facts.clocks.engine()

    def looking(look: "partial[Iterator[Finding]]") -> Check:
        def check() -> list[Finding]:
            with database.read() as work:
                return list(look(work))

        return check

    yield partial(office.holidays, now, facts.days_off)
    yield looking(partial(office.directory))
    yield looking(partial(_roster, now))
    yield looking(partial(office.alarms))
    yield looking(partial(office.tenant))


def _roster(now: datetime, work: Work) -> Iterator[Finding]:
    return office.roster(work, now)


def _of_line(facts: Facts, *, sends: bool) -> Iterator[Check]:
    line = facts.line
    client = WeComClient(
        line.account, database=facts.database, clock=facts.clocks.real, robots=line.robots
    )
    with facts.database.read() as work:
        people = work.people.people()
        pressed = {one.userid: last_received(work, one.userid) for one in people}
    reached = platform.Reached(
        client=client,
        agent_id=int(line.account.agent_id),
        keyring=line.keyring,
        address=f"{facts.base_url}{CALLBACK_PATH}" if facts.base_url else "",
        robots=tuple(line.robots),
        people=people,
        now=facts.clocks.real(),
    )
    try:
        reaching = list(platform.clock(reached))
        yield lambda: reaching
        if reaching[0].verdict is Verdict.BAD:
            return  # not reached: every other question would say so again
        yield partial(platform.token, reached)
        yield partial(platform.visible, reached)
        yield partial(platform.callback, reached)
        yield partial(platform.robots, reached, sends=sends)
        if sends:
            yield partial(platform.key_people, reached, secrets.token_hex(4))
        yield partial(_pressed, people, pressed)
    finally:
        client.close()


def _pressed(people: Iterable[Person], pressed: Mapping[str, str]) -> Iterator[Finding]:
    """Who has pressed the doctor's button, and when: shown, never held against anybody."""
    said = [f"{one.name} {pressed[one.userid][:10]}" for one in people if pressed[one.userid]]
    if said:
        yield ok("已按按钮", "、".join(said))
