"""People who send what is no plain text: pictures, quotes."""

import itertools

from cases.messages import Heard, HeardKind
from handlers.hear import Hearing
from tests.support.office import Office, Told

_NUMBERS = itertools.count(1)


def sends(  # noqa: PLR0913 - what a message holds
    office: Office, who: str, kind: HeardKind, *, text: str = "", quoted: str = "", media: str = ""
) -> list[Told]:
    """Somebody sends a picture, or words with a quote; what then leaves."""
    heard = Heard(
        key=f"sent:{next(_NUMBERS)}",
        channel="app",
        agent_id="1000002",
        sender=who,
        kind=kind,
        sent_at=office.now,
        text=text,
        quoted=quoted,
        media_id=media,
    )
    hearing = Hearing(office.desk)
    office.database.run(lambda work: hearing(work, heard, office.now))
    return office.leaving()


def picture(office: Office, who: str, media: str = "M1") -> str:
    """Somebody sends a picture; what he is answered."""
    told = sends(office, who, HeardKind.IMAGE, media=media)
    return "\n".join(one.text for one in told if one.to == who)
