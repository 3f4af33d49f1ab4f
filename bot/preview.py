"""Looks at links after their commit, where the operator has switched it on; else does nothing."""

from collections.abc import Callable
from datetime import datetime
from itertools import groupby

from bot.fetcher.page import Preview
from bot.fetcher.previewer import Previewer
from bot.loop import Loop
from handlers.intake_preview import Shown
from storage.database import Database
from storage.intake import FreshLink
from storage.work import Work

CURSOR = "preview.last_link"  # the setting that says how far links have been looked at
_MOST_AT_ONCE = 12

Clock = Callable[[], datetime]
Show = Callable[[Work, FreshLink, Shown, datetime], None]


class LinkReader:
    """Reads each new link once; a page that cannot be read changes nothing."""

    def __init__(
        self, database: Database, *, previewer: Previewer, show: Show, clock: Clock
    ) -> None:
        self._database = database
        self._previewer = previewer
        self._show = show
        self._clock = clock
        self._loop = Loop("preview", wake=database.wake, turn=self.read_new)

    def start(self) -> None:
        """Begin to look, if previews are on: what was reported before is left as it is."""
        if not self._previewer.enabled:
            return
        with self._database.work() as work:
            if work.settings.get(CURSOR) is None:
                work.settings.put(CURSOR, work.intake.last_link())
        self._loop.start()

    def stop(self) -> None:
        """Finish the link at hand, then end."""
        self._loop.stop()

    def read_new(self) -> int:
        """Look at what is new; return how many links. Raises Unavailable."""
        with self._database.read() as work:
            cursor = work.settings.get(CURSOR)
            after = cursor if isinstance(cursor, int) else 0
            links = work.intake.links_after(after, _MOST_AT_ONCE)
        for _, together in groupby(links, key=lambda link: (link.case_id, link.at)):
            if self._loop.is_stopping:
                break
            self._read(list(together))
        return len(links)

    def _read(self, links: list[FreshLink]) -> None:
        """Look at the links of one message; the previewer takes the first few."""
        now = self._clock()
        previews = self._previewer.previews([link.canonical for link in links], now)
        found = [(link, self._shown(link, previews.get(link.canonical), now)) for link in links]

        def act(work: Work) -> None:
            for link, shown in found:
                if shown is not None:
                    self._show(work, link, shown, now)
            work.settings.put(CURSOR, links[-1].id)

        self._database.run(act)

    def _shown(self, link: FreshLink, preview: Preview | None, now: datetime) -> Shown | None:
        leads_to = self._previewer.expanded(link.canonical, now) if link.needs_expansion else None
        if preview is None and leads_to is None:
            return None
        title, author = (preview.title, preview.author) if preview else ("", "")
        return Shown(title, author, leads_to or "")
