"""What the operator sets about backups, and how long personal text and evidence stay."""

from dataclasses import dataclass

from config.checking import Table
from config.secret import Secret, SecretReader

_SHORTEST_KEY = 32  # characters
_FEWEST_MONTHS, _MOST_MONTHS = 1, 1200


@dataclass(frozen=True, slots=True)
class KeepingSettings:
    """The key that backups are sealed with, kept apart from them, and the months of retention."""

    backup_key: Secret  # "" where no backup can be made
    personal_text_months: int  # after a case was closed
    evidence_months: int

    @property
    def months(self) -> tuple[int, int]:
        """How long text stays, and how long files."""
        return self.personal_text_months, self.evidence_months


def keeping_settings(top: Table, secrets: SecretReader) -> KeepingSettings:
    """Read the sections [backup] and [retention]; faults go into the table's."""
    backup = top.table("backup", required=False)
    retention = top.table("retention", required=False)
    file = backup.text("key_file", "")
    key = secrets.read_if_named("DUBAN_BACKUP_KEY", file, "备份的密钥")
    if key.value and len(key.value) < _SHORTEST_KEY:
        backup.faults.append(f"备份的密钥至少 {_SHORTEST_KEY} 个字符, 例如: openssl rand -hex 32")
    settings = KeepingSettings(
        key,
        _months(retention, "personal_text_months", 12),
        _months(retention, "evidence_months", 36),
    )
    for table in (backup, retention):
        table.done()
    return settings


def _months(table: Table, name: str, default: int) -> int:
    months = table.number(name, default)
    if not _FEWEST_MONTHS <= months <= _MOST_MONTHS:
        table.faults.append(
            f"{table.where} 的 {name} 应在 {_FEWEST_MONTHS} 到 {_MOST_MONTHS} 个月之间"
        )
        return default
    return months
