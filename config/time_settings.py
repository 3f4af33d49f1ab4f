"""What the operator sets about time: broadcasts, the duty roster, the auditor, calls, the trial."""

from dataclasses import dataclass
from pathlib import Path

from config.checking import Table
from config.trial_settings import TrialSettings, trial_settings

_SHIPPED = Path(__file__).parent
_FASTEST, _SLOWEST = 5, 3600  # seconds
_CALL_SECONDS = 15  # a message is leased for 30


@dataclass(frozen=True, slots=True)
class TimeSettings:
    """Files and commands of everything that happens by the clock."""

    broadcasts: Path | None  # none: nothing is said at fixed times
    roster: Path | None  # none: 值班员 are all who hold the role
    periods: Path | None  # none: no special periods
    audit_command: tuple[str, ...]  # run without a shell; {text} is what was found
    audit_every: int  # seconds between two looks of the auditor
    phone_command: tuple[str, ...]  # makes the calls of 电话通知, without a shell; () for none
    phone_seconds: int  # how long one call of it may take
    trial: TrialSettings


def time_settings(top: Table, folder: Path) -> TimeSettings:
    """Read [broadcasts], [duty], [auditor], [phone] and [trial]; faults go into the table's."""
    broadcasts = top.table("broadcasts", required=False)
    duty = top.table("duty", required=False)
    auditor = top.table("auditor", required=False)
    file, roster = broadcasts.text("file", ""), duty.text("roster", "")
    periods = duty.text("periods", "")
    every = auditor.number("every", 60)
    if not _FASTEST <= every <= _SLOWEST:
        auditor.faults.append(f"{auditor.where} 的 every 应在 {_FASTEST} 到 {_SLOWEST} 秒之间")
    phone = top.table("phone", required=False)
    seconds = phone.number("seconds", _CALL_SECONDS)
    if not 1 <= seconds <= _CALL_SECONDS:
        phone.faults.append(f"{phone.where} 的 seconds 应在 1 到 {_CALL_SECONDS} 秒之间")
    settings = TimeSettings(
        broadcasts=_own_or_shipped(folder, file) if file else None,
        roster=folder / roster if roster else None,
        periods=_own_or_shipped(folder, periods) if periods else None,
        audit_command=auditor.texts("command"),
        audit_every=every,
        phone_command=phone.texts("command"),
        phone_seconds=seconds,
        trial=trial_settings(top),
    )
    for table in (broadcasts, duty, auditor, phone):
        table.done()
    return settings


def _own_or_shipped(folder: Path, name: str) -> Path:
    own = folder / name
    return own if own.exists() or not (_SHIPPED / name).is_file() else _SHIPPED / name
