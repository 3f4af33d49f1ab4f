"""Small scenes, each about one kind of message: how it begins, the act under fault, its words."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from sqlalchemy import create_engine, text

from bench.faults.ground import Ground
from bench.faults.town import Town
from bot.demo.player import Expected
from bot.demo.processes import pause
from storage.engines import parse

WANG, LI, DUTY, DIRECTOR, LEADER = "wangxiaoyu", "lihang", "zhaomin", "sunlei", "zhouguohua"
LIAISON, CHIEF, CITY = "liuyang", "tangbo", "市城管局工作群"
LINK = "https://weibo.com/1234567890/P0w7ex6A{}"
TITLES = ("青禾路积水", "东街井盖破损", "河滨路垃圾成堆", "南门摊贩占道")


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene; `begin` is played without faults, `act` with the trap laid."""

    name: str
    begin: Callable[[Town], None]
    act: Callable[[Town], None]
    expected: Sequence[Expected]
    points: Sequence[str]
    may: Sequence[Expected] = ()  # what a race decides
    traps_start: bool = False  # the trap is laid before the service starts
    hits: Sequence[int] = (1, 2, 3)


def _e(to: str, words: str) -> Expected:
    return Expected(to, words)


def report_one(town: Town, nth: int, who: str = WANG) -> None:
    town.say_in_turn(who, f"微博 {TITLES[nth]} {LINK.format(nth)}")


def _reports(count: int) -> Callable[[Town], None]:
    def begin(town: Town) -> None:
        for nth in range(count):
            report_one(town, nth, (WANG, LI)[nth % 2])
        town.settle()

    return begin


def _registered(nth: int, who: str) -> list[Expected]:
    """Who reports hears of it, and the office; the director in a text and on a card."""
    office = [_e(to, TITLES[nth]) for to in (DIRECTOR, DIRECTOR, DUTY) if to != who]
    return [_e(who, f"《微博 {TITLES[nth]}》\n建议"), *office]


def _reported(count: int) -> list[Expected]:
    return [one for nth in range(count) for one in _registered(nth, (WANG, LI)[nth % 2])]


def _assigned(number: str, level: str = "二级") -> list[Expected]:
    told = [_e(DIRECTOR, f"{number} 已定{level}"), _e(LIAISON, f"【交办】{number}")]
    told += [_e(CITY, f"【交办】{number}")]
    if level == "二级":
        told += [_e(to, f"【通报】{number}") for to in (LEADER, CHIEF)]
    return told


def _nothing(_town: Town) -> None:
    pass


def _hear(town: Town) -> None:
    for who, number in (
        (WANG, "001"),
        (LI, "002"),
        (DUTY, "001"),
        (DIRECTOR, "002"),
        (WANG, "001"),
    ):
        town.say(who, f"查 {number}")


HEARD = [_e(who, "待定级") for who in (WANG, LI, DUTY, DIRECTOR, WANG)]


def _forward(town: Town) -> None:
    for nth, who in enumerate((WANG, LI, DUTY)):
        town.say(who, f"微博 {TITLES[nth]} {LINK.format(nth)}")


def _assign(town: Town) -> None:
    for number, level in (("001", "二级"), ("002", "三级"), ("003", "二级")):
        town.say_in_turn(DIRECTOR, f"{number} 定{level}, 交城管局")


def _with_orders(town: Town) -> None:
    _reports(3)(town)
    for number in ("001", "002", "003"):
        town.say_in_turn(DIRECTOR, f"{number} 定二级, 交城管局")
    town.settle()


def _remind(town: Town) -> None:
    town.jump("10:34")


def _settle(town: Town) -> None:
    """The reminders leave; the unit answers while they are still warm: they are called back."""
    town.jump("10:34")
    town.wait_for(LIAISON, "签收时限", 3)
    for number in ("001", "002", "003"):
        town.say(LIAISON, f"收到 {number}")


def _withdraw(town: Town) -> None:
    """The cases end in the very second in which their reminders fall due."""
    town.jump("10:34")
    for number in ("001", "002", "003"):
        town.say(DIRECTOR, f"撤回 {number}, 误报")


def _withdrawn(number: str, who: str) -> list[Expected]:
    to = [_e(one, f"【已撤回】{number}") for one in (who, DUTY, LIAISON)]
    return [*to, _e(DIRECTOR, f"{number} 已撤回")]


def _digest(town: Town) -> None:
    town.jump("10:33")


def _evening(town: Town) -> None:
    town.jump("18:05")


def _in_doubt(town: Town) -> None:
    town.faults(
        {"match": "message/send", "times": 2, "fault": "execute_and_timeout"},
        {"match": "message/send", "times": 2, "fault": "errcode:-1"},
        {"match": "message/send", "times": 1, "fault": "bad_json"},
    )
    _hear(town)


def _token(town: Town) -> None:
    town.sandbox("POST", "/sandbox/token/revoke", {"expired": True})
    _hear(town)


def _lifeboat(town: Town) -> None:
    """The database takes nothing for two seconds; who speaks meanwhile goes into the boat."""
    with held(town.ground):
        _forward(town)
        pause(2.2)


@contextmanager
def held(ground: Ground) -> Iterator[None]:
    """Hold what callbacks are written to, as another program might."""
    engine = create_engine(parse(ground.stage.database_url), isolation_level="AUTOCOMMIT")
    with ExitStack() as ending:
        ending.callback(engine.dispose)
        connection = ending.enter_context(engine.connect())
        if ground.server is None:
            connection.execute(text("BEGIN IMMEDIATE"))
        else:
            connection.execute(text("BEGIN"))
            connection.execute(text("LOCK TABLE inbox IN EXCLUSIVE MODE"))
        try:
            yield
        finally:
            connection.execute(text("ROLLBACK"))


def _stop(town: Town) -> None:
    """Asked to end while answers are on their way."""
    _hear(town)
    town.ask_to_end()


def _form(points: Sequence[str], form: str) -> list[str]:
    return [f"{point}@{form}" for point in points]


_CALLBACK = [f"callback.{one}" for one in ("accepted", "body_read", "envelope_read", "decrypted")]
_KEEP = [f"keep.{one}" for one in ("open", "inbox_inserted", "before_commit", "after_commit")]
_WORKER = ["worker.claimed", "worker.opened", "worker.heard"]
_ACT = [f"act.{one}" for one in ("open", "outbox_written", "before_commit", "after_commit")]
_CLAIM = [f"claim.{one}" for one in ("open", "before_commit", "after_commit")]
SEND = [
    f"send.{one}" for one in ("guarded", "half_written", "written", "headers_read", "body_parsed")
]
MARK = [f"mark.{one}" for one in ("open", "before_commit", "after_commit")]
_RING = [
    f"ring.{one}"
    for one in (
        *("open", "locked", "outbox_written", "timers_written", "audit_written", "one_rung"),
        *("before_commit", "after_commit"),
    )
]
_GATHER = [f"gather.{one}" for one in ("open", "outbox_written", "before_commit", "after_commit")]
_AGAIN = [f"ring.{one}" for one in ("locked", "one_rung", "before_commit", "after_commit")]

SCENES: tuple[Scene, ...] = (
    Scene(
        "text",
        _reports(2),
        _hear,
        [*_reported(2), *HEARD],
        [
            *_CALLBACK,
            *_KEEP,
            *("group.one_told", "callback.answered"),
            *_WORKER,
            *_ACT,
            *_CLAIM,
            *_form(SEND, "text"),
            *_form(MARK, "text"),
        ],
    ),
    Scene(
        "card",
        _nothing,
        _forward,
        [*_registered(0, WANG), *_registered(1, LI), *_registered(2, DUTY)],
        [
            *("act.timers_written", "act.audit_written", "send.connected"),
            *_form(SEND, "card"),
            *_form(MARK, "card"),
        ],
    ),
    Scene(
        "robot",
        _reports(3),
        _assign,
        [*_reported(3), *_assigned("001"), *_assigned("002", "三级"), *_assigned("003")],
        [
            *("act.timers_cancelled", "act.outbox_cancelled"),
            *_form(SEND, "robot"),
            *_form(MARK, "robot"),
        ],
    ),
    Scene(
        "reminder",
        _with_orders,
        _remind,
        [
            *_reported(3),
            *(one for number in ("001", "002", "003") for one in _assigned(number)),
            *[_e(LIAISON, "签收时限")] * 3,
        ],
        ["beat.due_selected", *_RING, *_form(SEND, "text"), *_form(MARK, "text")],
    ),
    Scene(
        "closure",
        _with_orders,
        _settle,
        [
            *_reported(3),
            *(one for number in ("001", "002", "003") for one in _assigned(number)),
            *[_e(LIAISON, "签收时限")] * 3,
            *(_e(LIAISON, f"已签收 {number}") for number in ("001", "002", "003")),
            *(_e(to, f"【已签收】{n}") for n in ("001", "002", "003") for to in (DUTY, DIRECTOR)),
        ],
        ["act.timers_cancelled", "act.outbox_cancelled", "act.after_commit", "recall.sent"],
    ),
    Scene(
        "race",
        _with_orders,
        _withdraw,
        [
            *_reported(3),
            *(one for number in ("001", "002", "003") for one in _assigned(number)),
            *(
                one
                for n, w in (("001", WANG), ("002", LI), ("003", WANG))
                for one in _withdrawn(n, w)
            ),
        ],
        ["act.before_commit", "act.after_commit", "claim.after_commit", "ring.after_commit"],
        may=[_e(LIAISON, "签收时限")] * 3,
    ),
    Scene(
        "digest",
        _reports(4),
        _digest,
        [*_reported(4), _e(DUTY, "【提醒汇总】4 件")],
        [*_AGAIN, *_GATHER, *_form(SEND, "digest"), *_form(MARK, "digest")],
        hits=(1,),
    ),
    Scene(
        "broadcast",
        _nothing,
        _evening,
        [_e(to, "【晚报】") for to in (DIRECTOR, DUTY, "admin", CITY)],
        [
            *_form(_AGAIN[:2], "晚报"),
            *_AGAIN[2:],
            *_form(SEND, "broadcast"),
            *_form(MARK, "broadcast"),
        ],
    ),
    Scene(
        "doubt",
        _reports(2),
        _in_doubt,
        [*_reported(2), *HEARD],
        ["send.unknown_recorded", "send.retry_scheduled", "send.written", "claim.after_commit"],
    ),
    Scene(
        "token",
        _reports(2),
        _token,
        [*_reported(2), *HEARD],
        ["send.token_missing", "send.token_stored"],
        hits=(1,),
    ),
    Scene(
        "lifeboat",
        _nothing,
        _lifeboat,
        [*_registered(0, WANG), *_registered(1, LI), *_registered(2, DUTY)],
        [
            *("lifeboat.written", "lifeboat.synced", "replay.read", "replay.kept"),
            *("replay.before_emptied", "replay.emptied"),
        ],
        may=[_e("admin", "")] * 6,
        hits=(1, 2),
    ),
    Scene(
        "shutdown",
        _reports(2),
        _stop,
        [*_reported(2), *HEARD],
        ["stop.part"],
        hits=(1, 3, 5, 7, 8),
    ),
    Scene(
        "anchor",
        _reports(2),
        _stop,
        [*_reported(2), *HEARD],
        ["anchor.head_read", "anchor.written"],  # the last one, when it is asked to end
        hits=(1,),
    ),
    Scene(
        "start",
        _nothing,
        _forward,
        [*_registered(0, WANG), *_registered(1, LI), *_registered(2, DUTY)],
        ["anchor.head_read", "other.before_commit", "other.after_commit"],
        traps_start=True,
    ),
)
