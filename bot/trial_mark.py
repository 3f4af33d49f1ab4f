"""The last gate before the platform: during a trial every message that leaves says 试运行."""

from bot.gateway import Gateway, Outcome
from cases.trial import marked
from storage.database import Database


class TrialMark:
    """Puts the mark in front of what leaves while a trial is under way.

    Looked up for each message: the trial may have ended since it was written. A retry of the same
    message on both sides of that moment differs in its bytes; the platform may then show it twice.
    """

    def __init__(self, gateway: Gateway, database: Database) -> None:
        self._gateway = gateway
        self._database = database

    def send(self, channel: str, recipient: str, payload: str) -> Outcome:
        """Deliver `payload`, marked during a trial."""
        with self._database.read() as work:
            is_trial = work.trials.current() is not None
        return self._gateway.send(channel, recipient, marked(payload) if is_trial else payload)
