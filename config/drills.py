"""Drills (演练场景) as an institution has written them down, one TOML file each."""

from datetime import datetime
from pathlib import Path

from cases.drills.scenario import CASE, Scenario, Step
from cases.people import Role
from config.checking import SettingsError, Table, read_table

SHIPPED = Path(__file__).with_name("drills")
_FASTEST = 360  # six hours of a drill in one minute: faster, and nobody can answer
_LONGEST = 7 * 24 * 60
_MOST_STEPS = 50
_LONGEST_TEXT = 1000  # characters somebody says in one step
_ACTORS = (
    Role.INFORMANT,
    Role.DUTY_OFFICER,
    Role.OFFICE_DIRECTOR,
    Role.DEPUTY_LEADER,
    Role.CHIEF_LEADER,
)


def load_drills(folder: Path = SHIPPED) -> tuple[Scenario, ...]:
    """Read every scenario of a folder, in the order of the files' names.

    Raises:
        SettingsError: with every fault of all of them at once.
    """
    faults: list[str] = []
    scenarios = []
    for path in sorted(folder.glob("*.toml")):
        own: list[str] = []
        scenarios.append(_scenario(read_table(path, own)))
        faults += [f"{path.name}: {fault}" for fault in own]
    called = [word for one in scenarios for word in (one.name, *one.aliases)]
    faults += [f"演练「{word}」写了两次" for word in sorted(set(called)) if called.count(word) > 1]
    if faults:
        raise SettingsError(faults)
    return tuple(scenarios)


def load_drill(path: Path) -> Scenario:
    """Read one scenario.

    Raises:
        SettingsError: with every fault of it.
    """
    faults: list[str] = []
    scenario = _scenario(read_table(path, faults))
    if faults:
        raise SettingsError([f"{path.name}: {fault}" for fault in faults])
    return scenario


def _scenario(table: Table) -> Scenario:
    scenario = Scenario(
        name=table.text("name"),
        about=table.text("about"),
        aliases=table.texts("aliases"),
        starts=_moment(table, table.text("starts", "")),
        speed=table.number("speed", 1),
        lasts=table.number("lasts"),
        steps=tuple(_step(one) for one in table.tables("step")),
    )
    table.done()
    if not 1 <= scenario.speed <= _FASTEST:
        table.faults.append(f"speed 应在 1 到 {_FASTEST} 之间")
    if not 0 < scenario.lasts <= _LONGEST:
        table.faults.append(f"lasts 应在 1 到 {_LONGEST} 分钟之间")
    _check_steps(scenario, table.faults)
    return scenario


def _check_steps(scenario: Scenario, faults: list[str]) -> None:
    after = [step.after for step in scenario.steps]
    if not 0 < len(after) <= _MOST_STEPS:
        faults.append(f"[[step]] 应有 1 到 {_MOST_STEPS} 步")
    if after != sorted(after) or any(not 0 <= one < scenario.lasts for one in after):
        faults.append("[[step]] 的 after 应由早到晚排列, 都在 lasts 之内")
    if scenario.steps and CASE in scenario.steps[0].says:
        faults.append(f"第 1 个 [[step]] 应是上报, 其时还没有件, 不能写 {CASE}")


def _step(table: Table) -> Step:
    who = table.text("by")
    role = next((role for role in _ACTORS if role.value == who), None)
    if role is None:
        known = " ".join(role.value for role in _ACTORS)
        table.faults.append(f"{table.where} 的 by「{who}」应为 {known} 之一")
    says = table.text("says")
    if not 0 < len(says) <= _LONGEST_TEXT:
        table.faults.append(f"{table.where} 的 says 应有 1 到 {_LONGEST_TEXT} 个字")
    step = Step(table.number("after"), role or Role.DUTY_OFFICER, says)
    table.done()
    return step


def _moment(table: Table, written: str) -> datetime | None:
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        table.faults.append(f"{table.where} 的 starts「{written}」应如 2026-10-03T02:10:00+08:00")
        return None
    return moment
