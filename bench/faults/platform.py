"""The platform fails in every way it knows; the clock jumps. Small scenes, both databases."""

from collections.abc import Callable
from datetime import timedelta

from bench.faults.ground import STARTS
from bench.faults.records import Experiment
from bench.faults.scenes import LIAISON, SCENES, Scene
from bench.faults.stand import Stand, conclude
from bench.faults.town import Town
from bot.demo.player import Expected
from bot.demo.processes import pause

# Not among them: what the platform itself loses (callback_lost, silent_drop) and a recipient it
# does not know (partial_invaliduser); those have tests of their own.
FAULTS = (
    *("http500", "timeout_before", "execute_and_timeout", "rst_after_headers", "slow:2"),
    *("bad_json", "html_page", "errcode:-1", "errcode:40014", "errcode:42001", "errcode:45009"),
    *("errcode:45033", "token_revoked_early", "callback_twice", "callback_late:1"),
)
_JUMPED = (
    "Under the strobe (ten jumps a second between 10:14 and 10:34) the sender reads the clock once "
    "more just before each request; the judge reads the platform's time, so that a jump back in "
    "the millisecond on the way would be counted as early."
)
_WORST = ("execute_and_timeout", "bad_json", "http500", "errcode:-1", "errcode:45009")
_SCENES = ("text", "card", "robot")


def platform_faults(stand: Stand, seed: int) -> Experiment:
    """Each fault meets the first two requests of the act, in three scenes."""
    found = Experiment(
        "platform-faults",
        "The platform fails",
        "python -m bench.faults platform-faults",
        str(seed),
        compressed="while retries are awaited the shared clock is moved on by seconds",
    )
    for engine in stand.engines():
        for scene in (one for one in SCENES if one.name in _SCENES):
            for fault in FAULTS if scene.name == "text" else _WORST:
                _one(stand, found, engine, scene, fault)
    return found


def _one(stand: Stand, found: Experiment, engine: str, scene: Scene, fault: str) -> None:
    ground = stand.ground(engine)
    town = Town(stand.nursery, ground)
    scene.begin(town)
    match = "callback" if fault.startswith("callback") else "send"
    town.faults({"match": match, "times": 2, "fault": fault})
    scene.act(town)
    tally = found.tally(engine)
    conclude(town, tally, f"{scene.name} {fault}", list(scene.expected), list(scene.may))


def clock_jumps(stand: Stand, seed: int) -> Experiment:
    """The wall clock jumps while reminders and messages wait."""
    found = Experiment(
        "clock-jumps",
        "The clock jumps",
        "python -m bench.faults clock-jumps",
        str(seed),
        promises=("P1", "P2", "P3", "P4", "P5", "P6"),
        compressed="the jumps themselves; the program's own clock seam is moved (no libfaketime): "
        "the file with the offset that the engine, the door and the sandbox read",
        notes=[_JUMPED],
    )
    for engine in stand.engines():
        for name, jump in _JUMPS.items():
            for speaks in (False, True):
                _jump(stand, found, (engine, name, jump), speaks=speaks)
    return found


Jump = Callable[[Town], None]


def _forward(town: Town) -> None:
    town.go(STARTS + timedelta(days=1))


def _back(town: Town) -> None:
    """Reminders leave, then the clock goes back an hour: nothing leaves again."""
    town.jump("10:34")
    town.wait_for(LIAISON, "签收时限", 3)
    town.jump("9:34")
    pause(1)
    town.settle()
    town.jump("10:35")


def _strobe(town: Town) -> None:
    for nth in range(30):
        town.jump("10:34" if nth % 2 else "10:14")
        pause(0.1)
    town.jump("10:35")  # what a beat at 10:34:00.2 wanted said is not due before that


_JUMPS: dict[str, Jump] = {
    "forward a day": _forward,
    "back an hour": _back,
    "strobe of 20 minutes": _strobe,
}
_REMINDED = next(one for one in SCENES if one.name == "reminder")


def _jump(stand: Stand, found: Experiment, what: tuple[str, str, Jump], *, speaks: bool) -> None:
    engine, name, jump = what
    town = Town(stand.nursery, stand.ground(engine))
    _REMINDED.begin(town)
    if speaks:
        town.say("wangxiaoyu", "查 001")
        town.settle()
    jump(town)
    town.settle()
    expected: list[Expected] | None = [
        *_REMINDED.expected,
        *([Expected("wangxiaoyu", "001")] if speaks else []),
    ]
    if "day" in name:  # a day of ladders rings at once: judged by what the tables wanted said
        expected = None
    said = " after an answer" if speaks else ""
    conclude(town, found.tally(engine), name + said, expected, [])
