"""What the database promises about a power cut, asked of the database itself."""

from sqlalchemy import Connection, text

from storage.columns import is_postgres

_FULL = 2  # synchronous=FULL; 3 is EXTRA
_OLDEST = 140_000  # PostgreSQL 14

Promise = tuple[str, str, bool]  # the setting, its value, whether it is safe


def promises(connection: Connection) -> list[Promise]:
    """Return each setting that matters, its value and whether it is safe."""
    if not is_postgres(connection):
        journal = str(connection.execute(text("PRAGMA journal_mode")).scalar_one())
        synchronous = int(connection.execute(text("PRAGMA synchronous")).scalar_one())
        return [
            ("journal_mode", journal, journal == "wal"),
            ("synchronous", str(synchronous), synchronous >= _FULL),
        ]
    settings = {
        name: str(connection.execute(text(f"SHOW {name}")).scalar_one())
        for name in ("server_version", "fsync", "synchronous_commit", "full_page_writes")
    }
    number = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    return [
        ("server_version", settings["server_version"], number >= _OLDEST),
        ("fsync", settings["fsync"], settings["fsync"] == "on"),
        (
            "synchronous_commit",
            settings["synchronous_commit"],
            settings["synchronous_commit"] != "off",
        ),
        ("full_page_writes", settings["full_page_writes"], settings["full_page_writes"] == "on"),
    ]
