"""What the operator sets about the trial (试运行): whether there is one, and its evening list."""

import re
from dataclasses import dataclass
from datetime import time

from config.checking import Table

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class TrialSettings:
    """Whether the installation begins with a trial; `main.py go-live` ends it for good."""

    enabled: bool
    evening: time  # Beijing time, when the office is given the list of what was not sent


def trial_settings(top: Table) -> TrialSettings:
    """Read the section [trial]; faults go into the table's."""
    table = top.table("trial", required=False)
    enabled = table.flag("enabled", default=False)
    written = table.text("evening", "17:40")
    table.done()
    if not _CLOCK.fullmatch(written):
        table.faults.append(f'{table.where} 的 evening 应为时刻, 例如 "17:40"')
        written = "17:40"
    return TrialSettings(enabled, time.fromisoformat(written))
