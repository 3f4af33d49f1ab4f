"""Whose a key of the reports interface is: by the configuration's files, or given on the pages."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.admin.doors import note_use
from storage.database import Database
from storage.work import Work


@dataclass(frozen=True, slots=True)
class SourceKeys:
    """The keys of both places; one taken back on the pages is nobody's from that commit on."""

    database: Database
    configured: Mapping[str, str]

    def holder(self, key: str) -> str | None:
        """Return whose key this is; those of the configuration are compared in constant time."""
        matching = [
            name
            for name, known in self.configured.items()
            if hmac.compare_digest(known.encode(), key.encode())
        ]
        if matching:
            return matching[0]
        with self.database.read() as work:
            return work.source_keys.holder(key)

    def note(self, work: Work, source: str, key: str, now: datetime) -> None:
        """Note that the key was used, once a minute at most."""
        if source in self.configured:
            note_use(work, source, now)
        work.source_keys.used(key, now)
